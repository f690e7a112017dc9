// How to become sure of what could not be judged: by the kind of its cause, never by its words.
import type { Cause } from '../../core/cause.ts'
import type { Reason } from '../../core/fact.ts'

const again = 'Run it again, from another network if it persists.'
const otherResolver = 'Run `launch-ready doctor`, or name another resolver: --resolver 1.1.1.1.'
const mailPorts = 'Run it from a server or in CI, where mail ports are open.'
const nameCredential = 'Name the credential in the config (its value stays in the environment) and run again.'
const givePermission = 'Give the token the read permission that the message names, and run again.'
const wait = 'Wait ten minutes and run again.'
const installBrowser = 'Install Chromium on this machine and run again.'

/** Servers hand mail to each other there; most networks close it. */
const smtpPort = 25

const byReason: Partial<Record<Reason, string>> = {
  timeout: again,
  refused: again,
  unreachable: again,
  servfail: otherResolver,
  'needs-credential': nameCredential,
  forbidden: givePermission,
  'rate-limited': wait,
}

/** What to do about a cause, in a sentence; null where nothing better than trying again is known. */
export const howToTell = (cause: Cause | null): string | null => {
  switch (cause?.kind) {
    case 'resolver':
      return otherResolver
    case 'name':
    case 'service':
      return again
    case 'endpoint':
      return cause.port === smtpPort ? mailPorts : again
    case 'turned-away':
      return wait
    case 'credential':
      return cause.lacks === 'value' ? nameCredential : givePermission
    case 'browser':
      return cause.lacks === 'playwright-core'
        ? 'Install playwright-core beside launch-ready (npm install --global launch-ready playwright-core), and run again.'
        : installBrowser
    case 'network':
      return { ipv6: 'Run it from a network that has IPv6.', 'port-25': mailPorts, 'port-53': otherResolver }[
        cause.lacks
      ]
    case 'fact':
      return byReason[cause.reason] ?? null
    default:
      return null
  }
}
