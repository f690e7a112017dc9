// What stands before the place where a file is mounted, or a call is registered: guards that are taken out of their modules right there.

import { moduleImports, resolveImport } from '../repo/module-imports.ts'
import { fileName, isJavaScript } from '../repo/paths.ts'
import { type CodeGraph, type GuardKind, offsetOf, promises } from './graph.ts'
import { guardsOf, type Registration, registrations } from './usage.ts'

/** Files that a place takes in by a `require` amid its arguments, with the name that promises what they do. */
const takenAt = (graph: CodeGraph, path: string, text: string): { file: string; promise: string }[] =>
  moduleImports(path, text)
    .filter(one => one.inline)
    .flatMap(one =>
      resolveImport(path, one, graph.world).map(file => ({
        file,
        promise: one.names[0]?.name ?? fileName(one.from).replace(/\.\w+$/, ''),
      })),
    )

/** Files that a place names by what they were imported as. */
const namedAt = (graph: CodeGraph, path: string, text: string): { file: string; promise: string }[] => {
  const words = new Set(text.match(/[\w$]+/g))
  return (graph.imports.get(path) ?? [])
    .filter(({ inline }) => !inline)
    .flatMap(({ file, names }) =>
      names.filter(({ as }) => words.has(as)).map(({ name, as }) => ({ file, promise: name === '*' ? as : name })),
    )
}

/** Names of what counts requests: it may look who is there, and lets everybody in. */
const bounds = /limit|quota|usage|credit|throttle/i

/** Whether a place asks: by itself, or by a module that registers no routes. */
const asks = (graph: CodeGraph, path: string, { text }: Registration, kind: GuardKind): boolean =>
  guardsOf(path, text)[kind] ||
  [...takenAt(graph, path, text), ...namedAt(graph, path, text)].some(
    ({ file, promise }) =>
      promises(promise) &&
      !(kind === 'authentication' && bounds.test(promise)) &&
      registrations(graph.read(file)).length === 0 &&
      guardsOf(file, graph.read(file))[kind],
  )

/** The address that a place begins with; empty for every request. */
const addressOf = ({ text }: Registration): string =>
  (/^\(\s*(['"`])([^'"`\n]{1,200})\1/.exec(text)?.[2] ?? '').replace(/\/?\*$|\/$/, '')

/** What stands first where no address does: a guard, or a function written there. A name that promises nothing may be an address. */
const isForAll = ({ text }: Registration): boolean => {
  const first = /^\(\s*\[?\s*(?:async\s+)?([\w$.]+|\()/.exec(text)?.[1] ?? ''
  return first === '(' || first === 'function' || first === 'require' || first.split('.').some(promises)
}

const covers = (one: Registration, other: Registration): boolean => {
  const prefix = addressOf(one)
  const address = addressOf(other)
  if (prefix === '' && !/^\(\s*['"`]/.test(one.text)) return isForAll(one)
  return prefix === '' || address === prefix || address.startsWith(`${prefix}/`)
}

/** Whether a place takes in a line of its text. */
export const isIn = (text: string, line: number): ((place: Registration) => boolean) => {
  const from = offsetOf(text, line)
  const to = text.indexOf('\n', from)
  return place => place.at <= (to < 0 ? text.length : to) && from < place.end
}

/** Whether every place of a file that is meant stands behind such a guard: in its own arguments, or in those of one before it. */
const allBehind = (
  graph: CodeGraph,
  path: string,
  isMeant: (place: Registration) => boolean,
  kind: GuardKind,
): boolean => {
  const text = graph.read(path)
  if (!isJavaScript(path)) return false
  const places = registrations(text)
  const meant = places.filter(isMeant)
  return (
    meant.length > 0 &&
    meant.every(one =>
      places.some(
        other =>
          (other === one ||
            (other.at < one.at && covers(other, one) && /^\w+\.(?:use|all)\b/.test(text.slice(other.at)))) &&
          asks(graph, path, other, kind),
      ),
    )
  )
}

/** Whether a file mounts another behind a guard, wherever it does. */
export const isMountedBehind = (graph: CodeGraph, path: string, mounted: string, kind: GuardKind): boolean => {
  const taken = (graph.imports.get(path) ?? []).filter(({ file, inline }) => file === mounted && !inline)
  const names = new Set(taken.flatMap(one => one.names.map(({ as }) => as)))
  return allBehind(
    graph,
    path,
    ({ text }) =>
      (text.match(/[\w$]+/g) ?? []).some(word => names.has(word)) ||
      takenAt(graph, path, text).some(({ file }) => file === mounted),
    kind,
  )
}

/** Whether what stands in a line of a file is registered there, behind a guard. */
export const isRegisteredBehind = (graph: CodeGraph, path: string, line: number, kind: GuardKind): boolean =>
  allBehind(graph, path, isIn(graph.read(path), line), kind)
