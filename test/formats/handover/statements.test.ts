// What of production may change without a word, and what makes the handover stale.
import { describe, expect, it } from 'vitest'
import { type Production, soundProduction } from '../../../src/formats/handover/production.ts'
import { partings, statementsOf } from '../../../src/formats/handover/statements.ts'

const parted = (change: (production: Production) => void): string[] => {
  const [written, now] = [statementsOf(soundProduction()), soundProduction()]
  change(now)
  return partings(written, now).map(({ id, kind }) => `${id} ${kind}`)
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
  ])('%s', (_, change, ids) => {
    expect(parted(change)).toEqual(ids)
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
