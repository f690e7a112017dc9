// YAML from strangers: bounded aliases, and the line of every node, so that a finding can point at it.
import { type Document, isCollection, isMap, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml'

export type YamlPath = readonly (string | number)[]

export type YamlFile = {
  value: unknown
  /** Line of a key or an item, counted from 1; of the nearest node above when the path leads nowhere. */
  lineOf(path: YamlPath): number
  /** Line on which the text of a scalar begins: for a block scalar (`|`), the one after the mark. */
  textLineOf(path: YamlPath): number
}

/** Characters of a file that are read. */
export const maxYamlLength = 512 * 1024

/** Parses the first document. `problem` when it cannot be read: a syntax error with its line, or anchors that multiply. */
export const readYaml = (text: string): YamlFile | { problem: string; line: number } => {
  if (text.length > maxYamlLength) return { problem: 'it is larger than 512 kB', line: 1 }
  const counter = new LineCounter()
  let document: Document.Parsed
  try {
    const all = parseAllDocuments(text, {
      lineCounter: counter,
      merge: true,
      strict: false,
      uniqueKeys: false,
      logLevel: 'silent',
    })
    document = all[0] as Document.Parsed
  } catch (error) {
    return {
      problem: String((error as Error).message)
        .split('\n')[0]!
        .slice(0, 160),
      line: 1,
    }
  }
  if (!document) return { problem: 'it is empty', line: 1 }
  const fault = document.errors[0]
  if (fault)
    return {
      problem: fault.message.split('\n')[0]!.replace(/:$/, '').slice(0, 160),
      line: fault.linePos?.[0].line ?? 1,
    }
  let value: unknown
  try {
    // Every alias may multiply what it stands for: more than this many is no pipeline.
    value = document.toJS({ maxAliasCount: 200 })
  } catch {
    return { problem: 'its anchors multiply beyond bounds', line: 1 }
  }
  const lineAt = (offset: number): number => counter.linePos(offset).line
  const find = (path: YamlPath): { key: Node | null; node: Node | null } => {
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
  return {
    value,
    lineOf: path => {
      const { key } = find(path)
      return key?.range ? lineAt(key.range[0]) : 1
    },
    textLineOf: path => {
      const { key, node } = find(path)
      if (node && isScalar(node) && node.range)
        return lineAt(node.range[0]) + (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? 1 : 0)
      return key?.range ? lineAt(key.range[0]) : 1
    },
  }
}
