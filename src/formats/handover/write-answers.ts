// Writes answers into the text of an answers file: what else stands there, comments too, stays.
import { Document, parseDocument } from 'yaml'
import { textsIn } from '../texts-in.ts'
import { yamlRefusal } from '../yaml-bounds.ts'
import { answersVersion, type DrillRecord, handoverShape, type Said } from './schema.ts'
import { secretIn } from './secret-values.ts'

export type Answer = { path: string; value: unknown }

const fresh = (): Document => {
  const document = new Document({ version: answersVersion, handover: {}, said: {} })
  document.commentBefore =
    ' Who can run this product: answers of people, with who said it and when. No secrets. launch-ready handover write asks.'
  return document
}

/** Before there were versions the section stood at the top of the file. */
const asVersioned = (document: Document): void => {
  if (document.get('version') === answersVersion) return
  const flat = Object.keys(handoverShape.shape).filter(key => document.has(key))
  if (!document.has('handover')) document.set('handover', document.createNode({}))
  for (const key of flat) {
    document.setIn(['handover', key], document.get(key, true))
    document.delete(key)
  }
  document.set('version', answersVersion)
}

const opened = (text: string | null): Document => {
  const refusal = text === null ? null : yamlRefusal(text)
  if (refusal !== null) throw new Error(`the answers file is not read: ${refusal}`)
  const document = text === null || text.trim() === '' ? fresh() : (parseDocument(text) as unknown as Document)
  if (document.contents === null) return fresh()
  asVersioned(document)
  return document
}

const printed = (document: Document): string => document.toString({ lineWidth: 110 })

/** The text with these answers in it, each with who said it and when. */
export const withAnswer = (text: string | null, answers: readonly Answer[], said: Said): string => {
  const document = opened(text)
  for (const { path, value } of answers) {
    document.setIn(['handover', ...path.split('.')], document.createNode(value))
    if (!document.has('said')) document.set('said', document.createNode({}))
    document.setIn(['said', path], document.createNode(said))
  }
  return printed(document)
}

/** The text with the record of a drill, and the day of the rehearsal. */
export const withDrill = (text: string | null, record: DrillRecord, said: Said): string => {
  const document = opened(text)
  if (document.has('drills')) document.addIn(['drills'], document.createNode(record))
  else document.set('drills', document.createNode([record]))
  const path = `rehearsed.${record.drill}`
  document.setIn(['handover', ...path.split('.')], record.at.slice(0, 10))
  if (!document.has('said')) document.set('said', document.createNode({}))
  document.setIn(['said', path], document.createNode(said))
  return printed(document)
}

/** The section that holds one value at a path, nothing else. */
const sectionWith = (path: string, value: unknown): unknown =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)

/** Characters of one answer. */
const longest = 2000

/** Reads what somebody typed for a path: as text, list, yes or no, number or JSON, whichever the answer takes; or why not. */
export const readAnswer = (path: string, typed: string): { value: unknown } | { wrong: string } => {
  if (typed.length > longest) return { wrong: `expected at most ${longest} characters` }
  const yes = /^(?:y|yes|true|on)$/i.test(typed) ? [true] : /^(?:n|no|false|off)$/i.test(typed) ? [false] : []
  const json = (): unknown[] => {
    try {
      return [JSON.parse(typed)]
    } catch {
      return []
    }
  }
  const items = typed
    .split(',')
    .map(item => item.trim())
    .filter(Boolean)
  const candidates: unknown[] = [
    ...(/^[[{]/.test(typed) ? json() : []),
    typed,
    ...yes,
    items,
    ...(/^\d+$/.test(typed) ? [Number(typed)] : []),
  ]
  const secret = secretIn(typed) ?? textsIn(candidates[0]).map(secretIn).find(Boolean)
  if (secret)
    return { wrong: `this looks like ${secret}; a handover names secrets and never holds them: say where it is kept` }
  for (const value of candidates) if (handoverShape.safeParse(sectionWith(path, value)).success) return { value }
  const parsed = handoverShape.safeParse(sectionWith(path, typed))
  const issue = parsed.success ? null : parsed.error.issues[0]!
  return {
    wrong: issue?.code === 'unrecognized_keys' ? `there is no answer "${path}"` : (issue?.message ?? 'not understood'),
  }
}
