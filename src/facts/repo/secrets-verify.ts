// Asks providers whether secrets still work, when a person asked for it with --verify. The raw values live here for as long as a request
// takes, go to their own provider alone, over verified TLS, without following redirects, and come back as works, refused or cannot-tell.
import { maskSecret } from '../../core/redact.ts'
import { verifierOf } from '../../data/secret-verify.ts'
import { isEnvironmentFile, parseDotenv } from '../../formats/repo/dotenv.ts'
import { fileName } from '../../formats/repo/paths.ts'
import type { SecretHit } from '../../formats/secrets/hit.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import type { Network } from '../../net/network.ts'
import type { CollectContext } from '../definition.ts'
import { createReader } from './read.ts'
import { binaryName } from './secrets-group.ts'
import { scanHistory } from './secrets-history.ts'
import { maxFileBytes } from './secrets-tree.ts'
import type { Tree } from './tree.ts'

export type Verification = {
  hash: string
  rule: string
  provider: string
  what: string
  masked: string
  place: string
  state: 'works' | 'refused' | 'cannot-tell'
  why: string
}

/** Every live and test secret of the tree, the history and the environment files on this machine, once each, with where it was seen first. */
const rawSecrets = async (
  tree: Tree,
  context: Pick<CollectContext, 'env' | 'signal'>,
): Promise<Map<string, { hit: SecretHit; place: string }>> => {
  const found = new Map<string, { hit: SecretHit; place: string }>()
  const add = (hit: SecretHit, place: string): void => {
    if ((hit.class === 'live' || hit.class === 'test') && !found.has(hit.hash)) found.set(hit.hash, { hit, place })
  }
  const reader = createReader(tree.root)
  const paths = [
    ...tree.files
      .filter(file => file.kind === 'file' && file.size <= maxFileBytes && !binaryName.test(file.path))
      .map(file => file.path),
    ...tree.ignored,
  ]
  for (const path of paths) {
    const text = reader.maybe(path, { maxBytes: maxFileBytes })
    if (text === null) continue
    for (const hit of scanText(text, { path, where: 'repo' })) add(hit, `${path}:${hit.line}`)
    // A value that is quoted over lines or escaped is read as the program reads it.
    if (isEnvironmentFile(fileName(path)))
      for (const entry of parseDotenv(text).entries)
        for (const hit of scanText(`${entry.name}="${entry.value}"`, { path: '.env', where: 'repo' }))
          add(hit, `${path}:${entry.line}`)
  }
  if (tree.isGit && tree.head)
    await scanHistory(tree, context, { onHit: (hit, path) => add(hit, `${path} in the history`) })
  return found
}

/** Asks for each secret whose provider can be asked; the others are cannot-tell. One request at a time and provider. */
export const verifySecrets = async (
  tree: Tree,
  context: Pick<CollectContext, 'env' | 'signal'>,
  net: Network,
): Promise<Verification[]> => {
  const results: Verification[] = []
  for (const [hash, { hit, place }] of await rawSecrets(tree, context)) {
    const base = { hash, rule: hit.rule, provider: hit.provider, what: hit.what, masked: maskSecret(hit.secret), place }
    const verifier = verifierOf(hit.rule)
    const request = verifier?.request(hit.secret) ?? null
    if (!verifier || !request) {
      results.push({ ...base, state: 'cannot-tell', why: 'there is no harmless way to ask this provider' })
      continue
    }
    const answer = await net.http({ ...request, follow: 0, verify: 'strict', maxBytes: 64 << 10 })
    if (!answer.ok) {
      results.push({ ...base, state: 'cannot-tell', why: answer.message.split(hit.secret).join(base.masked) })
      continue
    }
    const hop = answer.value.hops.at(-1)!
    const state = verifier.works(hop.status, hop.body)
      ? 'works'
      : verifier.refuses(hop.status, hop.body)
        ? 'refused'
        : 'cannot-tell'
    results.push({ ...base, state, why: `${new URL(request.url).host} answers ${hop.status}` })
  }
  const order = { works: 0, 'cannot-tell': 1, refused: 2 }
  return results.sort((a, b) => order[a.state] - order[b.state] || (a.place < b.place ? -1 : 1))
}
