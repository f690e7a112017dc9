// The text of a new config: what was discovered, then what launch-ready cannot find by itself, as comments.
import { stringify } from 'yaml'

const templates = `
# What launch-ready cannot find by itself. Take away the # where it applies.
#
# routes:
#   - { name: dashboard, url: https://app.DOMAIN/api/dashboard, kind: dashboard, headers: { authorization: "Bearer \${SMOKE_TOKEN}" } }
#   - { name: stripe webhook, url: https://api.DOMAIN/webhooks/stripe, kind: webhook }
#
# email:
#   senders:
#     - { name: Postmark, spf: spf.mtasv.net, dkim: [20240101pm], from: hello@DOMAIN }
#   inboxes: { canary: { imap: "imaps://imap.example.net", user: "\${CANARY_USER}", password: "\${CANARY_PASSWORD}" } }
#   flows:
#     - name: password reset
#       kind: reset
#       trigger: { post: https://app.DOMAIN/forgot, form: { email: "\${CANARY_ADDRESS}" } }
#       inbox: canary
#       arrivesWithin: 60s
#       link: /reset
#   reports: imaps://imap.example.net/DMARC
#
# flows:
#   - name: signup
#     kind: signup
#     steps:
#       - { get: https://app.DOMAIN/signup, expectStatus: 200 }
#       - { submit: form, fill: { email: "\${CANARY_ADDRESS}", password: "\${CANARY_APP_PASSWORD}" }, expectText: Check your inbox }
#   - name: login
#     kind: login
#     steps:
#       - { get: https://app.DOMAIN/login }
#       - { submit: form, fill: { email: "\${SMOKE_USER}", password: "\${SMOKE_PASSWORD}" }, expectUrl: /dashboard }
#   - name: billing
#     kind: billing
#     browser: true
#     steps:
#       - { get: https://app.DOMAIN/login }
#       - { submit: form, fill: { email: "\${SMOKE_USER}", password: "\${SMOKE_PASSWORD}" }, expectUrl: /dashboard }
#       - { get: https://app.DOMAIN/billing, expectText: Subscribe }
#       - { click: Subscribe, expectUrl: checkout.stripe.com }
#
# suppress:
#   - { check: dnssec, outcome: missing, subject: DOMAIN, reason: "registrar cannot", until: 2027-03-01 }
`

/** What else the smoke test can ask; the lines carry on below `deploy.smoke`. */
const smokeTemplates = `    # What else it can ask. Take away the # where it applies.
    # health: { url: https://app.DOMAIN/api/dashboard, headers: { authorization: "Bearer \${SMOKE_TOKEN}" } }
    # webhook: { url: https://api.DOMAIN/webhooks/stripe, scheme: stripe, secret: "\${STRIPE_WEBHOOK_SECRET}" }
    # auth: { url: https://app.DOMAIN/login, form: { email: "\${SMOKE_USER}", password: "\${SMOKE_PASSWORD}" }, page: https://app.DOMAIN/dashboard }
    # version: { url: https://app.DOMAIN/api/version, json: commit }
`

export type ConfigParts = {
  domain: string
  /** Empty where nothing answers. */
  canonical: string
  /** Host names; empty where there is none. */
  app: string
  api: string
  /** URLs of the front page and of the login page, where they were found. */
  home?: string
  login?: string
  pages: readonly { name: string; url: string; kind: string }[]
}

/** A config in YAML that loads as it is. */
export const configText = ({ domain, canonical, app, api, home, login, pages }: ConfigParts): string => {
  // A domain that does not answer has no address yet that could be named.
  const isKnown = canonical !== ''
  const config = {
    domain,
    ...(isKnown ? { canonical } : {}),
    ...(app || api ? { hosts: { ...(app ? { app } : {}), ...(api ? { api } : {}) } } : {}),
    ...(isKnown ? { deploy: { smoke: { homepage: home ?? canonical, ...(login ? { login } : {}) } } } : {}),
  }
  // Where pages were found their list stands right above, and the template's lines carry on with it.
  const rest = pages.length ? templates.replace('# routes:\n', '') : templates
  return [
    '# yaml-language-server: $schema=https://unpkg.com/launch-ready/schema/config.json\n',
    stringify(config),
    isKnown ? smokeTemplates.replaceAll('DOMAIN', domain) : '',
    pages.length ? stringify({ routes: pages }) : '',
    rest.replaceAll('DOMAIN', domain),
  ].join('')
}
