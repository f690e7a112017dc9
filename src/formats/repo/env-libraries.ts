// Libraries of JavaScript that read the environment by names that they are given: env-var, convict, nconf, the schema of Astro.
import { identifier, isMember, isNode, type Node, textOf, walk } from './javascript-nodes.ts'

/** The libraries, by the names that they are imported under. */
const libraries = new Set(['env-var', 'convict', 'nconf'])
/** Files that name none of them are not read for it. */
export const namesLibrary = /['"](?:env-var|convict|nconf)['"]|\benvField\b/

/** Which library a name of a file stands for. */
export type Libraries = Map<string, string>

/** Remembers what an import or a declaration names a library. */
export const rememberLibrary = (known: Libraries, node: Node): void => {
  if (node.type === 'ImportDeclaration') {
    const from = textOf(node.source) ?? ''
    if (libraries.has(from)) for (const one of node.specifiers as Node[]) known.set(textOf(one.local) ?? '', from)
    return
  }
  const init = node.init as Node | null
  if (init?.type !== 'CallExpression' || identifier(init.callee) !== 'require') return
  const from = textOf((init.arguments as Node[])[0]) ?? ''
  if (libraries.has(from)) known.set(identifier(node.id) ?? '', from)
}

export type LibraryRead = { name: string; node: Node; hasDefault: boolean; strict: boolean; side?: 'browser' }

type Call = { node: Node; callee: Node; args: Node[]; source: string }

const propertiesOf = (object: unknown): Node[] =>
  (object as Node | undefined)?.type === 'ObjectExpression' ? ((object as Node).properties as Node[]) : []
const propertyOf = (object: unknown, name: string): Node | undefined =>
  propertiesOf(object).find(one => one.type === 'ObjectProperty' && textOf(one.key) === name)?.value as Node | undefined

/** The library whose method or function a call is. */
const libraryOf = (callee: Node, known: Libraries): string | undefined => {
  let from: unknown = callee
  while (isNode(from) && !identifier(from)) from = from.object ?? from.callee
  return known.get(identifier(from) ?? '')
}

/** Characters behind a call in which its chain goes on. */
const mostOfChain = 400

/** `env.get('NAME').required()`: without a demand it may lack. */
const byEnvVar = ({ node, callee, args: [name], source }: Call): LibraryRead[] => {
  if (!isMember(callee) || textOf(callee.property) !== 'get' || !textOf(name)) return []
  const end = node.end ?? 0
  const chain = /^(?:\s{0,80}\.\s{0,20}\w{1,40}\([^()]{0,200}\))*/.exec(source.slice(end, end + mostOfChain))![0]
  const strict = /\.required\(/.test(chain)
  return [{ name: textOf(name)!, node, hasDefault: /\.default\(/.test(chain) || !strict, strict }]
}

/** `convict({ key: { default: null, env: 'NAME' } })`, at any depth. */
const byConvict = ({ args: [schema] }: Call): LibraryRead[] => {
  const found: LibraryRead[] = []
  if (schema)
    walk(schema, node => {
      const name = textOf(propertyOf(node, 'env'))
      if (!name) return
      const given = propertyOf(node, 'default')
      found.push({ name, node, hasDefault: given !== undefined && given.type !== 'NullLiteral', strict: false })
    })
  return found
}

/** `nconf.env().required(['NAME'])`. */
const byNconf = ({ node, callee, args: [list] }: Call): LibraryRead[] =>
  isMember(callee) && textOf(callee.property) === 'required' && list?.type === 'ArrayExpression'
    ? (list.elements as Node[]).flatMap(one => {
        const name = textOf(one)
        return name && /^[A-Z][A-Z0-9_]*$/.test(name) ? [{ name, node, hasDefault: false, strict: true }] : []
      })
    : []

/** `env: { schema: { NAME: envField.string({ … }) } }` of Astro. */
const byAstro = ({ args: [options] }: Call): LibraryRead[] =>
  propertiesOf(propertyOf(propertyOf(options, 'env'), 'schema')).flatMap(field => {
    const call = field.value as Node
    if (call?.type !== 'CallExpression' || !isMember(call.callee) || identifier(call.callee.object) !== 'envField')
      return []
    const [how] = call.arguments as Node[]
    const lacks = propertyOf(how, 'default') !== undefined || propertyOf(how, 'optional') !== undefined
    const side = textOf(propertyOf(how, 'context')) === 'client' ? { side: 'browser' as const } : {}
    return [{ name: textOf(field.key) ?? '', node: field, hasDefault: lacks, strict: !lacks, ...side }]
  })

const readers: Readonly<Record<string, (call: Call) => LibraryRead[]>> = {
  'env-var': byEnvVar,
  convict: byConvict,
  nconf: byNconf,
}

/** Variables that a call of such a library reads. */
export const libraryReads = (call: Call, known: Libraries): LibraryRead[] => {
  if (identifier(call.callee) === 'defineConfig') return byAstro(call)
  const library = known.size ? libraryOf(call.callee, known) : undefined
  return library ? readers[library]!(call) : []
}
