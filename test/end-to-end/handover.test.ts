// The handover from end to end in one world: written, read by somebody new, verified after changes that matter and changes that do not.
// biome-ignore-all lint/suspicious/noExplicitAny: facts of a file are changed by hand, each in a place of its own.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { SavedFact } from '../../src/core/fact.ts'
import type { HandoverPapers } from '../../src/facts/handover/handover-papers.ts'
import type { FactName } from '../../src/facts/index.generated.ts'
import { partings } from '../../src/formats/handover/partings.ts'
import type { Production } from '../../src/formats/handover/production.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { systemClock } from '../../src/net/clock.ts'
import { parseConnectTo, parseResolver } from '../../src/net/connect-to.ts'
import { readFactsFile } from '../../src/run/facts-file.ts'
import { run } from '../../src/run/run.ts'
import { fileIn, runIn } from '../support/handover-world.ts'
import type { Ran } from '../support/run-program.ts'

const planted = ['sk', 'live', '9aB3dE5fG7hJ9kL1mN3pQ5rS'].join('_')
/** A key of no known shape, in names that people give: each with two letters of its own, so that a leak says where it came from. */
const named = (where: string): string => `${where}kQ7vWm2XzR9tB4nLc8YpD3sHf`
const places = ['Wf', 'Jb', 'En', 'St', 'Fi', 'Sc', 'Pk', 'Mo', 'Ch', 'Cl', 'Ba', 'Sv']
let world: RunningWorld
let written: Ran
const saved = 'facts-of-the-run.json'

beforeAll(async () => {
  world = await startWorld(loadWorld(new URL('../../fixtures/worlds/handover-sound.yaml', import.meta.url).pathname))
  writeFileSync(join(world.cwd, '.env.local'), `STRIPE_SECRET_KEY=${planted}\n`)
  plantNames()
  writeFileSync(join(world.cwd, 'app/leak.ts'), `export const key = '${planted}'\n`)
  written = await runIn(world, ['handover', 'write', '--yes', '--save-facts', saved], { STRIPE_SECRET_KEY: planted })
})
afterAll(() => world?.close())

