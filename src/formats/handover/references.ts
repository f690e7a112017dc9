// What documents on deploying name: branches, scripts, workflows and files. Whether they are still there is for the caller to say.

export type Reference = { line: number; kind: 'branch' | 'script' | 'npm-script' | 'workflow' | 'file'; name: string }

const longestLine = 2000
const mostLines = 5000

const branchWords = [
  /\b(?:push|pushing|pushed|merge|merging|merged)\b[^.\n`]{0,40}?\b(?:to|into)\s+(?:the\s+)?`?([A-Za-z][\w/-]{1,60})`?\s+branch\b/i,
  /\b(?:push|merge|deploy|release)\w*\b[^.\n]{0,60}?\b(?:the|our)\s+`([A-Za-z][\w/.-]{1,60})`\s+branch\b/i,
  /\bgit (?:push|pull)\s+(?:-\S+\s+)*\w+\s+(?:HEAD:)?([A-Za-z][\w/.-]{0,60})(?:\s|`|$)/,
  /\bgit (?:checkout|switch|merge)\s+([A-Za-z][\w/-]{1,60})(?:\s|`|$)/,
]
/** Words that stand for a name. */
const placeholder =
  /^(?:your|my|some|branch|tag|commit|sha|hash|feature|name|previous|last|release)(?:$|[-_/])|(?:branch|name|sha|hash|tag)$/i
const npmScript = /\b(?:npm run|pnpm run|pnpm run-script|yarn run|bun run)\s+([a-z][\w:.-]{0,60})/g
const script =
  /(?:^|[\s`("'])(\.?\/?(?:(?:bin|scripts?|ops|deploy|tools|infra)\/[\w./-]{1,100}|[\w-]{1,60}\.(?:sh|py|rb)))(?=$|[\s`)"',;:])/g
const workflow = /\b(\.github\/workflows\/[\w.-]{1,80}\.ya?ml)\b/g

const notABranch = new Set([
  'the',
  'a',
  'origin',
  'your',
  'production',
  'this',
  'that',
  'branch',
  'feature',
  'new',
  'it',
  'heroku',
])

const clean = (path: string): string => path.replace(/^\.\//, '').replace(/[.,;:]+$/, '')

/** Everything that a document names, each once, at its first line. */
export const referencesIn = (source: string): Reference[] => {
  const found: Reference[] = []
  const add = (line: number, kind: Reference['kind'], name: string): void => {
    if (!found.some(item => item.kind === kind && item.name === name)) found.push({ line, kind, name })
  }
  for (const [at, whole] of source.split('\n').slice(0, mostLines).entries()) {
    const row = whole.slice(0, longestLine)
    for (const pattern of branchWords) {
      const name = pattern.exec(row)?.[1]
      if (name && !notABranch.has(name.toLowerCase()) && !placeholder.test(name)) add(at + 1, 'branch', name)
    }
    for (const match of row.matchAll(npmScript)) add(at + 1, 'npm-script', match[1]!.replace(/[.:]+$/, ''))
    for (const match of row.matchAll(workflow)) add(at + 1, 'workflow', match[1]!)
    for (const match of row.matchAll(script)) add(at + 1, 'script', clean(match[1]!))
  }
  return found.slice(0, 100)
}
