// Whether two people mean the same company: `Namecheap`, `NameCheap, Inc.`; `AWS`, `Amazon Route 53`. And whether they name one at all.
import { companyNames, companyNoise, soldBy } from '../../data/companies.ts'

const longestName = 200

/** The words of a name that tell which company it is; all of them where none does. */
const wordsOf = (name: string): string[] => {
  const words =
    name
      .slice(0, longestName)
      .toLowerCase()
      .replace(/(\w)&(\w)/g, '$1und$2')
      .match(/[a-z0-9]+/g) ?? []
  const telling = words.filter(word => !companyNoise.has(word))
  return telling.length ? telling : words
}

const mostJoined = 3

/** Words that stand side by side, joined: `go daddy` holds `go`, `daddy` and `godaddy`. */
const runsOf = (words: readonly string[]): Set<string> =>
  new Set(
    words.flatMap((_, at) =>
      Array.from({ length: Math.min(mostJoined, words.length - at) }, (__, more) =>
        words.slice(at, at + more + 1).join(''),
      ),
    ),
  )

const companiesIn = (runs: ReadonlySet<string>): string[] =>
  companyNames.filter(names => names.some(name => runs.has(name))).map(([first]) => first!)

/** Who sells what the other runs. */
const isSoldBy = (what: keyof typeof soldBy, seller: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  Object.entries(soldBy[what]).some(([name, others]) => seller.has(name) && others.some(one => other.has(one)))

/** True where both name one company, by any of its usual names; of a registration or of records also where one sells what the other runs. */
export const sameCompany = (a: string, b: string, what?: keyof typeof soldBy): boolean => {
  const [one, other] = [wordsOf(a), wordsOf(b)]
  if (one.length === 0 || other.length === 0) return true
  const [runs, others] = [runsOf(one), runsOf(other)]
  if (runs.has(other.join('')) || others.has(one.join(''))) return true
  const [known, knownOther] = [new Set([...runs, ...companiesIn(runs)]), new Set([...others, ...companiesIn(others)])]
  return (
    companiesIn(runs).some(name => knownOther.has(name)) ||
    (what !== undefined && (isSoldBy(what, known, knownOther) || isSoldBy(what, knownOther, known)))
  )
}

const nobody =
  /^(?:[-–—?]+|n\/?a|tbd|nil|null|nobody|nothing|unknown|without|no|none|not|kein|keine|keiner|keins|ohne|aucun|aucune|sans|ninguno|ninguna|sin|no hay|pas|nessun|non|não há|ingen|inget|inga|brak|žádný|нет|без|没有|无|なし|없음|nessuno|nessuna|senza|geen|nenhum|nenhuma|sem)(?=$|[\s,.;:()])/iu
const another = /\b(?:same|see|as above|siehe|wie|gleich|idem|igual)\b/i

/** Whether an answer names nobody: `none`, `no CDN`, `keiner`. */
export const namesNobody = (answer: string): boolean => nobody.test(answer.trim())

/** Whether an answer says that there is no such thing, and nothing else: `none`, `keine`, `not possible`. */
export const saysNone = (answer: string): boolean =>
  namesNobody(answer) && /^[^\s:;,]+(?:\s[^\s:;,]+)?$/.test(answer.trim())

/** The companies that an answer names, by their first names. */
export const companiesNamed = (answer: string): string[] => companiesIn(runsOf(wordsOf(answer)))

/** Whether an answer leads to another one: `same as the registrar`. */
export const namesAnother = (answer: string): boolean => another.test(answer)

/** An address as its mailbox: without a name before it, without case, without what stands behind a plus; dots of Gmail mean nothing. */
export const mailboxOf = (who: string): string => {
  const address = /<([^<>\s]+@[^<>\s]+)>/.exec(who.slice(0, longestName))?.[1] ?? who
  const at = address.lastIndexOf('@')
  if (at < 0) return address.trim().toLowerCase().replace(/\s+/g, ' ')
  const domain = address
    .slice(at + 1)
    .trim()
    .toLowerCase()
  const box = address.slice(0, at).trim().toLowerCase().replace(/\+.*$/, '')
  return /^(?:gmail|googlemail)\.com$/.test(domain) ? `${box.replaceAll('.', '')}@gmail.com` : `${box}@${domain}`
}

/** Characters of a branch's name at most: git keeps each as a file. */
const longestBranch = 255

/** A branch as git names it, out of `origin/main`, `refs/heads/main`, `the main branch`; null where it is a sentence. */
export const branchNamed = (answer: string): string | null => {
  if (answer.length > 2 * longestBranch) return null
  const name = answer
    .trim()
    .replace(/^(?:the|branch)\s+/i, '')
    .replace(/\s+branch\.?$/i, '')
    .replace(/^[`'"]|[`'"]$/g, '')
    .replace(/^(?:refs\/(?:heads|remotes\/[^/]+)|origin|upstream)\//, '')
  return /^[^\s~^:?*[\\]+$/.test(name) ? name : null
}
