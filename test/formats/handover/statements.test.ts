// What of production may change without a word, and what makes the handover stale.
import { describe, expect, it } from 'vitest'
import { partings } from '../../../src/formats/handover/partings.ts'
import { type Production, soundProduction } from '../../../src/formats/handover/production.ts'
import { statementsOf } from '../../../src/formats/handover/statements.ts'

const parted = (change: (production: Production) => void): string[] => {
  const [written, now] = [statementsOf(soundProduction()), soundProduction()]
  change(now)
  const all = partings(written, now)
  // Whoever is told that it changed is told what.
  for (const { was, is } of all) expect(is).not.toBe(was)
  return all.map(({ id, kind }) => `${id} ${kind}`)
}

describe('a handover and production', () => {
  it.each<[string, (production: Production) => void, string[]]>([
    [
      'another registrar',
      now => {
        now.registration!.registrar = 'Namecheap, Inc.'
      },
      ['registration changed'],
    ],
    [
      'the domain runs out later',
      now => {
        now.registration!.expires = '2028-11-01'
      },
      ['registration changed'],
    ],
    [
      'an alias of another service',
      now => {
        now.hosts[1]!.leadsTo = 'app.fly.dev'
      },
      ['host app.example.com changed'],
    ],
    [
      'a certificate from elsewhere',
      now => {
        now.hosts[1]!.certificate!.issuer = 'DigiCert'
      },
      ['certificate app.example.com changed'],
    ],
    [
      'one that renews itself is renewed',
      now => {
        now.hosts[1]!.certificate!.expires = '2027-04-20'
      },
      [],
    ],
    [
      'a state of the registration',
      now => {
        now.registration!.states.push('auto renew period')
      },
      [],
    ],
    [
      'nobody is told any more',
      now => {
        now.monitoring!.alerts = []
      },
      ['alerts changed'],
    ],
    [
      'a delivery network before the app',
      now => {
        now.hosts[1]!.edge = 'Cloudflare'
      },
      ['host app.example.com changed'],
    ],
    [
      'a server of its own at another address',
      now => {
        Object.assign(now.hosts[1]!, { platform: null, leadsTo: null, addresses: ['192.0.2.7'] })
      },
      ['host app.example.com changed'],
    ],
    [
      'a certificate that nobody renews any more',
      now => {
        now.hosts[1]!.certificate!.renews = 'unknown'
      },
      ['certificate app.example.com changed'],
    ],
    [
      'no mail server',
      now => {
        Object.assign(now.mail!, { mailServers: [], inbox: null, takesMail: false })
      },
      ['mail servers changed'],
    ],
    [
      'another service signs',
      now => {
        now.mail!.selectors[0]!.provider = 'Mailgun'
      },
      ['dkim 20240101pm.example.com changed'],
    ],
    [
      'one more key signs',
      now => {
        now.mail!.selectors.push({ ...now.mail!.selectors[0]!, selector: 's1' })
      },
      ['dkim s1.example.com new'],
    ],
    [
      'releases go where they are tried',
      now => {
        now.repository!.deploys[0]!.rehearsal = true
      },
      ['deploy .github/workflows/deploy.yml deploy changed'],
    ],
    [
      'the workflow is started by hand',
      now => {
        Object.assign(now.repository!.deploys[0]!, { when: 'by hand', branches: [] })
      },
      ['deploy .github/workflows/deploy.yml deploy changed'],
    ],
    [
      'another command deploys',
      now => {
        now.repository!.deploys[0]!.commands = ['vercel deploy']
      },
      ['deploy .github/workflows/deploy.yml deploy changed'],
    ],
    [
      'the platform waits for no push',
      now => {
        now.repository!.platforms[0]!.byPush = false
      },
      ['platforms changed'],
    ],
    [
      'a variable has another name',
      now => {
        now.repository!.variables[0]!.name = 'POSTGRES_URL'
      },
      ['variables changed'],
    ],
    [
      'a variable has a default now',
      now => {
        now.repository!.variables[0]!.required = false
      },
      ['variables changed'],
    ],
    [
      'a variable is a secret no more',
      now => {
        now.repository!.variables[0]!.secret = false
      },
      ['variables changed'],
    ],
    [
      'another path of health',
      now => {
        now.repository!.health[0]!.text = 'GET /healthz'
      },
      ['health changed'],
    ],
    [
      'another migration forbids the way back',
      now => {
        now.repository!.forbids.push({ file: 'prisma/2.sql', line: 1, hazard: 'renames', what: '' })
      },
      ['migrations changed'],
    ],
    [
      'a restore document is gone',
      now => {
        now.repository!.documents.pop()
      },
      ['documents changed'],
    ],
    [
      'backups elsewhere, as the config says',
      now => {
        now.declared.backup = 'nightly at the host'
      },
      ['backups changed'],
    ],
    [
      'one person less is told',
      now => {
        now.monitoring!.alerts[1]!.people.pop()
      },
      ['alerts changed'],
    ],
    [
      'a monitor looks at another page',
      now => {
        now.monitoring!.monitors[0]!.what = 'https://app.example.com/ok'
      },
      ['monitors changed'],
    ],
    [
      'a checkout that names no default branch',
      now => {
        Object.assign(now.repository!, { defaultBranch: 'fix' })
        now.unseen.push({ part: 'default branch', why: '', command: '' })
      },
      ['repository untold'],
    ],
    [
      'variables are named in another file',
      now => {
        now.repository!.variables[0]!.setIn = ['.env.sample']
      },
      [],
    ],
    [
      'a test alert was seen',
      now => {
        now.monitoring!.proofs.push({ channel: 'team', at: '2026-11-24', by: 'Ada' })
      },
      [],
    ],
    [
      'one more deploy',
      now => {
        now.monitoring!.deploys.push({ name: 'd', commit: 'cccccccccccc', at: '2026-11-24T10:00:00Z' })
      },
      [],
    ],
    [
      'a rehearsal in a document',
      now => {
        now.repository!.documents[1]!.rehearsed = '2026-11-24'
      },
      [],
    ],
    [
      'the first baseline',
      now => {
        now.performance = { file: 'perf.json', recorded: '2026-11-24', routes: [] }
      },
      [],
    ],
    [
      'a line moves',
      now => {
        for (const one of [...now.repository!.documents, ...now.repository!.health]) one.line += 4
      },
      [],
    ],
    [
      'another folder holds the checkout',
      now => {
        now.repository!.name = 'app-2'
      },
      [],
    ],
    [
      'a page is new',
      now => {
        now.routes.push({ name: 'blog', kind: 'page', url: 'https://www.example.com/blog' })
      },
      [],
    ],
  ])('%s', (_, change, ids) => {
    expect(parted(change)).toEqual(ids)
  })

  it('takes nothing from the order in which things are listed', () => {
    const production = soundProduction()
    const { hosts, mail, repository, monitoring } = production
    hosts[0]!.addresses = ['192.0.2.1', '192.0.2.2']
    mail!.mailServers.push('alt.google.com')
    repository!.deploys[0]!.branches.push('live')
    repository!.platforms.push({ name: 'fly', label: 'Fly.io', file: 'fly.toml', byPush: false })
    repository!.health.push({ file: 'fly.toml', line: 3, text: '/up' })
    repository!.backups = ['a', 'b'].map(text => ({ file: 'backup.sh', line: 1, text }))
    repository!.forbids = ['1', '2'].map(name => ({ file: `prisma/${name}.sql`, line: 1, hazard: 'renames', what: '' }))
    repository!.rotations = ['A', 'B'].map(name => ({ name, rotated: '2026-11-01', by: 'Ada', expires: null }))
    monitoring!.monitors.push({ ...monitoring!.monitors[0]!, name: 'website' })
    const written = statementsOf(production)
    const lists: unknown[][] = [
      ...[hosts[0]!.addresses, mail!.mailServers, monitoring!.monitors, monitoring!.alerts],
      ...[monitoring!.alerts[1]!.people, repository!.deploys[0]!.branches, repository!.platforms],
      ...[repository!.health, repository!.backups, repository!.forbids, repository!.rotations],
      ...[repository!.variables, repository!.documents, hosts],
    ]
    for (const list of lists) {
      expect(list.length).toBeGreaterThan(1)
      list.reverse()
    }
    expect(partings(written, production)).toEqual([])
  })

  it('holds two scripts of one file apart', () => {
    const production = soundProduction()
    const script = (name: string) => ({ file: 'package.json', line: 5, name, does: 'deploy', run: `npm run ${name}` })
    production.repository!.scripts = [script('deploy:web'), script('deploy:api')]
    const written = statementsOf(production)
    expect(new Set(written.map(({ id }) => id)).size).toBe(written.length)
    expect(partings(written, production)).toEqual([])
  })
})
