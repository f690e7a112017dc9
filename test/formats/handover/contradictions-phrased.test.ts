// Contradictions as people of several countries and trades phrase them, each beside a twin in which they say what was seen.
import { expect, it } from 'vitest'
import { drill, soundHandover } from '../../../src/facts/handover/handover-answers.example.ts'
import { contradictionsOf, type Told as Whole } from '../../../src/formats/handover/contradictions.ts'
import { soundProduction } from '../../../src/formats/handover/production.ts'

// biome-ignore lint/suspicious/noExplicitAny: what is told is changed by hand, each in a place of its own.
type Told = any

const sound = (): Told =>
  structuredClone<Whole>({
    production: soundProduction(),
    handover: soundHandover(),
    drills: [drill('rollback', '2026-11-02'), drill('redeploy', '2026-11-02')],
    now: Date.parse('2026-11-25T00:00:00Z'),
    links: [{ what: 'monitoring', url: 'https://status.example.com/', state: 'live', title: 'Status of example.com' }],
    contacts: [
      { what: 'customers', email: 'support@example.com', state: 'may', detail: 'its mail goes to smtp.google.com' },
    ],
  })

/** Another provider of an account. */
const account = (told: Told, name: string, provider: string) => {
  told.handover.access[name] = { ...told.handover.access[name], provider }
}
/** Another platform, and what stands before it. */
const host = (told: Told, platform: string | null, edge: string | null = null) => {
  for (const h of told.production.hosts) {
    h.platform = platform
    h.edge = edge
  }
}
/** Nothing of the repository says where it runs. */
const noHosting = (told: Told) => {
  delete told.handover.deploy.platform
  delete told.handover.access.edge
  told.production.repository.deploys = []
  told.production.repository.platforms = []
}
const pairs: [id: string, plant: (told: Told) => void, twin: (told: Told) => void][] = [
  [
    'hosting-other',
    told => {
      account(told, 'hosting', 'Digital Ocean App Platform')
    },
    told => {
      noHosting(told)
      account(told, 'hosting', 'Digital Ocean App Platform')
      host(told, 'DigitalOcean')
    },
  ],
  [
    'hosting-other',
    told => account(told, 'hosting', 'bei Hetzner in Falkenstein'),
    told => account(told, 'hosting', 'Vercel (Pro), Team "coach"'),
  ],
  [
    'hosting-other',
    told => account(told, 'hosting', 'Heroku EU'),
    told => {
      noHosting(told)
      account(told, 'hosting', 'heroku.com, Eco dynos')
      host(told, 'Heroku')
    },
  ],
  [
    'hosting-other',
    told => account(told, 'hosting', 'Render'),
    told => {
      noHosting(told)
      account(told, 'hosting', 'onrender.com')
      host(told, 'Render')
    },
  ],
  [
    'hosting-other',
    told => account(told, 'hosting', 'Azure App Service'),
    told => {
      noHosting(told)
      account(told, 'hosting', 'Microsoft Azure')
      host(told, 'Azure App Service')
    },
  ],
  [
    'hosting-other',
    told => account(told, 'hosting', 'Google Cloud Run'),
    told => {
      noHosting(told)
      account(told, 'hosting', 'GCP')
      host(told, 'Google Cloud Run')
    },
  ],
  [
    'hosting-other',
    told => account(told, 'hosting', 'chez Scaleway'),
    told => {
      noHosting(told)
      account(told, 'hosting', 'Scaleway SAS')
      host(told, 'Scaleway')
    },
  ],
  [
    'registrar-other',
    told => {
      told.production.registration.registrar = 'GoDaddy.com, LLC'
    },
    told => {
      account(told, 'registrar', 'Go Daddy')
      told.production.registration.registrar = 'GoDaddy.com, LLC'
    },
  ],
  [
    'registrar-other',
    told => {
      account(told, 'registrar', 'IONOS')
    },
    told => {
      account(told, 'registrar', '1&1')
      told.production.registration.registrar = 'IONOS SE'
    },
  ],
  [
    'registrar-other',
    told => {
      account(told, 'registrar', 'Porkbun')
      told.production.registration.registrar = 'Cloudflare, Inc.'
    },
    told => {
      account(told, 'registrar', 'porkbun.com')
      told.production.registration.registrar = 'Porkbun LLC'
    },
  ],
  [
    'registrar-other',
    told => {
      account(told, 'registrar', 'Squarespace')
      told.production.registration.registrar = 'INWX GmbH'
    },
    told => {
      account(told, 'registrar', 'Google Domains')
      told.production.registration.registrar = 'Squarespace Domains II LLC'
    },
  ],
  [
    'registrar-other',
    told => {
      account(told, 'registrar', 'Hostinger')
      told.production.registration.registrar = 'OVH sas'
    },
    told => {
      account(told, 'registrar', 'Hostinger')
      told.production.registration.registrar = 'HOSTINGER operations, UAB'
    },
  ],
  [
    'dns-other',
    told => account(told, 'dns', 'Route53'),
    told => {
      account(told, 'dns', 'Amazon')
      told.production.dns = { nameServers: ['ns-1.awsdns-01.org'], provider: 'Amazon Route 53', edit: null }
    },
  ],
  [
    'dns-other',
    told => account(told, 'dns', 'DNSimple'),
    told => {
      account(told, 'dns', 'CF')
      told.production.dns = { nameServers: ['ada.ns.cloudflare.com'], provider: 'Cloudflare', edit: null }
    },
  ],
  [
    'dns-other',
    told => account(told, 'dns', 'Hetzner DNS Console'),
    told => {
      account(told, 'dns', 'hetzner')
      told.production.dns = { nameServers: ['hydrogen.ns.hetzner.com'], provider: 'Hetzner', edit: null }
    },
  ],
  [
    'edge-other',
    told => {
      account(told, 'edge', 'Fastly')
      host(told, 'Vercel', 'Cloudflare')
    },
    told => {
      account(told, 'edge', 'Cloudflare proxy (orange cloud)')
      host(told, 'Vercel', 'Cloudflare')
    },
  ],
  [
    'edge-other',
    told => {
      account(told, 'edge', 'wir nutzen kein CDN')
      host(told, 'Vercel', 'Cloudflare')
    },
    told => {
      account(told, 'edge', 'kein CDN')
    },
  ],
  [
    'edge-other',
    told => {
      account(told, 'edge', 'pas de CDN')
      host(told, 'Vercel', 'Fastly')
    },
    told => {
      account(told, 'edge', 'pas de CDN')
    },
  ],
  [
    'payment-other',
    told => account(told, 'payment', 'Lemon Squeezy'),
    told => {
      account(told, 'payment', 'LemonSqueezy')
      told.production.repository.payment = 'Lemon Squeezy'
    },
  ],
  [
    'payment-other',
    told => account(told, 'payment', 'Mollie B.V.'),
    told => account(told, 'payment', 'Stripe Payments Europe Ltd'),
  ],
  [
    'payment-other',
    told => account(told, 'payment', 'Braintree'),
    told => {
      account(told, 'payment', 'PayPal')
      told.production.repository.payment = 'Braintree'
    },
  ],
  [
    'repository-other',
    told => account(told, 'repository', 'Bitbucket Cloud'),
    told => account(told, 'repository', 'https://github.com/example/app'),
  ],
  [
    'repository-other',
    told => {
      told.production.repository.remote = 'codeberg.org/example/app'
    },
    told => {
      account(told, 'repository', 'Codeberg')
      told.production.repository.remote = 'codeberg.org/example/app'
    },
  ],
  [
    'repository-other',
    told => {
      told.production.repository.remote = 'dev.azure.com/example/app'
    },
    told => {
      account(told, 'repository', 'Azure DevOps')
      told.production.repository.remote = 'ssh.dev.azure.com/v3/example/app'
    },
  ],
  [
    'deploy-platform-other',
    told => {
      told.handover.deploy.platform = 'Kubernetes on EKS'
    },
    told => {
      told.handover.deploy.platform = 'vercel.com'
    },
  ],
  [
    'deploy-platform-other',
    told => {
      told.handover.deploy.platform = 'railway'
    },
    told => {
      told.handover.deploy.platform = 'Vercel via GitHub Actions'
    },
  ],
  [
    'deploy-branch-gone',
    told => {
      told.handover.deploy.branch = 'the `production` branch'
    },
    told => {
      told.handover.deploy.branch = 'the `main` branch'
    },
  ],
  [
    'deploy-branch-gone',
    told => {
      told.handover.deploy.branch = 'Branch "stable"'
    },
    told => {
      told.handover.deploy.branch = 'Branch "main"'
    },
  ],
  [
    'renewal-other',
    told => {
      told.handover.access.registrar.renews = '2026-12-31'
    },
    told => {
      told.handover.access.registrar.renews = '2027-10-31'
    },
  ],
  [
    'one-person-twice:dns',
    told => {
      told.handover.access.dns = {
        ...told.handover.access.dns,
        people: ['g.hopper@gmail.com', 'Grace <ghopper+dns@googlemail.com>'],
      }
    },
    told => {
      told.handover.access.dns = { ...told.handover.access.dns, people: ['ada@example.com', 'grace@example.com'] }
    },
  ],
  [
    'monitoring-of-other',
    told => {
      told.links[0].title = 'shop-nine.de Statusseite'
    },
    told => {
      told.links[0].title = 'Betriebsstatus example.com'
    },
  ],
  [
    'monitoring-of-other',
    told => {
      told.links[0].title = 'Status | acme.co.uk'
    },
    told => {
      told.links[0].title = 'app.example.com – 99.98 %'
    },
  ],
  [
    'support-takes-no-mail',
    told => {
      told.contacts[0].state = 'refused'
      told.contacts[0].detail = '550 mailbox unavailable'
    },
    told => {
      told.contacts[0].state = 'untold'
      told.contacts[0].detail = 'port 25 could not be reached'
    },
  ],
  [
    'mail-service-other-in-code',
    told => {
      told.production.mail.repoServices = ['Mailgun']
    },
    told => {
      told.production.mail.repoServices = ['Postmark', 'Resend']
    },
  ],
  [
    'mail-service-unseen',
    told => {
      told.handover.mailService = 'AWS SES'
      told.production.mail.repoServices = []
    },
    told => {
      told.production.mail.repoServices = []
      told.handover.mailService = 'ActiveCampaign Postmark'
    },
  ],
  [
    'rollback-declared-none',
    told => {
      told.production.declared.rollback = 'no'
    },
    told => {
      told.production.declared.rollback = 'vercel rollback'
    },
  ],
  [
    'restore-without-backup',
    told => {
      told.production.declared.backup = 'keine'
    },
    told => {
      told.production.declared.backup = 'Keine Sorge: Neon sichert jede Minute'
    },
  ],
  [
    'secret-unread:LEGACY_SMTP_PASS',
    told => {
      told.handover.secrets.push({ name: 'LEGACY_SMTP_PASS' })
    },
    told => {
      told.handover.secrets.push({ name: 'SMTP_PASS' })
      told.production.repository.variables.push({ name: 'SMTP_PASS', required: false, secret: true, setIn: [] })
    },
  ],
  [
    'owner-holds-nothing',
    told => {
      told.handover.owner = { name: 'Joan Clarke', email: 'joan@clarke.example' }
    },
    told => {
      told.handover.owner = { name: 'Ada', email: 'ADA@example.com' }
    },
  ],
  [
    'called-takes-no-mail',
    told => {
      told.contacts.push({
        what: 'Ada',
        email: 'ada@example.com',
        state: 'no-mail',
        detail: 'the domain has no mail server',
      })
    },
    told => {
      told.contacts.push({ what: 'Grace', email: 'grace@example.com', state: 'may', detail: 'x' })
    },
  ],
]

it.each(pairs)('%s, case %#', (id, plant) => {
  const told = sound()
  plant(told)
  expect(contradictionsOf(told).map(one => one.id)).toContainEqual(expect.stringMatching(id))
})

it.each(pairs)('%s, sound twin of case %#', (_id, _plant, twin) => {
  const told = sound()
  twin(told)
  expect(contradictionsOf(told)).toEqual([])
})
