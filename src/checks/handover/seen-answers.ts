// Answers of the handover that need nobody's knowledge: what was seen is written into the answers file, or into a document.
import type { Change } from '../../core/fix.ts'
import { setting, writeFile } from '../../core/fixes.ts'
import { writtenProcedure } from '../../formats/handover/procedures.ts'
import type { Production } from '../../formats/handover/production.ts'
import { answersFile, type Handover, type Rehearsal } from '../../formats/handover/schema.ts'

/** Beside production: the status page that the config names, and where the site itself sends people who ask. */
export type SeenAnswers = { status: string | null; contact: string | null }

/** An entry of a list of the answers. */
const entry = (list: string, value: Readonly<Record<string, string>>): Change[] => [
  setting(answersFile, `handover.${list}[]`, value),
]

/** The page where one sees whether it is up. */
export const statusUrl = (status: string | null | undefined): string | null => (status ? `https://${status}/` : null)

/** A page for questions; an imprint or a page about the company is none. */
const asksPage =
  /^https?:\/\/[^?#]*\/[\w-]*(?:contact|kontakt|contato|contatti|support|help|hilfe|aide|ayuda|ajuda)[\w-]*\/?$/i

/** Where the site itself sends people who ask, as an entry of `support`; null where that is no address and no page for questions. */
export const contactAnswer = (url: string | null): Change[] | null => {
  if (url === null) return null
  const email = /^mailto:([^\s@<>?]+@[^\s@<>?]+\.[^\s@<>?]+)/i.exec(url)?.[1]
  if (email !== undefined) return entry('support', { what: 'customers', email })
  return asksPage.test(url) ? entry('support', { what: 'customers', url }) : null
}

/** The document, and where the answers have to name it, that too. */
export const procedureChanges = (name: Rehearsal, production: Production, handover: Handover): Change[] | null => {
  const written = writtenProcedure(name, production, handover)
  if (written === null) return null
  const named = name === 'keyRotation' ? [setting(answersFile, 'handover.keyRotation', written.path)] : []
  return [writeFile(written.path, written.content), ...named]
}

const procedureOf: Readonly<Record<string, Rehearsal>> = {
  'deploy.how': 'redeploy',
  rollback: 'rollback',
  keyRotation: 'keyRotation',
}

/** What writes one answer, by its key; null where only people know it. */
export const seenAnswer = (
  answer: string,
  { production, handover, seen }: { production: Production; handover: Handover; seen: SeenAnswers },
): Change[] | null => {
  if (answer === 'links') {
    const url = statusUrl(seen.status)
    return url === null ? null : entry('links', { what: 'monitoring', url })
  }
  if (answer === 'support') return contactAnswer(seen.contact)
  const name = procedureOf[answer]
  return name === undefined ? null : procedureChanges(name, production, handover)
}
