import { afterEach, describe, expect, it } from 'vitest'
import check from '../../../src/checks/deploy/env-file-committed.ts'
import envFiles from '../../../src/facts/repo/env-files.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import { collectFact, makeRepo, type TestRepo } from '../../support/repo.ts'

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const collectors = { tree, envFiles }
const repo = (files: Record<string, string>, commit = true): TestRepo => {
  const one = makeRepo(files)
  made.push(one)
  if (commit) one.commit('first')
  return one
}
const outcomes = async (files: Record<string, string>): Promise<string[]> =>
  (await judgeRepo(check, repo(files).root, collectors)).outcomes
const stripe = `STRIPE_SECRET_KEY=${makeUp('sk_~live_{A24}')}\n`

describe('env-file-committed', () => {
  it('secrets: names the file, the variables and their masks, never the value', async () => {
    const one = repo({ '.env.production': `PORT=1\n${stripe}`, '.gitignore': 'dist\n' })
    const { outcomes: keys, findings } = await judgeRepo(check, one.root, collectors)
    expect(keys).toEqual(['secrets'])
    expect(findings[0]!.evidence[0]).toMatchObject({
      label: '.env.production:2',
      value: expect.stringMatching(
        /^STRIPE_SECRET_KEY = sk_l….. \(32 characters, sha256 [0-9a-f]{8}\), Stripe live secret key$/,
      ),
    })
    expect(JSON.stringify(findings)).not.toContain(stripe.slice(30, 40))
    expect(JSON.stringify(await collectFact(one.root, collectors, 'envFiles'))).not.toContain(stripe.slice(30, 40))
    // The fix, applied, makes the check pass.
    for (const change of findings[0]!.fix.changes) {
      if (change.kind === 'file') one.write({ [change.path]: change.content! })
      if (change.kind === 'command') one.git(...change.run.replaceAll("'", '').split(' ').slice(1))
    }
    expect((await judgeRepo(check, one.root, collectors)).outcomes).toEqual(['ignored'])
  })

  it('unclear: a key for testing, or a value whose name alone says secret', async () => {
    expect(
      await outcomes({ '.env': `STRIPE_SECRET_KEY=${makeUp('sk_~test_{A24}')}\n`, '.gitignore': '.env.local\n' }),
    ).toEqual(['unclear'])
    expect(await outcomes({ '.env': 'SESSION_SECRET="keyboard cat cat"\n', '.gitignore': '.env.local\n' })).toEqual([
      'unclear',
    ])
  })

  it('unclear: one question, however many files ask it, beside each that is no question', async () => {
    const doubtful = 'SESSION_SECRET="keyboard cat cat"\n'
    const one = repo({ 'a/.env': doubtful, 'b/.env': doubtful, 'c/.env': stripe, '.gitignore': 'dist\n' })
    const { findings } = await judgeRepo(check, one.root, collectors)
    expect(findings.map(({ outcome }) => outcome).sort()).toEqual(['secrets', 'unclear'])
    const question = findings.find(({ outcome }) => outcome === 'unclear')!
    expect(question.title).toContain('(and 1 more)')
    expect(question.evidence.map(({ label }) => label)).toEqual(['a/.env:1', 'b/.env:1'])
    expect(question.fix.steps.join('\n')).toContain('b/.env')
  })

  it('public-values: a deliberately committed file of public and encrypted values', async () => {
    expect(
      await outcomes({
        '.env': `VITE_API=https://api.shop.test\nVITE_STRIPE=${makeUp('pk_~live_{A24}')}\nDB_PASSWORD=encrypted:${makeUp('{A60}')}\n`,
        '.gitignore': '.env.local\n',
      }),
    ).toEqual(['public-values'])
  })

  it('not-ignored: an example file is there, and nothing keeps .env out', async () => {
    expect(await outcomes({ '.env.example': 'A=\n', '.gitignore': 'node_modules\n' })).toEqual(['not-ignored'])
    expect(await outcomes({ '.env.example': 'A=\n', '.gitignore': '.env*\n!.env.example\n!.env\n' })).toEqual([
      'not-ignored',
    ])
    expect(await outcomes({ '.env.example': 'A=\n', 'api/.env.example': 'A=\n', '.gitignore': '/.env\n' })).toEqual([
      'not-ignored',
    ])
  })

  it('ignored: kept out, however many lie on the disk', async () => {
    expect(
      await outcomes({ '.env.example': 'A=\n', '.env': stripe, 'api/.env': stripe, '.gitignore': '.env\n' }),
    ).toEqual(['ignored'])
  })

  it("an example with a real value is the secret scan's business, not this one's", async () => {
    expect(await outcomes({ '.env.example': stripe, '.gitignore': '.env\n' })).toEqual(['ignored'])
  })

  it('a file among fixtures is none of the product; dotenv-vault is encrypted', async () => {
    expect(await outcomes({ 'test/fixtures/.env': stripe, '.gitignore': '/.env\n' })).toEqual(['ignored'])
    expect(
      await outcomes({ '.env.vault': `DOTENV_VAULT_PRODUCTION="${makeUp('{B120}')}"\n`, '.gitignore': '.env\n' }),
    ).toEqual(['public-values'])
  })

  it('unknown where git is not there to be asked, or cannot read the repository', async () => {
    const one = repo({ '.env': stripe })
    const none = await judgeRepo(check, one.root, collectors, { env: { PATH: '/nonexistent' } })
    expect(none.outcomes).toEqual(['unknown: git is not installed here'])
    one.write({ '.git/HEAD': 'garbage' })
    expect((await judgeRepo(check, one.root, collectors)).outcomes).toEqual([
      'unknown: git cannot read this repository',
    ])
  })

  it('skips a folder without git and one without environment files', async () => {
    const plain = makeRepo({ '.env': stripe }, { git: false })
    made.push(plain)
    expect((await judgeRepo(check, plain.root, collectors)).outcomes).toEqual([
      'skip: the folder is not a git repository',
    ])
    expect(await outcomes({ 'a.ts': '' })).toEqual(['skip: there is no environment file'])
  })

  it('reads a binary file with that name, and a git-crypt one, without harm', async () => {
    const one = repo({ '.gitignore': '.env.local\n.env\n' }, false)
    one.write({
      '.env.production': new Uint8Array([0, 71, 73, 84, 67, 82, 89, 80, 84, 0, 1]),
      'bin.env': new Uint8Array([1, 0, 2]),
    })
    one.commit('first')
    expect((await judgeRepo(check, one.root, collectors)).outcomes).toEqual(['public-values'])
  })
})

