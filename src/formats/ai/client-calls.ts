// Calls of a language model through what a file takes from a package for models: the names that it imports, the clients made of them, and
// the first method of theirs that costs money. Where a call is known by its package, its spelling matters little.

/** Last words of methods that ask a model; those that list models or count tokens cost nothing. */
const asks =
  /^(?:create\w{0,20}|stream\w{0,20}|parse|generate\w{0,30}|a?complet(?:e|ion)\w{0,20}|chat\w{0,20}|converse\w{0,20}|invoke\w{0,20}|a?run\w{0,20}|ask|query|send|predict|subscribe|textGeneration|New|NewStreaming|Generate\w{0,30}|CreateMessages?\w{0,10}|CreateChat\w{0,30}|kickoff|edit|transcribe)$/
/** What is created and is no answer: threads, files, keys, collections. */
const noAnswer =
  /\.(?:files|threads|vector_?[sS]tores|fine_?[tT]uning|batches|assistants|uploads|keys|tokens|moderations|messages\.batches|webhooks|caches|tunings)\.|count_?tokens|Id\(/i
/** What answers without a length: a picture costs what it costs. */
const noText =
  /\.(?:images?|embeddings|audio|speech|moderations|transcriptions?)\b|[iI]mages?$|[eE]mbed|[sS]peech|[tT]ranscri/

/** Names that a clause of an import binds: `OpenAI, { run as ask }`, `* as sdk`, `a, b as c`. */
const boundBy = (clause: string): string[] =>
  clause
    .replace(/[{}()]/g, ',')
    .split(',')
    .map(part =>
      part
        .trim()
        .replace(/^type\s.*/, '')
        .replace(/^.*\sas\s+/, '')
        .replace(/^\*\s*/, ''),
    )
    .filter(name => /^[A-Za-z_$][\w$]{0,60}$/.test(name))

const fromJavaScript = /^[ \t]*import\s+(?!type\b)([\w$\s{},*]{1,600}?)\s+from\s+['"](?:npm:|jsr:)?([@\w./-]{1,80})/gm
const required =
  /\b(?:const|let|var)\s+([\w$\s{},:]{1,300}?)\s*=\s*(?:await\s+import|require)\(\s*['"]([@\w./-]{1,80})['"]/gm
const fromPython = /^[ \t]*from[ \t]+([\w.]{1,80})[ \t]+import[ \t]+(\([^)]{1,600}\)|[^\n#]{1,300})/gm
const python = /^[ \t]*import[ \t]+([\w.]{1,80})(?:[ \t]+as[ \t]+(\w{1,60}))?[ \t]*$/gm
const go = /^[ \t]*(?:import[ \t]+)?(?:(\w{1,40})[ \t]+)?"((?:github\.com|google\.golang\.org)\/[\w./-]{1,100})"/gm

/** A module as packages are named: `google.genai` and `google_genai` are `google-genai`. */
const asPackage = (module: string): string[] => {
  const parts = module.split('.')
  return [parts.slice(0, 2).join('-'), parts[0]!].map(name => name.replaceAll('_', '-'))
}

/** The name that Go gives a package by itself: its last part, its version and `go-` left out. */
const goName = (path: string): string =>
  path
    .replace(/\/v\d+$/, '')
    .replace(/^.*\//, '')
    .replace(/^go-|-go$|-sdk-go$/g, '')

/** Names in a text that come from a package for models. */
const importedNames = (text: string, isModels: (packages: readonly string[]) => boolean): Set<string> => {
  const names = new Set<string>()
  const add = (bound: readonly string[], packages: readonly string[]): void => {
    if (isModels(packages)) for (const name of bound) names.add(name)
  }
  for (const [, clause, module] of text.matchAll(fromJavaScript)) add(boundBy(clause!), [module!])
  for (const [, clause, module] of text.matchAll(required)) add(boundBy(clause!.replace(/\w+\s*:/g, '')), [module!])
  for (const [, module, clause] of text.matchAll(fromPython)) add(boundBy(clause!), asPackage(module!))
  for (const [, module, other] of text.matchAll(python)) add([other ?? module!.split('.')[0]!], asPackage(module!))
  for (const [, other, path] of text.matchAll(go)) add([other ?? goName(path!)], [path!])
  return names
}

const assigned =
  /(?:\b(?:const|let|var)\s+|\bself\.|\bthis\.|@|^[ \t]*)([A-Za-z_]\w{0,60})(?:\s*:\s*[\w.[\]<>| ]{1,60})?(?:,\s*\w+)?\s*:?=\s*(?:await\s+|new\s+|&)*([A-Za-z_]\w{0,60})[\w.]{0,80}\s*[({]/gm

/** Those names, and what a file makes of them: a client of a class, an agent of a client. */
const clientNames = (text: string, imported: ReadonlySet<string>): Set<string> => {
  const names = new Set(imported)
  for (let round = 0; round < 2; round++)
    for (const [, name, maker] of text.matchAll(assigned)) if (names.has(maker!)) names.add(name!)
  return names
}

const called = /(?:^|[^\w$.'"`])(?:this\.|self\.|@)?([A-Za-z_]\w{0,60})((?:\??\.\w{1,40}){0,5})\s*\(/gm

export type ClientCall = { index: number; isText: boolean }

/** The first call of a model by a name of a package for models; null where there is none. `isModels` knows these packages. */
export const clientCall = (text: string, isModels: (packages: readonly string[]) => boolean): ClientCall | null => {
  const imported = importedNames(text, isModels)
  if (imported.size === 0) return null
  const names = clientNames(text, imported)
  for (const match of text.matchAll(called)) {
    const [whole, name = '', path = ''] = match
    if (!names.has(name)) continue
    const last = path === '' ? name : path.slice(path.lastIndexOf('.') + 1)
    // What makes a client or an agent asks nothing yet.
    if (!asks.test(last) || noAnswer.test(`${name}${path}(`) || /^create[A-Z]|^from/.test(path === '' ? name : ''))
      continue
    return {
      index: match.index + whole.length - whole.trimStart().length,
      isText: !noText.test(path) && !noText.test(name),
    }
  }
  return null
}
