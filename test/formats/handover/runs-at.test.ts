// Where the product runs and how it goes back: the strongest evidence counts, and a file of the repository alone is a supposition.
import { describe, expect, it } from 'vitest'
import { type Production, type SeenDeploy, soundProduction } from '../../../src/formats/handover/production.ts'
import { operatedBy, runsAt, supposition, waysBack } from '../../../src/formats/handover/runs-at.ts'
import type { Handover } from '../../../src/formats/handover/schema.ts'

const file = (name: string, path: string, byPush = false) => ({ name, label: name, file: path, byPush })
const deploy = (platform: string | null, rehearsal = false): SeenDeploy => ({
  ...soundProduction().repository!.deploys[0]!,
  ...{ platform, rehearsal },
})

/** Production of which only this is known. */
const product = (
  hosts: [role: string, platform: string | null][],
  platforms: ReturnType<typeof file>[],
  deploys: SeenDeploy[] = [],
): Production => {
  const sound = soundProduction()
  return {
    ...sound,
    hosts: hosts.map(([role, platform], at) => ({ ...sound.hosts[0]!, name: `h${at}.example.com`, role, platform })),
    repository: { ...sound.repository!, platforms, deploys, container: null },
  }
}

const rows: [what: string, production: Production, handover: Handover, places: string[], by: string | undefined][] = [
  [
    'the host says it, whatever file is left over',
    product([['app', 'Fly.io']], [file('render', 'render.yaml')]),
    {},
    ['Fly.io'],
    'host',
  ],
  [
    'the app before the site',
    product(
      [
        ['www', 'Webflow'],
        ['app', 'Heroku'],
      ],
      [],
    ),
    {},
    ['Heroku', 'Webflow'],
    'host',
  ],
  [
    'a status page is not the product',
    product([['status', 'Instatus']], [file('fly', 'fly.toml')]),
    {},
    ['Fly.io'],
    'file',
  ],
  [
    'pipelines name two',
    product([['apex', null]], [file('heroku', 'Procfile')], [deploy('ecs'), deploy('vercel')]),
    {},
    ['Amazon ECS', 'Vercel'],
    'pipeline',
  ],
  ['a rehearsal is not production', product([], [], [deploy('fly', true)]), {}, [], undefined],
  [
    'somebody says it',
    product([['apex', null]], [file('heroku', 'Procfile')]),
    { access: { hosting: { provider: 'Hetzner' } } },
    ['Hetzner'],
    'answer',
  ],
  ['a file alone', product([['apex', null]], [file('heroku', 'Procfile')]), {}, ['Heroku'], 'file'],
  ['a tool is no place', product([['apex', null]], [file('kamal', 'config/deploy.yml')]), {}, [], undefined],
]

describe('where the product runs', () => {
  it.each(rows)('%s', (_, production, handover, places, by) => {
    const found = runsAt(production, handover)
    expect(found.map(({ label }) => label)).toEqual(places)
    expect(found[0]?.by).toBe(by)
  })
})

describe('how it goes back', () => {
  it('has a way for each part, and none of a file where more is known', () => {
    const ways = waysBack(
      product([['apex', null]], [file('heroku', 'Procfile')], [deploy('ecs'), deploy('vercel')]),
      {},
    )
    expect(ways.map(({ label }) => label)).toEqual(['Amazon ECS', 'Vercel'])
    expect(ways.map(({ of }) => supposition(of))).toEqual(['', ''])
  })

  it.each([
    ['Procfile', file('heroku', 'Procfile'), 'if it runs at Heroku, as '],
    ['config/deploy.yml', file('kamal', 'config/deploy.yml'), 'if it is run with Kamal, as '],
  ])('says that %s only suggests it', (_, platform, words) => {
    const production = product([['apex', null]], [platform])
    expect(waysBack(production, {}).map(({ of }) => supposition(of))).toEqual([words])
    expect(supposition(operatedBy(production, {})!.place)).toBe(words)
  })

  it('takes the word of the config first', () => {
    const production = product([['app', 'Vercel']], [])
    production.declared.rollback = 'fly'
    expect(waysBack(production, {})).toMatchObject([{ label: 'Fly.io', of: null }])
  })
})