describe('what is told once, or elsewhere', () => {
  const severities = async (files: Record<string, string>) =>
    (await judgeRepo(check, repo(files).root, collectors)).findings
      .filter(({ outcome }) => outcome === 'secrets')
      .map(({ severity }) => severity)
  const own = `APP_SECRET=${makeUp('{A40}', 77)}\n`
  it('the same secrets in several files are one leak', async () => {
    expect(await severities({ '.env.production': own, '.env.staging': own })).toEqual(['blocker', 'low'])
    expect(
      await severities({ '.env.production': own, '.env.staging': own.replace('APP', 'APP2').replace('=', '=x') }),
    ).toHaveLength(2)
  })
  it('what every browser is handed is no secret of git', async () => {
    expect(await severities({ '.env.production': `REACT_APP_ZENDESK_KEY=${makeUp('{A40}', 78)}\n` })).toEqual([])
    expect(await severities({ '.env.production': `VITE_STRIPE=${makeUp('sk_~live_{A24}')}\n` })).toEqual(['blocker'])
  })
  it('files of a folder of examples are examples', async () => {
    expect(await severities({ 'env_example/cofee.env': own, 'sample-config/web.env': own })).toEqual([])
  })
})

describe('keys of tests', () => {
  const pem = (body: string) => `"-----BEGIN ${'PRIVATE'} KEY-----\\n${body}\\n-----END ${'PRIVATE'} KEY-----"`
  const judgedAt = async (path: string, body = makeUp('{B1600}', 74)) => {
    const one = repo({ [path]: `JWT_PRIVATE_KEY=${pem(body)}\n` })
    const { findings } = await judgeRepo(check, one.root, collectors)
    return findings.map(({ outcome }) => outcome).filter(outcome => outcome !== 'not-ignored')
  }
  it('open nothing', async () => {
    expect(await judgedAt('.env.test')).toEqual([])
    expect(await judgedAt('.envs/test.env')).toEqual([])
    expect(await judgedAt('.env.production')).toEqual(['secrets'])
    expect(await judgedAt('.env.production', `${makeUp('{B20}', 75)}/EXAMPLE/${makeUp('{B70}', 76)}`)).toEqual([])
  })
})

describe('values of a sandbox', () => {
  it('are none of a live account, where the file says so of the provider', async () => {
    const secret = makeUp('{A40}', 9)
    const file = (mode: string) => ({ '.env': `PLAID_SECRET=${secret}\nPLAID_ENV=${mode}\n` })
    expect(await outcomes(file('production'))).toEqual(['secrets'])
    expect(await outcomes(file('sandbox'))).not.toContain('secrets')
  })
})
