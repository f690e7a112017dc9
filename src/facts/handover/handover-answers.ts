// What people said of who can run the product: the answers file of the repository over the section of the config.
import { observed } from '../../core/fact.ts'
import { type Answers, noAnswers, parseAnswers, withAnswers } from '../../formats/handover/answers.ts'
import { answersFile, type Handover } from '../../formats/handover/schema.ts'
import { secretIn } from '../../formats/handover/secret-values.ts'
import { isRecord } from '../../formats/is-record.ts'
import type { FactDefinition } from '../definition.ts'
import { createReader } from '../repo/read.ts'

export type HandoverAnswers = Omit<Answers, 'writable'> & {
  path: string
  /** The answers file is there. */
  exists: boolean
  /** Somebody has said something, in the file or in the config. */
  given: boolean
  /** It was asked for: the run is one of `handover`. */
  asked: boolean
  /** The document is being written: that it is not there yet is no fault. */
  writing: boolean
}

/** The config's section without what looks like a secret: the config is refused elsewhere only where it is wrong. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'string') return secretIn(value) === null ? value : undefined
  if (Array.isArray(value)) return value.map(plain).filter(item => item !== undefined)
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  return value
}

const fact: FactDefinition<HandoverAnswers> = {
  on: 'domain',
  async collect(_subject, context) {
    const { repo, sections } = context.target
    const run = (sections['handover'] ?? {}) as { asked?: boolean; writing?: boolean }
    const source = repo === null ? null : createReader(repo).maybe(answersFile, { maxBytes: 1 << 20, whole: true })
    const { writable: _, ...read } = source === null ? noAnswers() : parseAnswers(source)
    const section = (plain(context.config.handover ?? {}) ?? {}) as Handover
    return observed(
      {
        ...read,
        path: answersFile,
        exists: source !== null,
        handover: withAnswers(section, read.handover),
        given: source !== null || Object.keys(section).length > 0,
        asked: run.asked === true,
        writing: run.writing === true,
      },
      context.now(),
    )
  },
}
export default fact
