// Texts as random as keys in what people name: workflows, jobs, services, branches, files, monitors, channels, clients. A name stands in
// every document, and no rule of a provider tells such a key.
import { entropyOf, isPlaceholder, kindsOfCharacters } from './values.ts'

const shortest = 20
const longest = 512
const mostFound = 200

/** Keys under which digests and addresses stand: random by nature, and no secret. */
const digests =
  /^(?:integrity|resolved|sha\d*|hash|digest|checksum|commit|commits|key|fingerprint|etag|clone|remote|url|href)$/i
/** Keys under which people name things; a file may bear a digest of its content. */
const names = /^(?:name|names|job|jobs|step|environment|branch|branches|service|label|title|subject|message|tag)$/i

/** How often a text changes between small letters, capitals and figures, per character: words do so seldom. */
const changeRate = (text: string): number => {
  const kinds = [...text].map(character => (/[a-z]/.test(character) ? 0 : /[A-Z]/.test(character) ? 1 : 2))
  return kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length / (text.length - 1)
}

/** How much of a text could be words put together: letters in runs as words have them, each begun by a capital or none. */
const wordShare = (text: string): number => (text.match(/[A-Z]?[a-z]{3,}/g) ?? []).join('').length / text.length

/** Capitals and small letters alone: no name that people put together of words has so few in it. */
const isRandomOfLetters = (text: string): boolean =>
  /^(?=.*[a-z])(?=.*[A-Z])[A-Za-z]+$/.test(text) &&
  !isPlaceholder(text) &&
  entropyOf(text) >= 3.5 &&
  changeRate(text) >= 0.3 &&
  wordShare(text) <= 0.4

const isRandom = (text: string, key: string): boolean => {
  if (text.length < shortest || text.length > longest || !/[A-Za-z]/.test(text)) return false
  if (!/\d/.test(text)) return isRandomOfLetters(text)
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 32 && names.test(key) && !isPlaceholder(text)
  if (isPlaceholder(text) || entropyOf(text) < 3.5) return false
  const rate = changeRate(text)
  return kindsOfCharacters(text) === 3 ? rate >= 0.35 : text.length >= 24 && rate >= 0.3
}

/** Links lead somewhere by what is random in them. */
const links = /[a-z][a-z+.-]{1,20}:\/\/\S+/gi
const leastOfParts = 16

/** The random parts of a word: of `prod-<key>` the key alone. What falls into short parts is put together of words. */
const randomParts = (word: string, key: string): string[] =>
  word.split(/[/.]/).flatMap(whole => {
    const parts = whole.split(/[-_+]/).filter(part => part.length >= leastOfParts && !/^[0-9a-f]+$/i.test(part))
    const hexadecimal = whole.split(/[-_+]/).filter(part => isRandom(part, key) && /^[0-9a-f]+$/i.test(part))
    const random = parts.filter(part => isRandom(part, key))
    if (random.length > 0 || hexadecimal.length > 0) return [...random, ...hexadecimal]
    return parts.length > 0 && isRandom(whole, key) ? [whole] : []
  })

const randomIn = (text: string, key: string): string[] =>
  (text.replace(links, '').match(/(?<![\w@/.%-]|sha\d{1,3}:)[\w./+-]+/g) ?? [])
    .filter(word => word.length >= shortest && !/^(?:sha\d+-|pk_)/.test(word))
    .flatMap(word => randomParts(word, key))

const visit = (part: unknown, key: string, see: (text: string, key: string) => void): void => {
  if (typeof part === 'string') see(part, key)
  else if (Array.isArray(part)) for (const item of part) visit(item, key, see)
  else if (part && typeof part === 'object')
    for (const [name, inside] of Object.entries(part)) {
      see(name, key)
      if (!digests.test(name)) visit(inside, name, see)
    }
}

/** The random texts in what stands in a value, keys included. */
export const randomNamesIn = (value: unknown): string[] => {
  const found = new Set<string>()
  visit(value, '', (text, key) => {
    if (text.length >= shortest && found.size < mostFound) for (const word of randomIn(text, key)) found.add(word)
  })
  return [...found]
}