const plantNames = (): void => {
  const change = (path: string, from: string | RegExp, to: string): void => {
    const text = fileIn(world, path)!
    expect(text).toMatch(from)
    writeFileSync(join(world.cwd, path), text.replace(from, to))
  }
  const workflow = '.github/workflows/deploy.yml'
  const job = `  further_${named('Jb')}:\n    name: ship ${named('Wf')}\n    needs: test\n    runs-on: ubuntu-24.04\n`
  change(workflow, /^ {2}production:/m, `${job}    steps: [{ run: npx vercel deploy --prod }]\n  production:`)
  change(workflow, 'environment: production', `environment: production-${named('En')}`)
  change(workflow, 'name: smoke test', `name: smoke test ${named('St')}`)
  change('package.json', /"scripts": \{/, `"scripts": {\n    "release:${named('Sc')}": "vercel deploy --prod",`)
  change('package.json', /"name": "/, `"name": "${named('Pk')}-`)
  const config = 'launch-ready.config.yaml'
  change(config, 'name: website', `name: website-${named('Mo')}`)
  change(config, 'name: founders', `name: founders-${named('Ch')}`)
  change(config, 'client: CoachDash', `client: CoachDash ${named('Cl')}`)
  change(config, 'backup: Neon', `backup: Neon ${named('Ba')}`)
  writeFileSync(join(world.cwd, `docs/deploy-${named('Fi')}.md`), '# How it is deployed\n\nPush to main.\n')
  writeFileSync(join(world.cwd, 'compose.yaml'), `services:\n  web-${named('Sv')}:\n    image: postgres:18\n`)
}

const documents = (): string[] => {
  const all = (folder: string): string[] =>
    readdirSync(join(world.cwd, folder), { withFileTypes: true }).flatMap(entry =>
      entry.isDirectory() ? all(join(folder, entry.name)) : [join(folder, entry.name)],
    )
  return all('launch-ready')
}

describe('what was written', () => {
  it('ends as the stage does, and names every document', () => {
    expect(written.exit).toBe(0)
    expect(documents().sort()).toEqual([
      'launch-ready/evidence/deploy.md',
      'launch-ready/evidence/domains.md',
      'launch-ready/evidence/monitoring.md',
      'launch-ready/evidence/rollback.md',
      'launch-ready/evidence/secrets.md',
      'launch-ready/evidence/statements.json',
      'launch-ready/handover.html',
      'launch-ready/handover.md',
      'launch-ready/renewals.ics',
    ])
    expect(written.err).toMatch(/handover\.pdf was not made: a PDF needs Chromium/)
  })

  it.each([
    ['registrar', /\| Registrar \| Gandi/],
    ['DNS', /\| DNS records \| Gandi/],
    ['host', /\| Hosting \| Vercel/],
    ['how to deploy', /\| Deploy \| workflow "Deploy" runs on push to main/],
    ['how to roll back', /\| Take a release back \| `vercel rollback <deployment-url>`/],
    ['where logs are', /\| Logs \| .*status\.coachdash\.example\/logs.*`vercel logs`/],
    ['who is called', /\| Called when it is down \| \*\*Ada Byron\*\*, then \*\*Grace Hopper\*\*/],
    ['the number to call', /\+49 30 1234567/],
    [
      'the six parts',
      /## 1 Domain map[\s\S]*## 2 Deployment steps[\s\S]*## 3 Secret handling rules[\s\S]*## 4 Monitoring links[\s\S]*## 5 Rollback steps[\s\S]*## 6 Support contacts/,
    ],
    ['what to do when it is down', /## If it is down, do this\n[\s\S]*1\. Is it down for everybody\?/],
    ['the selector of each key', /20240101pm\._domainkey\.coachdash\.example` \| Postmark \| published/],
    ['the seven answers', /7 of 7 answered with evidence/],
    ['a baseline that is not there', /launch-ready perf baseline/],
  ])('tells somebody new %s', (_, pattern) => {
    expect(fileIn(world, 'launch-ready/handover.md')).toMatch(pattern)
  })

  it('holds no secret that lies in the repository or the environment', () => {
    for (const path of documents()) expect(fileIn(world, path), path).not.toContain(planted)
    expect(written.out + written.err).not.toContain(planted)
    expect(fileIn(world, 'launch-ready/handover.md')).toMatch(/Live secrets lie in the files of the repository/)
  })

  it('holds no key that stands in a name of the repository or the config', () => {
    for (const path of [...documents(), saved])
      for (const where of places) expect(fileIn(world, path), `${path} ${where}`).not.toContain(named(where))
    for (const where of places) expect(written.out + written.err, where).not.toContain(named(where))
    expect(fileIn(world, 'launch-ready/evidence/statements.json')).toMatch(/further_JbkQ…Hf \(27 characters/)
  })

  it('has a calendar that a library reads, lines within 75 bytes', () => {
    const text = fileIn(world, 'launch-ready/renewals.ics')!
    for (const row of text.split('\r\n')) expect(Buffer.byteLength(row)).toBeLessThanOrEqual(75)
    const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map(one => new ICAL.Event(one))
    expect(events.length).toBeGreaterThanOrEqual(8)
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length)
    const summaries = events.map(({ summary }) => summary)
    for (const what of [
      'Rehearse a rollback',
      'Replace STRIPE_SECRET_KEY',
      'Replace the DKIM key 20240101pm of coachdash.example',
    ])
      expect(summaries).toContain(what)
    expect(events.find(({ summary }) => summary === 'Rehearse a rollback')!.startDate.toString()).toBe('2027-01-31')
  })

  it('has one self-contained page, with a policy, and every part', () => {
    const page = fileIn(world, 'launch-ready/handover.html')!
    expect(page).toMatch(/default-src 'none'/)
    expect(page).not.toMatch(/<script|<link rel="stylesheet"|src="http/)
    for (const id of [
      'if-down',
      'questions',
      'domains',
      'deploy',
      'secrets',
      'monitoring',
      'rollback',
      'support',
      'calendar',
      'sign-off',
    ])
      expect(page).toContain(`id="${id}"`)
    for (const [, target] of page.matchAll(/href="#([\w-]+)"/g)) expect(page).toContain(`id="${target}"`)
  })
})

type Change = (value: (name: string, on?: string) => any, facts: SavedFact[]) => void

