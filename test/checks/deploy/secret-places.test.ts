// Secrets where they are easily missed: binary key stores, UTF-16, messages of commits, passwords with marks of syntax in them.
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import inHistory from '../../../src/checks/deploy/secret-in-history.ts'
import inTree from '../../../src/checks/deploy/secret-in-tree.ts'
import envFiles from '../../../src/facts/repo/env-files.ts'
import secretLedger from '../../../src/facts/repo/secret-ledger.ts'
import secretsHistory from '../../../src/facts/repo/secrets-history.ts'
import secretsTree from '../../../src/facts/repo/secrets-tree.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { keyStoreHits } from '../../../src/formats/secrets/key-store.ts'
import { scanText } from '../../../src/formats/secrets/scan.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const collectors = { tree, envFiles, secretLedger, secretsHistory, secretsTree }
const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const repo = (files: Record<string, string | Uint8Array> = {}): TestRepo => {
  const one = makeRepo(files)
  made.push(one)
  return one
}

const stripe = makeUp('sk_~live_{A24}')
/** A key store of Java: magic, version, one entry of this kind, then what nobody reads. */
const javaStore = (magic: number, entry: number): Buffer => {
  const bytes = Buffer.alloc(400, 7)
  bytes.writeUInt32BE(magic, 0)
  bytes.writeUInt32BE(2, 4)
  bytes.writeUInt32BE(1, 8)
  bytes.writeUInt32BE(entry, 12)
  bytes.writeUInt32BE(0, 16)
  return bytes
}
const der = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
})

/** A PKCS #12 store made by OpenSSL. */
const pkcs12 = (): Buffer => {
  const one = repo()
  const run = (...words: string[]) => execFileSync('openssl', words, { cwd: one.root, stdio: 'pipe' })
  run(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'k.pem',
    '-out',
    'c.pem',
    '-subj',
    '/CN=a',
    '-days',
    '9',
  )
  expect(new X509Certificate(readFileSync(join(one.root, 'c.pem'))).subject).toBe('CN=a')
  run('pkcs12', '-export', '-inkey', 'k.pem', '-in', 'c.pem', '-passout', 'pass:x', '-out', 's.p12')
  return readFileSync(join(one.root, 's.p12'))
}

describe('key stores', () => {
  it.each([
    ['JKS', 'deploy/upload.jks', javaStore(0xfeedfeed, 1), 'likely'],
    ['JCEKS', 'deploy/upload.bin2', javaStore(0xcececece, 1), 'likely'],
    ['PKCS #12', 'certs/push.p12', pkcs12(), 'likely'],
    ['a key in DER', 'certs/server.der', der.privateKey, 'certain'],
  ] as const)('%s is found by its content', (_name, path, bytes, confidence) => {
    expect(keyStoreHits(bytes, path).map(hit => [hit.class, hit.kind, hit.confidence])).toEqual([
      ['live', 'private-key', confidence],
    ])
  })

  it.each([
    ['certificates alone', 'certs/trust.jks', javaStore(0xfeedfeed, 2)],
    ['the key of Android laptops', 'android/app/debug.keystore', javaStore(0xfeedfeed, 1)],
    ['a public key', 'certs/public.der', der.publicKey],
    ['a picture', 'logo.p12', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['nothing', 'a.jks', Buffer.alloc(0)],
  ] as const)('%s is none', (_name, path, bytes) => {
    expect(keyStoreHits(bytes, path)).toEqual([])
  })

  it('are found in the tree, and in the history once they are gone', async () => {
    const one = repo({ 'deploy/upload.jks': javaStore(0xfeedfeed, 1), 'a.txt': 'x' })
    one.commit('first')
    const { findings } = await judgeRepo(inTree, one.root, collectors)
    expect(findings.map(({ outcome, evidence }) => [outcome, evidence[0]?.label])).toEqual([
      ['private-key', 'deploy/upload.jks:1'],
    ])
    one.remove('deploy/upload.jks')
    one.commit('second')
    const after = await judgeRepo(inHistory, one.root, collectors)
    expect(after.findings.map(({ evidence }) => evidence[0]?.label)).toEqual(['deploy/upload.jks:1'])
  })
})

describe('other places', () => {
  it('reads UTF-16 of either order, in the tree and in the history', async () => {
    const text = `\ufeffconst key = '${stripe}'\n`
    const little = Buffer.from(text, 'utf16le')
    const one = repo({ 'a.ps1': little, 'b.ps1': Buffer.from(little).swap16() })
    one.commit('first')
    const { findings } = await judgeRepo(inTree, one.root, collectors)
    expect(findings.flatMap(({ evidence }) => evidence.map(({ label }) => label))).toEqual(['a.ps1:1', 'b.ps1:1'])
    one.remove('a.ps1')
    one.remove('b.ps1')
    one.commit('second')
    expect((await judgeRepo(inHistory, one.root, collectors)).findings).toHaveLength(1)
  })

  it('reads the messages of commits', async () => {
    const one = repo({ 'a.txt': 'x' })
    one.commit(`Use the new key\n\nIt is ${stripe} now.`)
    const { findings } = await judgeRepo(inHistory, one.root, collectors)
    expect(JSON.stringify(findings)).toContain('message of the commit')
    expect(JSON.stringify(findings)).not.toContain(stripe)
  })

  it.each(['Wq7$hT2{kz9Lp', 'Wq7{hT2$kz9Lp', 'Wq7<hT2kz9>Lp', 'Wq7}hT2|kz9Lp', 'W$q7hT2kz9Lp!'])(
    'finds the password %s',
    password => {
      for (const [path, text] of [
        ['.env.production', `DB_PASSWORD='${password}'\n`],
        ['.env.production', `DB_PASSWORD=${password}\n`],
        ['config/production.yml', `  db_password: "${password}"\n`],
        ['src/db.ts', `const dbPassword = '${password}'\n`],
        ['.env.production', `DATABASE_URL=postgres://app:${encodeURIComponent(password)}@db.acme-prod.net/app\n`],
      ] as const)
        expect(
          scanText(text, { path, where: 'repo' }).map(hit => hit.class),
          `${path}: ${text}`,
        ).toEqual(['live'])
    },
  )
})
