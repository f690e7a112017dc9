// Chains of ARC sets (RFC 8617): what each server on the way saw, sealed. A chain is whole, broken, or unknown.

import { type HeaderField, unfold } from '../message/headers.ts'
import {
  type BodyHasher,
  canonicalField,
  chooseKeys,
  type KeyLookup,
  readSignature,
  verifies,
  verifySignature,
  withoutSignature,
} from './signature.ts'
import { parseTagList } from './tag-list.ts'

export type ArcSet = { instance: number; results: HeaderField; signature: HeaderField; seal: HeaderField }

export type ArcVerdict = {
  result: 'none' | 'pass' | 'fail' | 'unknown'
  /** What ended it: a key that is gone may have been rotated since. */
  fault: 'none' | 'structure' | 'claimed' | 'key-missing' | 'signature' | 'dns'
  reason: string
  sets: ArcSet[]
}

/** RFC 8617 §4.2.1: at most 50 sets. */
const most = 50

const names = {
  'arc-authentication-results': 'results',
  'arc-message-signature': 'signature',
  'arc-seal': 'seal',
} as const

const instanceOf = (field: HeaderField): number | null => {
  const match = /^\s*i\s*=\s*(\d{1,4})\s*(;|$)/.exec(field.value) ?? /;\s*i\s*=\s*(\d{1,4})\s*(;|$)/.exec(field.value)
  return match ? Number(match[1]) : null
}

/** Tags of a seal or message signature as RFC 6376 §3.2 has them: names in small letters, each once, nothing empty but behind the last ";". */
const readTags = (field: HeaderField): { tag: (name: string) => string | null; fault: string | null } => {
  const list = parseTagList(field.value)
  const stray = field.value
    .split(';')
    .slice(0, -1)
    .some(part => part.trim() === '')
  return {
    tag: name => list.tags.find(item => item.name === name)?.value ?? null,
    fault: list.faults[0]?.message ?? (stray ? 'a ";" stands where a tag belongs' : null),
  }
}

/** Fields that a message signature of a chain covers and must not (RFC 8617 §4.1.2). */
const coversSeal = (covered: string): boolean =>
  covered
    .toLowerCase()
    .split(':')
    .some(name => name.trim() === 'arc-seal')

/** The sets in the order of their instances, or what is wrong with them. */
export const arcSets = (fields: readonly HeaderField[]): { sets: ArcSet[]; fault: string | null; found: boolean } => {
  const all = fields.filter(field => field.name in names)
  if (all.length === 0) return { sets: [], fault: null, found: false }
  const broken = (fault: string) => ({ sets: [], fault, found: true })
  const byInstance = new Map<number, Partial<ArcSet>>()
  for (const field of all) {
    const instance = instanceOf(field)
    if (instance === null) return broken(`a field ${field.name} has no instance (i=)`)
    if (instance < 1 || instance > most) return broken(`a field ${field.name} has the instance ${instance}`)
    const set = byInstance.get(instance) ?? { instance }
    const part = names[field.name as keyof typeof names]
    if (set[part]) return broken(`instance ${instance} has two fields ${field.name}`)
    set[part] = field
    byInstance.set(instance, set)
  }
  const sets: ArcSet[] = []
  for (let instance = 1; instance <= byInstance.size; instance++) {
    const set = byInstance.get(instance)
    if (!set?.results || !set.signature || !set.seal) return broken(`the set of instance ${instance} is not complete`)
    sets.push(set as ArcSet)
  }
  return { sets, fault: null, found: true }
}