const matters: [string, RegExp, Change][] = [
  [
    'another name server',
    /^name-servers$/,
    of => {
      of('nameServers').child = ['a.ns.cloudflare.com', 'b.ns.cloudflare.com']
    },
  ],
  [
    'the app moved',
    /^host app/,
    of => {
      of('addresses', 'app.coachdash.example').cnames = ['app.netlify.app']
    },
  ],
  [
    'a host is new',
    /^hosts$/,
    (of, facts) => {
      of('hosts').hosts.push({ name: 'docs.coachdash.example', role: 'other', source: 'usual-name', how: '' })
      const addresses = structuredClone(of('addresses', 'app.coachdash.example'))
      facts.push({
        fact: 'addresses',
        on: { kind: 'host', name: 'docs.coachdash.example' },
        is: { ok: true, value: addresses, at: '' },
      })
    },
  ],
  [
    'a host is gone',
    /^hosts$/,
    of => {
      of('addresses', 'api.coachdash.example').status = 'NXDOMAIN'
    },
  ],
  [
    'mail goes elsewhere',
    /^mail servers$/,
    of => {
      of('mx').hosts[0].exchange = 'mx.zoho.eu'
    },
  ],
  [
    'SPF changed',
    /^spf$/,
    of => {
      of('spf').names[0].texts[0] = 'v=spf1 -all'
    },
  ],
  [
    'DMARC was loosened',
    /^dmarc$/,
    of => {
      of('dmarc').walk.record.text = 'v=DMARC1; p=none'
    },
  ],
  [
    'a DKIM key is gone',
    /^dkim 20240101pm/,
    of => {
      of('selectors').selectors.find((one: any) => one.selector === '20240101pm').state = 'absent'
    },
  ],
  [
    'the workflow deploys another branch',
    /^deploy /,
    of => {
      of('pipelines').pipelines[0].triggers.branches = ['live']
    },
  ],
  [
    'the deploy command changed',
    /^deploy /,
    of => {
      for (const job of of('pipelines').pipelines[0].jobs)
        for (const one of job.commands) if (one.kind === 'deploy') one.text = 'fly deploy'
    },
  ],
  [
    'the deploy workflow is gone',
    /^deploy /,
    of => {
      of('pipelines').pipelines = []
    },
  ],
  [
    'the default branch changed',
    /^repository$/,
    of => {
      of('pipelines').defaultBranch = 'trunk'
    },
  ],
  [
    'the repository moved',
    /^repository$/,
    of => {
      of('repoHistory').remote = 'gitlab.com/coachdash/app'
    },
  ],
  [
    'another platform',
    /^platforms$/,
    of => {
      of('deployment').platforms = [{ name: 'render', file: 'render.yaml', byPush: true }]
    },
  ],
  [
    'a variable is new',
    /^variables$/,
    of => {
      of('envUsage').variables.push({ ...of('envUsage').variables[0], name: 'NEW_TOKEN' })
    },
  ],
  [
    'a rollback script came',
    /^script rollback/,
    of => {
      of('deployment').scripts.push({ file: 'scripts/rollback.sh', line: 1, name: 'rollback.sh', does: 'rollback' })
    },
  ],
  [
    'a migration forbids the way back',
    /^migrations$/,
    of => {
      of('migrations').sets[0].hazards.push({
        hazard: 'drops-data',
        file: 'prisma/x.sql',
        line: 1,
        table: 'Client',
        column: 'name',
      })
    },
  ],
  [
    'a DKIM key was replaced under its name',
    /^dkim 20240101pm/,
    of => {
      of('selectors').selectors.find((one: any) => one.selector === '20240101pm').print = 'ffffffffffff'
    },
  ],
  [
    'the document on rollbacks is gone',
    /^documents$/,
    of => {
      of('deployment').documents = of('deployment').documents.filter(({ topic }: any) => topic !== 'rollback')
    },
  ],
  [
    'the workflow has another name for its file',
    /^deploy \.github\/workflows\/ship\.yml/,
    of => {
      of('pipelines').pipelines[0].file = '.github/workflows/ship.yml'
    },
  ],
  [
    'a key was replaced',
    /^rotations$/,
    of => {
      of('secretLedger').rotations.push({
        ...of('secretLedger').rotations[0],
        ...{ name: 'STRIPE_SECRET_KEY', rotated: '2026-11-24', by: 'Ada', expires: null },
      })
    },
  ],
  [
    'a monitor is paused',
    /^monitors$/,
    of => {
      Object.assign(of('watching').monitors[0], { paused: true, source: 'UptimeRobot' })
    },
  ],
  [
    'backups came',
    /^backups$/,
    of => {
      of('backups').found.push({ file: 'litestream.yml', line: 1, text: 'Litestream' })
    },
  ],
]

