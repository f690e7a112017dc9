// A domain at Cloudflare whose site answers through the proxy, and whose origin answers nobody else.
import type { CloudflareOutside } from './cloudflare-outside.ts'

export const example: CloudflareOutside = {
  nameServers: true,
  behind: ['www.example.com'],
  elsewhere: [],
  loops: [],
  exposed: [],
  mailBehind: [],
}
