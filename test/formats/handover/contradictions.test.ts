// Twenty and more contradictions, each planted alone in a product where what people say is what was seen.
import { describe, expect, it } from 'vitest'
import { drill, soundHandover } from '../../../src/facts/handover/handover-answers.example.ts'
import { contradictionRules, contradictionsOf, type Told } from '../../../src/formats/handover/contradictions.ts'
import { soundProduction } from '../../../src/formats/handover/production.ts'

const sound = (): Told => ({
  production: soundProduction(),
  handover: soundHandover(),
  drills: [drill('rollback', '2026-11-02'), drill('redeploy', '2026-11-02')],
  now: Date.parse('2026-11-25T00:00:00Z'),
  links: [{ what: 'monitoring', url: 'https://status.example.com/', state: 'live', title: 'Status of example.com' }],
  contacts: [
    { what: 'customers', email: 'support@example.com', state: 'may', detail: 'its mail goes to smtp.google.com' },
  ],
})

const planted: [id: string, plant: (told: Told) => void][] = [
  [
    'rollback-never-seen',
    told => {
      told.drills = []
      told.production.repository!.tags = []
    },
  ],
  [
    'redeploy-never-seen',
    told => {
      told.drills = [drill('rollback', '2026-11-02')]
      told.production.repository!.tags.pop()
    },
  ],
  [
    'rehearsed-in-future:rollback',
    told => {
      told.handover.rehearsed!.rollback = '2027-03-01'
    },
  ],
  [
    'rehearsal-dates-differ:rollback',
    told => {
      told.production.repository!.documents[1]!.rehearsed = '3 May 2026'
    },
  ],
  [
    'one-person-twice:hosting',
    told => {
      told.handover.access!.hosting!.people = ['ada@example.com', 'Ada+vercel@example.com']
    },
  ],
  [
    'owner-holds-nothing',
    told => {
      told.handover.owner = { name: 'Zoe', email: 'zoe@example.com' }
    },
  ],
  [
    'called-not-alerted',
    told => {
      told.production.monitoring!.alerts = [{ name: 'old', kind: 'email', people: ['joe@example.com'] }]
    },
  ],
  [
    'monitoring-of-other:https://status.example.com/',
    told => {
      told.links = [{ ...told.links[0]!, title: 'Uptime of otherproduct.net' }]
    },
  ],
  [
    'mail-service-unseen',
    told => {
      told.production.mail!.spfServices = ['Google Workspace']
      told.production.mail!.selectors = []
      told.production.mail!.providers = []
    },
  ],
  [
    'mail-service-other-in-code',
    told => {
      told.production.mail!.repoServices = ['Resend']
    },
  ],
  [
    'support-takes-no-mail:support@example.com',
    told => {
      told.contacts = [{ ...told.contacts[0]!, state: 'no-mail', detail: 'example.com has no mail server' }]
    },
  ],
  [
    'called-takes-no-mail:ada@example.com',
    told => {
      told.contacts = [{ what: 'Ada', email: 'ada@example.com', state: 'refused', detail: '550 5.1.1 no such user' }]
    },
  ],
  [
    'document-names-gone-branch:production',
    told => {
      told.production.repository!.references = [
        { file: 'docs/deploy.md', line: 3, kind: 'branch', name: 'production', exists: false },
      ]
    },
  ],
  [
    'document-names-gone-script:scripts/deploy.sh',
    told => {
      told.production.repository!.references = [
        { file: 'docs/deploy.md', line: 3, kind: 'script', name: 'scripts/deploy.sh', exists: false },
      ]
    },
  ],
  [
    'document-names-gone-npm-script:release',
    told => {
      told.production.repository!.references = [
        { file: 'README.md', line: 30, kind: 'npm-script', name: 'release', exists: false },
      ]
    },
  ],
  [
    'document-names-gone-workflow:.github/workflows/ship.yml',
    told => {
      told.production.repository!.references = [
        { file: 'docs/deploy.md', line: 3, kind: 'workflow', name: '.github/workflows/ship.yml', exists: false },
      ]
    },
  ],
  [
    'answer-names-gone-file:rollback',
    told => {
      told.production.repository!.named = [{ answer: 'rollback', path: 'docs/rollback.md', exists: false }]
    },
  ],
  [
    'deploy-branch-gone',
    told => {
      told.handover.deploy!.branch = 'release'
    },
  ],
  [
    'deploy-branch-other',
    told => {
      told.production.repository!.deploys[0]!.branches = ['live']
      told.production.repository!.branches = ['main', 'live']
    },
  ],
  [
    'hosting-other',
    told => {
      told.handover.access!.hosting!.provider = 'Netlify'
    },
  ],
  [
    'deploy-platform-other',
    told => {
      told.handover.deploy!.platform = 'Fly.io'
    },
  ],
  [
    'registrar-other',
    told => {
      told.handover.access!.registrar!.provider = 'Namecheap'
    },
  ],
  [
    'dns-other',
    told => {
      told.handover.access!.dns!.provider = 'Cloudflare'
    },
  ],
  [
    'edge-other',
    told => {
      told.handover.access!.edge!.provider = 'Cloudflare'
    },
  ],
  [
    'renewal-other',
    told => {
      told.handover.access!.registrar!.renews = '2028-11-01'
    },
  ],
  [
    'renewal-past:hosting',
    told => {
      told.handover.access!.hosting!.renews = '2026-01-01'
    },
  ],
  [
    'payment-other',
    told => {
      told.handover.access!.payment!.provider = 'Paddle'
    },
  ],
  [
    'repository-other',
    told => {
      told.handover.access!.repository!.provider = 'GitLab'
    },
  ],
  [
    'rotation-other:STRIPE_SECRET_KEY',
    told => {
      told.production.repository!.rotations = [
        { name: 'STRIPE_SECRET_KEY', rotated: '2025-01-01', by: 'Ada', expires: null },
      ]
    },
  ],
  [
    'secret-unread:OLD_TOKEN',
    told => {
      told.handover.secrets!.push({ name: 'OLD_TOKEN' })
    },
  ],
  [
    'rollback-declared-none',
    told => {
      told.production.declared.rollback = 'none'
    },
  ],
  [
    'restore-without-backup',
    told => {
      told.production.declared.backup = 'none'
    },
  ],
  [
    'restore-date-other',
    told => {
      told.production.declared.restored = '2026-05-01'
    },
  ],
]

