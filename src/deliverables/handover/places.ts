// Words that the parts of the handover share: a place in the repository, an answer with who gave it, what is still to be said.
import { type Block, code, joined, type Line, link, note, type Span, worded } from './blocks.ts'
import { type PaperInput, saidBy } from './input.ts'

/** What nobody has said yet, and where it is answered. */
export const unsaid = (what: string, answer: string): Block =>
  note('open', `${what} Nobody has said yet: answer `, code(`handover.${answer}`), '.')

/** A path in the repository as a link of the repository's host, where that is known; else as code. */
export const placeOf = ({ production }: PaperInput, file: string, line?: number): Span => {
  const { remote, defaultBranch } = production.repository ?? {}
  const shown = line === undefined ? file : `${file}:${line}`
  return remote && defaultBranch && /^(?:github|gitlab)\.com\//.test(remote)
    ? link(`https://${remote}/blob/${defaultBranch}/${file}${line === undefined ? '' : `#L${line}`}`, shown)
    : code(shown)
}

/** An answer that is a document of the repository, a link or plain words. */
export const answered = (input: PaperInput, value: string, path: string): Line => {
  const by = saidBy(input, path)
  const file = (input.production.repository?.named ?? []).find(one => one.answer === path)
  const said: Span[] = file
    ? file.exists
      ? ['See ', placeOf(input, file.path)]
      : ['It is said to stand in ', code(file.path), ', a file that the repository does not have']
    : URL.canParse(value)
      ? ['See ', link(value)]
      : worded(value)
  return [...said, ...(by ? [` (said by ${by})`] : [])]
}

/** Documents of the repository that say how something is done, as one line; empty where there is none. */
export const writtenDown = (input: PaperInput, topic: string): Line[] => {
  const documents = (input.production.repository?.documents ?? []).filter(one => one.topic === topic)
  return documents.length
    ? [['Written down in ', ...joined(documents.slice(0, 3).map(({ file, line }) => placeOf(input, file, line))), '.']]
    : []
}
