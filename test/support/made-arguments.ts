// Calls every exported function of a module with hostile text: the parameters' types are read from the source, and every text in
// them, however deep, is the hostile one. What cannot be made (a class, a type worked out by another type) is left undefined.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from '@babel/parser'

// biome-ignore lint/suspicious/noExplicitAny: a syntax tree, walked by its kinds
type Node = any
type Module = {
  types: Map<string, Node>
  imports: Map<string, { from: string; name: string }>
  functions: Map<string, Node[]>
  texts: string[]
}

const modules = new Map<string, Module>()
const deepest = 6

const literalsIn = (node: Node, into: Record<'patterns' | 'strings', Set<string>>): void => {
  if (node === null || typeof node !== 'object') return
  if (Array.isArray(node)) {
    for (const item of node) literalsIn(item, into)
    return
  }
  if (node.type === 'StringLiteral' && node.value.length > 1 && node.value.length < 40) into.strings.add(node.value)
  if (node.type === 'RegExpLiteral')
    for (const piece of String(node.pattern)
      .replace(/\\[bBwWdDsS]|\[[^\]]*\]|\(\?(?::|=|!|<[=!])|[()?*+^$|]|\{\d+(?:,\d*)?\}/g, '\u0000')
      .replace(/\\(.)/g, '$1')
      .split('\u0000'))
      if (piece.length > 0 && piece.length < 30) into.patterns.add(piece)
  for (const [key, value] of Object.entries(node)) if (key !== 'loc' && key !== 'source') literalsIn(value, into)
}

const declared = (node: Node): [string, Node[]][] => {
  const { declaration } = node
  if (declaration?.type === 'FunctionDeclaration') return [[declaration.id.name, declaration.params]]
  return (declaration?.declarations ?? []).flatMap((item: Node): [string, Node[]][] =>
    item.init?.type === 'ArrowFunctionExpression' ? [[item.id.name, item.init.params]] : [],
  )
}

/** What a module exports and declares. */
export const readModule = (path: string): Module => {
  const known = modules.get(path)
  if (known) return known
  const { program } = parse(readFileSync(path, 'utf8'), { sourceType: 'module', plugins: ['typescript'] })
  const found: Module = { types: new Map(), imports: new Map(), functions: new Map(), texts: [] }
  modules.set(path, found)
  const literals = { patterns: new Set<string>(), strings: new Set<string>() }
  for (const node of program.body as Node[]) {
    if (node.type === 'ImportDeclaration') {
      for (const item of node.specifiers)
        if (node.source.value.startsWith('.'))
          found.imports.set(item.local.name, {
            from: join(dirname(path), node.source.value),
            name: item.imported?.name ?? 'default',
          })
      continue
    }
    literalsIn(node, literals)
    const inner = node.type === 'ExportNamedDeclaration' ? node.declaration : node
    if (inner?.type === 'TSTypeAliasDeclaration') found.types.set(inner.id.name, inner.typeAnnotation)
    if (inner?.type === 'TSInterfaceDeclaration')
      found.types.set(inner.id.name, { type: 'TSTypeLiteral', members: inner.body.body })
    if (node.type === 'ExportNamedDeclaration')
      for (const [name, params] of declared(node)) found.functions.set(name, params)
  }
  // Patterns look back and ahead; words that are only compared do not.
  found.texts = [...new Set([...literals.patterns, ...literals.strings])]
  return found
}

const named = (name: string, at: string): { node: Node; at: string } | null => {
  const { types, imports } = readModule(at)
  const own = types.get(name)
  if (own) return { node: own, at }
  const far = imports.get(name)
  return far && existsSync(far.from) ? named(far.name, far.from) : null
}

/** Which place of text is hostile, counted as the types are walked; the others hold a word. Two long texts would be a product. */
const places = { seen: 0, hostile: 0 }

const textAt = (text: string): string => (places.seen++ === places.hostile ? text : 'a.test')

const plain: Record<string, (text: string) => unknown> = {
  TSStringKeyword: textAt,
  TSNumberKeyword: () => 1,
  TSBooleanKeyword: () => true,
  TSNullKeyword: () => null,
  TSUnknownKeyword: textAt,
  TSAnyKeyword: textAt,
  TSBigIntKeyword: () => 1n,
}

