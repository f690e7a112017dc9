import { afterEach, describe, expect, it } from 'vitest'
import { environmentInventory, inventoryRows, printInventory } from '../../src/deliverables/env-inventory.ts'
import envFiles, { type EnvironmentFiles } from '../../src/facts/repo/env-files.ts'
import envUsage, { type EnvironmentUsageFact } from '../../src/facts/repo/env-usage.ts'
import tree from '../../src/facts/repo/tree.ts'
import { makeUp } from '../support/made-up-secrets.ts'
import { collectFact, makeRepo, observedValue, type TestRepo } from '../support/repo.ts'

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const secret = makeUp('sk_~live_{A24}')
const collected = async () => {
  const repo = makeRepo({
    '.gitignore': '.env\n',
    '.env': `STRIPE_SECRET_KEY=${makeUp('sk_~test_{A24}')}\nNEXT_PUBLIC_URL=http://localhost\n`,
    '.env.production': `STRIPE_SECRET_KEY=${secret}\n`,
    '.env.example': 'STRIPE_SECRET_KEY=\nOLD=\n',
    'src/pay.ts': 'process.env.STRIPE_SECRET_KEY!; process.env.LIMIT ?? "1"; process.env.NODE_ENV',
    'src/page.tsx': "'use client'\nprocess.env.NEXT_PUBLIC_URL",
    '.github/workflows/ci.yml':
      'env:\n  STRIPE_SECRET_KEY: ${{ secrets.STRIPE_SECRET_KEY }}\n  PAGE: ${{ github.event.deployment_status.environment_url }}\n  REGION: ${{ vars.REGION }}\n',
    'fly.toml': '[env]\nNEXT_PUBLIC_URL = "https://shop.test"\n',
    'README.md': 'LIMIT_X and `NEXT_PUBLIC_URL` are explained here.',
  })
  made.push(repo)
  repo.commit('first')
  const files = observedValue(await collectFact<EnvironmentFiles>(repo.root, { tree, envFiles }, 'envFiles'))
  const usage = observedValue(
    await collectFact<EnvironmentUsageFact>(repo.root, { tree, envFiles, envUsage }, 'envUsage'),
  )
  return { files, usage }
}

describe('env-inventory.md', () => {
  it('is the matrix of variable, reads, examples, CI and environments', async () => {
    const { files, usage } = await collected()
    const rows = Object.fromEntries(inventoryRows(files, usage).map(row => [row.name, row]))
    expect(rows.STRIPE_SECRET_KEY).toMatchObject({
      sort: 'secret',
      required: true,
      readCount: 1,
      examples: ['.env.example:1'],
      ci: ['.github/workflows/ci.yml:2'],
      set: { development: ['.env:1'], production: ['.env.production:1'], test: [], preview: [] },
    })
    expect(rows.NEXT_PUBLIC_URL).toMatchObject({ sort: 'public', explained: true, set: { production: ['fly.toml:2'] } })
    expect(rows.LIMIT).toMatchObject({ required: false, examples: [] })
    expect(rows.NODE_ENV).toMatchObject({ platform: true })
    expect(rows.OLD).toMatchObject({ reads: [] })
    // What the run knows of itself, and variables of the CI, are no secrets.
    expect([rows.PAGE?.sort, rows.REGION?.sort]).toEqual(['plain', 'plain'])
  })

  it('prints them, and no value', async () => {
    const { files, usage } = await collected()
    const text = printInventory(files, usage, 'shop', Date.UTC(2026, 10, 25))
    expect(text).toContain('3 variables are read by the code, 1 of them secret, 1 go to the browser')
    expect(text).toContain(
      '| `STRIPE_SECRET_KEY` | secret | `src/pay.ts:1`, server | `.env.example:1` | `.env:1` | · | · | `.env.production:1` | `.github/workflows/ci.yml:2` |',
    )
    expect(text).not.toContain(secret.slice(8))
    expect(text).not.toMatch(/sk_(?:live|test)_/)
  })

  it('is left out where nothing was collected', () => {
    expect(environmentInventory({ facts: [], report: {} as never, target: {} as never, now: 0 })).toEqual([])
  })
})