describe('what people say, held against what was seen', () => {
  it('says nothing where they are one', () => {
    expect(contradictionsOf(sound())).toEqual([])
  })

  it.each(planted)('finds %s, and nothing else', (id, plant) => {
    const told = structuredClone(sound())
    plant(told)
    const found = contradictionsOf(told)
    expect(found.map(one => one.id)).toEqual([id])
    for (const text of [found[0]!.said, found[0]!.seen, found[0]!.place]) expect(text).not.toMatch(/undefined|\bnull\b/)
  })

  it('has a planted case for every rule', () => {
    const rules = Object.keys(contradictionRules)
    expect(rules.length).toBeGreaterThanOrEqual(20)
    expect(rules.filter(rule => !planted.some(([id]) => id.startsWith(rule)))).toEqual([])
  })

  it.each([
    ['Namecheap, Inc.', 'NameCheap'],
    ['AWS', 'Amazon Route 53'],
    ['Fly', 'Fly.io'],
    ['OVH', 'OVHcloud'],
    ['GitHub', 'github.com'],
    ['Gandi SAS', 'gandi'],
  ])('takes %s and %s for one company', (said, seen) => {
    const told = structuredClone(sound())
    told.handover.access!.registrar!.provider = said
    told.production.registration!.registrar = seen
    expect(contradictionsOf(told)).toEqual([])
  })

  it.each<[string, (told: Told) => void]>([
    [
      'a wholesaler behind the shop',
      told => {
        Object.assign(told.production.registration!, { registrar: 'Tucows Domains Inc.' })
      },
    ],
    [
      'no CDN',
      told => {
        told.handover.access!.edge = { provider: 'none' }
      },
    ],
    [
      'records kept where the domain is',
      told => {
        told.handover.access!.dns!.provider = 'same as registrar'
      },
    ],
    [
      'a branch as git writes it',
      told => {
        told.handover.deploy!.branch = 'origin/main'
      },
    ],
    [
      'a key of the pipeline',
      told => {
        told.handover.secrets!.push({ name: 'VERCEL_TOKEN' })
      },
    ],
    [
      'a status page by a tool',
      told => {
        told.links = [{ ...told.links[0]!, title: 'All systems operational | Instatus.com' }]
      },
    ],
    [
      'a name that is no domain',
      told => {
        told.links = [{ ...told.links[0]!, title: 'Node.js services' }]
      },
    ],
    [
      'another suffix of the product',
      told => {
        told.links = [{ ...told.links[0]!, title: 'Uptime of example.io' }]
      },
    ],
    [
      'somebody called by phone alone',
      told => {
        told.handover.called = [{ name: 'Zoe', phone: '+49 30 1' }]
        told.production.monitoring!.alerts = [{ name: 'mail', kind: 'email', people: ['ada@example.com'] }]
      },
    ],
    [
      'a server that a tool deploys to',
      told => {
        told.handover.access!.hosting!.provider = 'Hetzner'
        delete told.handover.deploy!.platform
        delete told.handover.access!.edge
        for (const host of told.production.hosts) host.platform = null
        Object.assign(told.production.repository!, {
          deploys: [],
          platforms: [{ name: 'kamal', label: 'Kamal', file: 'config/deploy.yml', byPush: false }],
        })
      },
    ],
  ])('is silent about %s', (_, plant) => {
    const told = structuredClone(sound())
    plant(told)
    expect(contradictionsOf(told)).toEqual([])
  })

  it.each<[string, string, (told: Told) => void]>([
    [
      'nothing before the product, and an edge',
      'edge-other',
      told => {
        told.handover.access!.edge = { provider: 'none' }
        told.production.hosts[0]!.edge = 'Cloudflare'
      },
    ],
    [
      'a name and the address of its owner',
      'one-person-twice:hosting',
      told => {
        told.handover.owner = { name: 'Ada Byron', email: 'ada@example.com' }
        told.handover.access!.hosting!.people = ['Ada Byron', 'ada+vercel@example.com']
      },
    ],
    [
      'another name of the mail service',
      'mail-service-unseen',
      told => {
        told.handover.access!.email!.provider = 'Exchange Online'
        delete told.handover.mailService
      },
    ],
  ])('finds %s', (_, id, plant) => {
    const told = structuredClone(sound())
    plant(told)
    expect(contradictionsOf(told).map(one => one.id)).toEqual([id])
  })

  it('is silent where one side was not looked at', () => {
    const told = structuredClone(sound())
    Object.assign(told.production, {
      registration: null,
      dns: null,
      mail: null,
      repository: null,
      monitoring: null,
      hosts: [],
    })
    expect(contradictionsOf({ ...told, links: [], contacts: [] })).toEqual([])
  })
})
