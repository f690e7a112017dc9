// Links that all lead somewhere.
import type { HandoverLinks, SeenLink } from './handover-links.ts'

export const seenLink = (given: Partial<SeenLink> = {}): SeenLink => ({
  what: 'monitoring',
  url: 'https://status.example.com/',
  state: 'live',
  detail: 'answers 200',
  title: 'Status of example.com',
  hosts: ['example.com', 'app.example.com'],
  ...given,
})

export const example: HandoverLinks = {
  links: [seenLink(), seenLink({ what: 'logs', url: 'https://logs.example.com/', title: 'Logs' })],
}
