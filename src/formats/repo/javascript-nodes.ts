// Nodes of a syntax tree of JavaScript, as Babel gives them, and the parser itself.
import type { parse as Parse, ParserPlugin } from '@babel/parser'

export type Node = {
  type: string
  loc?: { start: { line: number } } | null
  start?: number | null
  end?: number | null
  [key: string]: unknown
}
export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
export const lineOf = (node: Node): number => node.loc?.start.line ?? 1

/** The text of a string, of a template without holes, or of a name. */
export const textOf = (node: unknown): string | null => {
  if (!isNode(node)) return null
  if (node.type === 'StringLiteral') return node.value as string
  if (node.type === 'TemplateLiteral') {
    const quasis = node.quasis as { value: { cooked?: string | null } }[]
    return quasis.length === 1 ? (quasis[0]!.value.cooked ?? null) : null
  }
  return node.type === 'Identifier' ? (node.name as string) : null
}

export const isMember = (node: unknown): node is Node =>
  isNode(node) && (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression')
export const identifier = (node: unknown): string | null =>
  isNode(node) && node.type === 'Identifier' ? (node.name as string) : null

/** Whether a module says `'use client'` before its first statement; comments may stand before it. */
export const usesClient = (source: string): boolean => {
  const at = source.slice(0, 20_000).search(/['"]use client['"]/)
  if (at < 0) return false
  const before = source
    .slice(0, at)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/[^\n]*/g, '')
  return before.trim() === ''
}

const pluginsOf = (path: string): ParserPlugin[] => {
  const typescript = /\.[cm]?tsx?$|\.(?:vue|svelte|astro)$/.test(path)
  const jsx = /\.(?:[jt]sx|m?js|cjs)$/.test(path)
  return [
    ...(typescript ? (['typescript'] as const) : (['flow'] as const)),
    ...(jsx ? (['jsx'] as const) : []),
    'decorators-legacy',
    'explicitResourceManagement',
    'topLevelAwait' as ParserPlugin,
  ]
}

export type JavascriptParser = typeof Parse

/** Loads the parser of JavaScript, which is large. */
export const loadParser = async (): Promise<JavascriptParser> => {
  const module = (await import('@babel/parser')) as unknown as {
    parse?: JavascriptParser
    default?: { parse: JavascriptParser }
  }
  // Bundled, what a CommonJS module exports stands under its default.
  return module.parse ?? module.default!.parse
}

/** The program of a file, with what could be read of it where it has faults. Throws where nothing could. */
export const parseProgram = (parse: JavascriptParser, path: string, source: string): Node => {
  const tree = parse(source, {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowImportExportEverywhere: true,
    allowUndeclaredExports: true,
    plugins: pluginsOf(path),
  }) as unknown as Node
  return (tree.program as Node | undefined) ?? tree
}

/** Nodes of one tree that are visited: generated code has more. */
const mostNodes = 2_000_000

const childrenOf = (node: Node): Node[] =>
  Object.keys(node).flatMap(key => {
    if (key === 'loc' || key.endsWith('Comments') || key === 'errors' || key === 'tokens') return []
    const value = node[key]
    return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []
  })

/** Visits every node with its parent, in the order of the text. A stack of our own: generated code nests deeper than a call stack. */
export const walk = (tree: Node, visit: (node: Node, parent: Node | null) => void): void => {
  const stack: [Node, Node | null][] = [[tree, null]]
  let steps = 0
  while (stack.length && steps++ < mostNodes) {
    const [node, parent] = stack.pop()!
    visit(node, parent)
    for (const child of childrenOf(node).reverse()) stack.push([child, node])
  }
}