const wide: Record<string, (make: (node: Node) => unknown, inner: Node[], text: string) => unknown> = {
  Record: (make, [, value]) => ({ a: make(value), 'b.test': make(value) }),
  ReadonlyMap: (make, [key, value]) => new Map([[make(key), make(value)]]),
  Map: (make, [key, value]) => new Map([[make(key), make(value)]]),
  ReadonlySet: (make, [item]) => new Set([make(item)]),
  Set: (make, [item]) => new Set([make(item)]),
  Iterable: (make, [item]) => [make(item)],
  Array: (make, [item]) => listOf(make, item),
  ReadonlyArray: (make, [item]) => listOf(make, item),
  Readonly: (make, [item]) => make(item),
  Partial: (make, [item]) => make(item),
  Required: (make, [item]) => make(item),
  NonNullable: (make, [item]) => make(item),
  Pick: (make, [item]) => make(item),
  Omit: (make, [item]) => make(item),
  Extract: (make, [item]) => make(item),
  Exclude: (make, [item]) => make(item),
  Buffer: (_make, _inner, text) => Buffer.from(textAt(text)),
  Uint8Array: (_make, _inner, text) => Buffer.from(textAt(text)),
  Date: () => new Date('2026-11-29T00:00:00Z'),
}

// One hostile text, and its lines: what readers are handed is text, or text that was cut up before.
const listOf = (make: (node: Node) => unknown, item: Node): unknown[] => {
  const one = make(item)
  return typeof one === 'string' ? [one, ...one.split(/[\n,;]/).slice(0, 20_000)] : [one]
}

/** A value of the type, with the hostile text in every place of text. */
const made = (node: Node, at: string, text: string, depth = 0): unknown => {
  if (!node || depth > deepest) return undefined
  const make = (inner: Node): unknown => made(inner, at, text, depth + 1)
  const simple = plain[node.type]
  if (simple) return simple(text)
  switch (node.type) {
    case 'TSTypeAnnotation':
    case 'TSParenthesizedType':
    case 'TSTypeOperator':
    case 'TSOptionalType':
      return made(node.typeAnnotation, at, text, depth)
    case 'TSLiteralType':
      return node.literal.value
    case 'TSArrayType':
      return listOf(make, node.elementType)
    case 'TSTupleType':
      return node.elementTypes.map((item: Node) => make(item.elementType ?? item))
    case 'TSUnionType':
      return make(node.types.find((item: Node) => !/Null|Undefined/.test(item.type)) ?? node.types[0])
    case 'TSIntersectionType':
      return Object.assign({}, ...node.types.map(make))
    case 'TSFunctionType':
      return () => make(node.typeAnnotation)
    case 'TSTypeLiteral':
      return Object.fromEntries(
        node.members
          .filter((item: Node) => item.type === 'TSPropertySignature')
          .map((item: Node) => [item.key.name ?? item.key.value, make(item.typeAnnotation)]),
      )
    case 'TSIndexedAccessType':
      return undefined
    case 'TSTypeReference': {
      const name = node.typeName.name ?? node.typeName.right?.name
      const inner = (node.typeParameters ?? node.typeArguments)?.params ?? []
      const known = wide[name]
      if (known) return known(make, inner, text)
      const found = named(name, at)
      return found ? made(found.node, found.at, text, depth + 1) : undefined
    }
    default:
      return undefined
  }
}

const madeAll = (path: string, params: readonly Node[], text: string): unknown[] =>
  params.map(param => (param.type === 'AssignmentPattern' ? undefined : made(param.typeAnnotation, path, text)))

/** How many places of text the parameters have. */
export const placesIn = (path: string, params: readonly Node[]): number => {
  Object.assign(places, { seen: 0, hostile: -1 })
  madeAll(path, params, '')
  return places.seen
}

/** Arguments for a function of the module: the text at `place` is `text`, the others a word. */
export const argumentsFor = (path: string, params: readonly Node[], text: string, place: number): unknown[] => {
  Object.assign(places, { seen: 0, hostile: place })
  return madeAll(path, params, text)
}
