// Whether a front page is gambling from end to end and bears nothing of the name that it stands under: what is left where a site was broken
// into, or where somebody took a name that had run out. Who offers games under a name says the name.
import { gamblingKinds } from '../../data/gambling-words.ts'
import { registrableDomain } from '../dns/registrable-domain.ts'
import type { PageDocument } from './page-document.ts'

/** Kinds and hits that a page has of such words, and one hit in how many words. */
const least = { kinds: 3, hits: 6, shortest: 4 }
const mostPerHit = 25

const squeezed = (words: string): string => words.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

const hitsIn = (words: string): number[] => gamblingKinds.map(kind => words.match(kind)?.length ?? 0)

const total = (hits: readonly number[]): number => hits.reduce((sum, each) => sum + each, 0)

/** The title of such a page; null for any other. */
export const gamblingSpam = ({ url, title, headings, text, alternatives }: PageDocument): string | null => {
  const first = `${title} ${headings[0] ?? ''}`
  if (total(hitsIn(title)) === 0 || total(hitsIn(first)) < 2) return null
  const all = `${first} ${text}`.slice(0, 20_000)
  const hits = hitsIn(all)
  const words = all.split(/\s+/).length
  if (hits.filter(Boolean).length < least.kinds || total(hits) < least.hits || total(hits) * mostPerHit < words)
    return null
  const { hostname } = new URL(url)
  const name = squeezed((registrableDomain(hostname) ?? hostname).split('.')[0]!)
  const isNamed = name.length < least.shortest || squeezed(`${all} ${alternatives}`).includes(name)
  return isNamed ? null : title
}
