// Names that somebody may have meant who typed one that does not exist: without its first label, with an end that is often mistyped put
// right, with a doubled letter taken out. Few, so that each can be asked.
import { registrableDomain } from './registrable-domain.ts'

/** Ends as they are mistyped → as they were meant. */
const ends: Readonly<Record<string, string>> = {
  con: 'com',
  cmo: 'com',
  ocm: 'com',
  comm: 'com',
  coom: 'com',
  cm: 'com',
  om: 'com',
  vom: 'com',
  xom: 'com',
  'co,': 'com',
  ent: 'net',
  nte: 'net',
  ne: 'net',
  nett: 'net',
  ogr: 'org',
  rog: 'org',
  og: 'org',
  orgg: 'org',
  oi: 'io',
  ap: 'app',
  appp: 'app',
  dve: 'dev',
  exmaple: 'example',
  exampel: 'example',
}

/** At most this many are asked. */
const most = 8

/** Labels with one of each pair of equal letters taken out, one pair at a time. */
const withoutDouble = (label: string): string[] =>
  [...label.slice(0, 63)].flatMap((letter, at) =>
    at > 0 && letter === label[at - 1] ? [label.slice(0, at) + label.slice(at + 1)] : [],
  )

/** Names near to one that does not exist, the likeliest first; each could be registered. */
export const nearNames = (name: string): string[] => {
  const labels = name.toLowerCase().split('.').slice(0, 12)
  if (labels.length < 2) return []
  const end = labels.at(-1)!
  const head = labels.slice(0, -1)
  const meant = ends[end]
  const mended = meant === undefined ? [] : [[...head, meant].join('.')]
  const shorter = labels.length > 2 ? [labels.slice(1).join('.')] : []
  const withoutWww = /^www[^.]/.test(labels[0]!) ? [[labels[0]!.slice(3), ...labels.slice(1)].join('.')] : []
  const undoubled = head.flatMap((label, at) =>
    withoutDouble(label).map(one => [...head.slice(0, at), one, ...head.slice(at + 1), meant ?? end].join('.')),
  )
  const all = [...shorter, ...mended, ...withoutWww, ...undoubled]
  return [...new Set(all)].filter(one => one !== name && registrableDomain(one) !== null).slice(0, most)
}
