import { describe, expect, it } from 'vitest'
import { writtenProcedure } from '../../../src/formats/handover/procedures.ts'
import { type Production, type SeenRepository, soundProduction } from '../../../src/formats/handover/production.ts'
import type { Rehearsal } from '../../../src/formats/handover/schema.ts'

const having = (given: Partial<SeenRepository>, more: Partial<Production> = {}): Production => {
  const sound = soundProduction()
  return { ...sound, ...more, repository: { ...sound.repository!, ...given } }
}
/** A product of which nothing says where it runs. */
const nowhere = { hosts: [], declared: { by: null, rollback: null, backup: null, restored: null } }
const dump = { file: 'scripts/backup.sh', line: 3, text: 'pg_dump' }

describe('a procedure is written down from what was seen', () => {
  it.each<[string, Rehearsal, Production, RegExp[]]>([
    [
      'a deploy at the place where it runs',
      'redeploy',
      having({}),
      [/`git switch main/, /2\. `vercel deploy --prod`\./],
    ],
    [
      'without a branch that anybody knows',
      'redeploy',
      having({ defaultBranch: null }),
      [/1\. `vercel deploy --prod`/],
    ],
    [
      'a restore of the dump that a script makes',
      'restore',
      having({ backups: [dump] }),
      [/`scripts\/backup\.sh` \(line 3\)/, /pg_restore/],
    ],
    [
      'a restore of what the config says',
      'restore',
      having({}, { declared: { ...nowhere.declared, backup: 'daily, by the provider' } }),
      [/newest backup \(daily, by the provider\)/],
    ],
    [
      'keys with the files that name them',
      'keyRotation',
      having({}),
      [
        /`vercel env add <NAME> production`/,
        /- `STRIPE_SECRET_KEY`, named in `\.env\.example`/,
        /Deploy again at Vercel/,
      ],
    ],
    ['a rollback', 'rollback', having({}), [/vercel rollback/]],
  ])('%s', (_name, procedure, production, said) => {
    const written = writtenProcedure(procedure, production, {})
    for (const pattern of said) expect(written?.content).toMatch(pattern)
    expect(written?.content).not.toMatch(/undefined|null/)
  })

  it('says of a platform that only a file suggests where it is seen', () => {
    const fly = { platforms: [{ name: 'fly', label: 'Fly.io', file: 'fly.toml', byPush: false }], deploys: [] }
    expect(writtenProcedure('redeploy', having(fly, nowhere), {})?.content).toContain(
      '`fly.toml` shows that it runs at Fly.io.',
    )
  })

  it.each<[string, Rehearsal, Production]>([
    ['nothing says where it runs', 'redeploy', having({ platforms: [], deploys: [] }, nowhere)],
    [
      'the command has a gap',
      'redeploy',
      having(
        { platforms: [{ name: 'ecs', label: 'Amazon ECS', file: 'task.json', byPush: false }], deploys: [] },
        nowhere,
      ),
    ],
    ['no backup was seen', 'restore', having({ backups: [] })],
    ['nothing backs the data up', 'restore', having({}, { declared: { ...nowhere.declared, backup: 'none' } })],
    [
      'nobody backs it up, in other words',
      'restore',
      having({}, { declared: { ...nowhere.declared, backup: 'keine' } }),
    ],
    ['a database whose tools are not known', 'restore', having({ backups: [dump], databases: ['neo4j'] })],
    ['no key is read', 'keyRotation', having({ variables: [] })],
  ])('is left to people where %s', (_name, procedure, production) => {
    expect(writtenProcedure(procedure, production, {})).toBeNull()
  })
})
