// The hosts of a domain for the examples of checks.
import type { Hosts } from './hosts.ts'

/** A site on www, an app and an API below the domain. */
export const example: Hosts = {
  hosts: [
    { name: 'example.com', role: 'apex', source: 'domain', how: 'the domain itself' },
    { name: 'www.example.com', role: 'www', source: 'usual-name', how: 'found by its usual name' },
    { name: 'app.example.com', role: 'app', source: 'usual-name', how: 'found by its usual name' },
    { name: 'api.example.com', role: 'api', source: 'usual-name', how: 'found by its usual name' },
  ],
  absent: [],
  unknown: [],
  wildcard: false,
}
