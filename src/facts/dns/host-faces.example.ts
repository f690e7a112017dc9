// A marketing site and an app, each with a page of its own.
import type { HostFace, HostFaces } from './host-faces.ts'

const face = (host: string, role: string, content: string): HostFace => ({
  host,
  role,
  endsAt: host,
  login: false,
  status: 200,
  title: 'Coach',
  content,
  sharedCookies: [],
})

const site = face('www.example.com', 'www', 'a')
const app = face('app.example.com', 'app', 'b')

export const example: HostFaces = [site, app]

/** The sound pair with this change of the app. */
export const withApp = (change: Partial<HostFace>): HostFaces => [site, { ...app, ...change }]

/** Both hosts set this cookie for the whole domain. */
export const sharingCookie = (name: string): HostFaces =>
  example.map(each => ({ ...each, sharedCookies: [{ name, domain: 'example.com' }] }))
