// YAML from strangers: bounded aliases, and the line of every node, so that a finding can point at it.
import { type Document, isCollection, isMap, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { aroundLine, type Spot } from '../patch.ts'
import { yamlRefusal } from '../yaml-bounds.ts'

export type YamlPath = readonly (string | number)[]

export type YamlFile = {
  value: unknown
  /** Line of a key or an item, counted from 1; of the nearest node above when the path leads nowhere. */
  lineOf(path: YamlPath): number
  /** Line on which the text of a scalar begins: for a block scalar (`|`), the one after the mark. */
  textLineOf(path: YamlPath): number
  /** Where a block list or mapping takes another entry: behind its last line, as far in as its entries; null where it is written in one line or is none. */
  endOf(path: YamlPath): Spot | null
}

/** Characters of a file that are read. */
export const maxYamlLength = 512 * 1024

type Problem = { problem: string; line: number }

const firstLine = (message: string): string => message.split('\n')[0]!.slice(0, 160)

/** The first document of a text, with the lines of its nodes. */
const firstDocument = (text: string, counter: LineCounter): Document.Parsed | Problem => {
  try {
    const all = parseAllDocuments(text, {
      lineCounter: counter,
      merge: true,
      strict: false,
      uniqueKeys: false,
      logLevel: 'silent',
    })
    return (all[0] as Document.Parsed | undefined) ?? { problem: 'it is empty', line: 1 }
  } catch (error) {
    return { problem: firstLine(String((error as Error).message)), line: 1 }
  }
}

/** Walks a path down the nodes: the last key or item on the way, and the node it leads to (null where it leads nowhere). */
const nodeAt = (document: Document.Parsed, path: YamlPath): { key: Node | null; node: Node | null } => {
  let key: Node | null = null
  let node = document.contents as Node | null
  for (const step of path) {
    if (!node || !isCollection(node)) return { key, node: null }
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(step))
      if (!pair) return { key, node: null }
      key = pair.key as Node
      node = pair.value as Node | null
    } else {
      const item = (node.items as Node[])[Number(step)]
      if (!item) return { key, node: null }
      key = item
      node = item
    }
  }
  return { key, node }
}

/** Parses the first document. `problem` when it cannot be read: a syntax error with its line, or anchors that multiply. */
export const readYaml = (text: string): YamlFile | Problem => {
  if (text.length > maxYamlLength) return { problem: 'it is larger than 512 kB', line: 1 }
  const refusal = yamlRefusal(text)
  if (refusal !== null) return { problem: refusal, line: 1 }
  const counter = new LineCounter()
  const document = firstDocument(text, counter)
  if ('problem' in document) return document
  const fault = document.errors[0]
  if (fault) return { problem: firstLine(fault.message).replace(/:$/, ''), line: fault.linePos?.[0].line ?? 1 }
  let value: unknown
  try {
    // Every alias may multiply what it stands for: more than this many is no pipeline.
    value = document.toJS({ maxAliasCount: 200 })
  } catch {
    return { problem: 'its anchors multiply beyond bounds', line: 1 }
  }
  const lineAt = (offset: number): number => counter.linePos(offset).line
  const keyLine = (key: Node | null): number => (key?.range ? lineAt(key.range[0]) : 1)
  return {
    value,
    lineOf: path => keyLine(nodeAt(document, path).key),
    textLineOf: path => {
      const { key, node } = nodeAt(document, path)
      if (!node || !isScalar(node) || !node.range) return keyLine(key)
      return lineAt(node.range[0]) + (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? 1 : 0)
    },
    endOf: path => {
      const { node } = nodeAt(document, path)
      if (!node?.range || !isCollection(node) || node.flow || node.items.length === 0) return null
      const [start, end] = node.range
      const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
      if (!/^ *$/.test(indent)) return null
      const last = lineAt(start) + text.slice(start, end).trimEnd().split('\n').length - 1
      return { at: aroundLine(text, last), indent }
    },
  }
}