const harmless: [string, Change][] = [
  [
    'another address behind the platform',
    of => {
      of('addresses', 'app.coachdash.example').addresses[0].address = '192.0.2.99'
    },
  ],
  [
    'one more address behind the platform',
    of => {
      of('addresses', 'www.coachdash.example').addresses.push({
        address: '192.0.2.77',
        family: 4,
        ttl: 60,
        private: false,
      })
    },
  ],
  [
    'more spaces in SPF',
    of => {
      of('spf').names[0].texts[0] = of('spf').names[0].texts[0].replaceAll(' ', '  ')
    },
  ],
  [
    'DMARC without spaces',
    of => {
      of('dmarc').walk.record.text = `${of('dmarc').walk.record.text.replaceAll('; ', ';')};`
    },
  ],
  [
    'the platform leads its alias elsewhere',
    of => {
      of('addresses', 'app.coachdash.example').cnames.push('edge-7.vercel-dns.com')
    },
  ],
  [
    'a document speaks of rollbacks in passing',
    of => {
      of('deployment').documents.push({
        ...{
          file: 'docs/flags.md',
          line: 9,
          topic: 'rollback',
          text: 'no need to roll back',
          rehearsed: null,
          how: false,
        },
      })
    },
  ],
  [
    'our own watcher does not run where this runs',
    of => {
      for (const one of of('watching').monitors) one.paused = true
    },
  ],
  [
    'a shorter time to live',
    of => {
      for (const one of of('addresses', 'app.coachdash.example').addresses) one.ttl = 30
    },
  ],
  [
    'another serial',
    of => {
      for (const one of of('nameServers').servers) if (one.soa) one.soa.serial++
    },
  ],
  [
    'name servers in another order',
    of => {
      of('nameServers').child.reverse()
    },
  ],
  [
    'another request id',
    of => {
      of('hostEdges', 'app.coachdash.example').headers = [{ name: 'x-vercel-id', value: 'iad1::other' }]
    },
  ],
  [
    'the certificate was renewed',
    of => {
      of('tls', 'app.coachdash.example').endpoints.reverse()
    },
  ],
  [
    'another commit',
    of => {
      of('tree').head = 'f'.repeat(40)
    },
  ],
  [
    'a line was moved in the workflow',
    of => {
      for (const job of of('pipelines').pipelines[0].jobs) for (const one of job.commands) one.line += 7
    },
  ],
  [
    'another tag',
    of => {
      of('repoHistory').tags.push({ name: 'v9', commit: 'abcdefabcdef', at: '2026-11-24T00:00:00Z' })
    },
  ],
  [
    'somebody else committed',
    of => {
      of('repoHistory').people.push('new@coachdash.example')
    },
  ],
  [
    'another branch',
    of => {
      of('repoHistory').branches.push('feature/x')
    },
  ],
  [
    'a page is new',
    of => {
      of('routes').routes.push({
        url: 'https://www.coachdash.example/blog',
        kind: 'page',
        name: 'blog',
        source: 'link',
        how: '',
      })
    },
  ],
  [
    'a document is longer',
    of => {
      for (const one of of('deployment').documents) one.line += 3
    },
  ],
]

/** Production as it is seen when these facts have changed. */
const productionAfter = async (change: Change): Promise<Production> => {
  const file = readFactsFile(JSON.parse(readFileSync(join(world.cwd, saved), 'utf8')), saved)
  file.target = { ...file.target, repo: world.cwd }
  const value = (name: string, on?: string): any => {
    const found = file.facts.find(({ fact, on: subject }) => fact === name && (on === undefined || subject.name === on))
    if (!found?.is.ok) throw new Error(`no ${name} of ${on} was seen`)
    return found.is.value
  }
  change(value, file.facts)
  const config = await loadConfig(join(world.cwd, 'launch-ready.config.yaml'), {})
  const fresh: FactName[] = ['production', 'handoverAnswers', 'handoverPapers']
  const result = await run(
    {
      stage: 'handover',
      config,
      domain: 'coachdash.example',
      repo: world.cwd,
      only: ['handover-document'],
      saved: file,
      fresh,
    },
    {
      network: {
        resolvers: [parseResolver(world.resolver)],
        connectTo: world.connectTo.map(parseConnectTo),
        ca: [],
        timeoutMs: 5000,
        concurrency: 16,
        userAgent: 'test',
      },
      clock: systemClock,
      env: {},
      signal: new AbortController().signal,
      version: '0',
    },
  )
  const production = result.facts.find(({ fact }) => fact === 'production')!.is
  if (!production.ok) throw new Error(production.message)
  return production.value as Production
}

const statements = (): NonNullable<NonNullable<HandoverPapers['ours']>['statements']> =>
  JSON.parse(fileIn(world, 'launch-ready/evidence/statements.json')!).statements