/** Validates the chain (RFC 8617 §5.2): the newest message signature and every seal. */
export const validateArc = async (
  fields: readonly HeaderField[],
  body: BodyHasher,
  lookup: KeyLookup,
  at: number,
  certain = true,
): Promise<ArcVerdict> => {
  const { sets, fault, found } = arcSets(fields)
  const end = (result: ArcVerdict['result'], why: ArcVerdict['fault'], reason: string): ArcVerdict => ({
    result,
    fault: why,
    reason,
    sets,
  })
  if (!found) return end('none', 'none', 'nobody on the way sealed it')
  if (fault) return end('fail', 'structure', fault)
  const seals = sets.map(set => ({ set, ...readTags(set.seal) }))
  const newest = seals.at(-1) as (typeof seals)[number]
  if (newest.tag('cv')?.trim().toLowerCase() === 'fail')
    return end(
      'fail',
      'claimed',
      `the seal ${sets.length} of ${newest.tag('d')} says that the chain was broken before it`,
    )
  for (const { set, tag, fault: spoilt } of seals) {
    const signed = readTags(set.signature)
    if (spoilt) return end('fail', 'structure', `the seal ${set.instance} cannot be read: ${spoilt}`)
    if (signed.fault)
      return end('fail', 'structure', `the message signature ${set.instance} cannot be read: ${signed.fault}`)
    if (coversSeal(signed.tag('h') ?? ''))
      return end('fail', 'structure', `the message signature ${set.instance} covers ARC-Seal, which it must not`)
    const wanted = set.instance === 1 ? 'none' : 'pass'
    if (tag('cv')?.trim().toLowerCase() !== wanted)
      return end(
        'fail',
        'structure',
        `the seal ${set.instance} says cv=${(tag('cv') ?? '').slice(0, 20)}, not ${wanted}`,
      )
    if (tag('h') !== null)
      return end('fail', 'structure', `the seal ${set.instance} has a tag h=, which it must not have`)
    const absent = ['a', 'b', 'd', 's'].find(name => !tag(name))
    if (absent) return end('fail', 'structure', `the seal ${set.instance} has no ${absent}= tag`)
  }
  // Verifiers look at all of a chain, however long: lookups of keys are few, since servers seal with few keys.
  const outcomes = await Promise.all([
    sealedMessage(newest.set, fields, body, lookup, at, certain),
    ...seals.map(({ set, tag }, index) => sealed(sets.slice(0, index + 1), set, tag, lookup)),
  ])
  const bad = outcomes.find(item => item.result === 'fail') ?? outcomes.find(item => item.result === 'unknown')
  return bad ? end(bad.result, bad.fault, bad.reason) : end('pass', 'none', '')
}

type Part = { result: 'pass' | 'fail' | 'unknown'; fault: ArcVerdict['fault']; reason: string }

const sealedMessage = async (
  set: ArcSet,
  fields: readonly HeaderField[],
  body: BodyHasher,
  lookup: KeyLookup,
  at: number,
  certain: boolean,
): Promise<Part> => {
  const signature = readSignature(set.signature, 'arc')
  const { result, fault, reason } = await verifySignature(signature, fields, body, lookup, at, certain)
  if (result === 'unknown') return { result, fault: 'dns', reason }
  return {
    result: result === 'pass' ? 'pass' : 'fail',
    fault:
      fault === 'key-missing' || fault === 'key-revoked' ? 'key-missing' : result === 'pass' ? 'none' : 'signature',
    reason: `message signature ${set.instance}: ${reason}`,
  }
}

const sealed = async (
  sets: readonly ArcSet[],
  set: ArcSet,
  tag: (name: string) => string | null,
  lookup: KeyLookup,
): Promise<Part> => {
  const trimmed = (name: string): string => (tag(name) ?? '').replace(/\s+/g, '').toLowerCase()
  const algorithm = trimmed('a')
  const fail = (fault: ArcVerdict['fault'], reason: string): Part => ({
    result: 'fail',
    fault,
    reason: `seal ${set.instance}: ${reason}`,
  })
  if (!['rsa-sha256', 'ed25519-sha256'].includes(algorithm))
    return fail('signature', `a=${algorithm.slice(0, 30)} is not used for seals`)
  const domain = trimmed('d')
  const name = `${trimmed('s')}._domainkey.${domain}`
  if (!/^[a-z0-9._-]{3,250}$/.test(name)) return fail('structure', 'd= and s= name no key')
  const keys = chooseKeys(await lookup(name), name, { algorithm, identity: null, domain })
  if ('fault' in keys)
    return keys.fault === 'dns'
      ? { result: 'unknown', fault: 'dns', reason: keys.reason }
      : fail(keys.fault === 'key-missing' || keys.fault === 'key-revoked' ? 'key-missing' : 'signature', keys.reason)
  const data = sets
    .flatMap(item => [item.results.raw, item.signature.raw, item.seal.raw])
    .map((raw, at, all) => canonicalField(at === all.length - 1 ? withoutSignature(raw) : raw, 'relaxed'))
    .join('\r\n')
  const signature = unfold(tag('b') ?? '').replace(/\s+/g, '')
  const good = keys.some(({ key }) => verifies(algorithm, Buffer.from(data, 'latin1'), key, signature))
  return good ? { result: 'pass', fault: 'none', reason: '' } : fail('signature', 'it does not verify')
}