describe('what verify holds against production', () => {
  it('parts in nothing where nothing changed', async () => {
    expect(partings(statements(), await productionAfter(() => {}))).toEqual([])
  })

  it.each(matters)('%s: names the statement', async (_, id, change) => {
    const parted = partings(statements(), await productionAfter(change))
    expect(parted.some(one => id.test(one.id) && one.kind !== 'untold')).toBe(true)
  })

  it.each(harmless)('%s: nothing parts', async (_, change) => {
    expect(partings(statements(), await productionAfter(change))).toEqual([])
  })

  it('says what it could not see, and calls it no change', async () => {
    const production = await productionAfter((_, facts) => {
      for (const one of facts)
        if (one.fact === 'nameServers') one.is = { ok: false, reason: 'timeout', message: 'no answer', retryable: true }
    })
    expect(partings(statements(), production).map(({ kind }) => kind)).toEqual(['untold'])
  })

  it.each([
    'addresses',
    'spf',
    'dmarc',
    'mx',
    'selectors',
    'hosts',
    'pipelines',
    'deployment',
    'envUsage',
    'migrations',
    'backups',
    'tls',
    'repoHistory',
  ])('takes a %s that could not be had for no change', async name => {
    const production = await productionAfter((_, facts) => {
      for (const one of facts)
        if (one.fact === name) one.is = { ok: false, reason: 'timeout', message: 'no answer', retryable: true }
    })
    expect(partings(statements(), production).filter(({ kind }) => kind !== 'untold')).toEqual([])
  })
})

describe('verify as a command', () => {
  it('holds after writing, parts after a change, and writes anew with people’s words kept', async () => {
    const first = await runIn(world, ['handover', 'verify'])
    expect(first.out).toMatch(/The handover holds/)
    expect(first.exit).toBe(0)

    const path = join(world.cwd, 'launch-ready/handover.md')
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(
        '<!-- launch-ready:end rollback -->',
        '<!-- launch-ready:end rollback -->\n\nAsk Grace before you touch the queue.',
      ),
    )
    const workflow = join(world.cwd, '.github/workflows/deploy.yml')
    writeFileSync(workflow, readFileSync(workflow, 'utf8').replace('branches: [main]', 'branches: [live]'))
    const parted = await runIn(world, ['handover', 'verify', '--json'])
    expect(parted.exit).toBe(1)
    expect(JSON.parse(parted.out).parted.map((one: { id: string }) => one.id)).toEqual([
      expect.stringMatching(/^deploy \.github\/workflows\/deploy\.yml further_JbkQ…Hf /),
      'deploy .github/workflows/deploy.yml production',
    ])

    const updated = await runIn(world, ['handover', 'verify', '--update'])
    expect(updated.exit).toBe(0)
    expect(fileIn(world, 'launch-ready/handover.md')).toMatch(/Ask Grace before you touch the queue\./)
    expect(fileIn(world, 'launch-ready/handover.html')).toMatch(/Ask Grace before you touch the queue\./)
    expect((await runIn(world, ['handover', 'verify'])).exit).toBe(0)
  })

  it('says what is wrong before anything is looked at', async () => {
    const answers = join(world.cwd, 'launch-ready.handover.yaml')
    const before = readFileSync(answers, 'utf8')
    for (const [text, said] of [
      [`<<<<<<< HEAD\n${before}=======\n>>>>>>> theirs\n`, /yaml:1: two people wrote it.*nothing was written/],
      [`${before}\n  broken: "`, /not valid YAML/],
    ] as const) {
      writeFileSync(answers, text)
      const ran = await runIn(world, ['handover', 'write', '--yes'])
      expect(ran.exit).toBe(2)
      expect(ran.err).toMatch(said)
      expect(readFileSync(answers, 'utf8')).toBe(text)
    }
    writeFileSync(answers, before)
    expect((await runIn(world, ['handover', 'verify', '--out', 'nowhere'])).err).toMatch(
      /there is no handover to verify/,
    )
    expect(
      (await runIn(world, ['handover', 'write', '--by', 'Ada', '--answer', 'keyRotation=password: Qm7vTz81kLpw'])).err,
    ).toMatch(/never holds them/)
    expect((await runIn(world, ['handover', 'drill', 'rolback', '--by', 'Ada'])).err).toMatch(/did you mean rollback/)
    expect((await runIn(world, ['handover', 'write', '--no-config', '--yes'])).err).toMatch(/handover needs a domain/)
  })
})
