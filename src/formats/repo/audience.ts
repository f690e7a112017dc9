// Who runs a product: its makers alone, or whoever takes it from a public repository. What stands in the files of a product that others run
// is their starting point; what its makers use themselves stands elsewhere.

/** A line of a document that tells others how to run it. */
export type Invitation = { line: number; text: string }

/** Others than its makers: who run it on hosts of their own, or who begin a product of their own with it. */
export type Audience = Invitation & { who: 'hosts' | 'starters'; file: string }

const openLicence =
  /\bMIT License\b|Permission is hereby granted, free of charge|Apache License|GNU (?:AFFERO |LESSER )?GENERAL PUBLIC LICENSE|Mozilla Public License|Redistribution and use in source and binary|\bISC License\b|European Union Public Licen[cs]e|Business Source License|Functional Source License|Elastic License|Server Side Public License|Sustainable Use License|O'?Saasy License|Do What The Fuck You Want/i

/** Whether a licence gives the code to others. */
export const isOpenLicence = (text: string): boolean => openLicence.test(text.slice(0, 20_000))

/** Whether a file is the licence of the whole repository. */
export const isLicence = (path: string): boolean => /^(?:licen[cs]e|copying)(?:[.-][\w-]{1,20}){0,2}$/i.test(path)

/** Whether a file is the first page that people see of the repository. */
export const isFirstPage = (path: string): boolean => /^(?:\.github\/)?readme(?:\.\w{1,12})?$/i.test(path)

/** Documents that say how a product is run: the first page, and pages named for it. */
export const tellsHowToRun = (path: string): boolean =>
  isFirstPage(path) ||
  /(?:^|\/)(?:self-?_?host(?:ing|ed)?|install(?:ation|ing)?|docker)[\w.-]{0,40}\.(?:mdx?|rst|adoc|txt)$/i.test(path)

const invites =
  /self[- ]?host|\bon[- ]premises?\b|\byour own (?:server|instance|hosting|infrastructure|machine|vps|cloud)|\bdocker (?:run|pull) |\bdocker[- ]compose (?:-f \S{1,80} )?(?:up|pull)\b|heroku\.com\/deploy|railway\.(?:app|com)\/(?:template|new|deploy)|render\.com\/deploy|cloud\.digitalocean\.com\/apps\/new|vercel\.com\/(?:new|import)|app\.netlify\.com\/start|app\.koyeb\.com\/deploy|\binstall(?:ation)? (?:guide|instructions|docs|documentation|manual)\b|\bhelm install\b|hub\.docker\.com\/(?:r|_)\/|shields\.io\/docker\/pulls|\bbare[- ]metal\b|https?:\/\/[\w./#-]{3,120}\/(?:install|setup|self-?host|hosting)/i

/** Databases and stand-ins that somebody starts beside the product. */
const beside =
  /\bdocker (?:run|pull) (?:[^\n]{0,400}[\s/])?(?:mysql|mariadb|postgres|postgis|redis|valkey|mongo|memcached|rabbitmq|elasticsearch|opensearch|minio|mailhog|mailpit|maildev|localstack|clickhouse[\w-]*|meilisearch|typesense|selenium[\w-]*)(?::|\s|$)/i

/** Commands that start the product, on a laptop or a server: the heading above says for whom. */
const starts = /\bdocker (?:run|pull) |\bdocker[- ]compose (?:-f \S{1,80} )?(?:up|pull)\b/i
const headingOf = /^(?:#{1,6}|={1,6})\s+(.{1,200})/
/** Headings of what those who write the product do. */
const ofWriters =
  /\b(?:develop(?:ment|ing|ers?)?|contribut\w+|local(?:ly)?|tests?|testing|running tests|hacking|debug\w*)\b/i

/** The first line of a document that tells others how to run the product; what its writers start on their laptops tells nobody. */
export const invitationIn = (text: string): Invitation | null => {
  const lines = text.slice(0, 200_000).split('\n')
  let heading = ''
  for (const [index, line] of lines.entries()) {
    heading = headingOf.exec(line)?.[1] ?? heading
    const seen = line.slice(0, 2000).replace(beside, '')
    const isOfWriters = ofWriters.test(heading) && !invites.test(seen.replace(starts, ''))
    if (invites.test(seen) && !isOfWriters) return { line: index + 1, text: line.trim().slice(0, 120) }
  }
  return null
}

const beginning = '(?:boilerplate|starter(?:[- ]?kit)?|template|skeleton|scaffold)s?'
const example = '(?:example|sample|demo|tutorial)s?'

const forOthers = new RegExp(`(?:^|[-_+/@. ])(?:${beginning}|${example})(?:$|[-_+/. ])`, 'i')

/** Whether a name says that others start from what bears it, or look at it to learn. */
export const isNamedForOthers = (name: string): boolean => forOthers.test(name)

/** The first page itself calls the repository one: `is an open source template`, `use this template`, `holds the skeleton application`. */
const calledSo = new RegExp(
  [
    `^#{1,2} [^\\n]{0,80}\\b${beginning}\\b`,
    `^# [^\\n]{0,80}\\b${example}(?: (?:app|application|project))?[ \\t]*(?:$|\\]\\()`,
    // What somebody is taught with: the course or the video that it was written for.
    '^# [^\\n]{0,160}\\b(?:tutorial\\b|clone[ \\t]*$)',
    '\\b(?:build|code|make) this (?:project|app|application)\\b[^\\n]{0,80}\\btutorial\\b',
    '\\b(?:(?:repository|repo|source code|companion) (?:for|of|to) (?:my|the|this|our)|(?:built|made|written|created|developed) (?:in|for|during|as part of) (?:my|the|this|our|an?)|part of (?:my|our)) [^\\n]{0,160}\\b(?:tutorial|course|bootcamp)\\b',
    '\\bis an? (?:[\\w.-]+ ){0,4}example (?:app|application)\\b',
    '\\b(?:app|application|project|repository|repo|code) is [^\\n.]{0,40}\\bfor (?:demonstration|educational|learning|teaching)\\b[^\\n.]{0,40}\\bpurposes\\b',
    '\\buse this template\\b',
    `\\b(?:is|are|holds(?: only)?|contains|provides|this) (?:[\\w.-]+ ){0,6}${beginning}(?: (?:app|application|project|repo|repository|code))?\\b(?! (?:engine|literal|language|file|system|editor|string))`,
    '\\b(?:npx|npm|pnpm|yarn|bunx?) (?:create|init|dlx)[- @][^\\n]{0,120}(?:-t|--template|-e|--example)\\b',
    '\\bcomposer create-project\\b',
    '\\bcode for a fresh \\w+ (?:project|app|application)\\b',
  ].join('|'),
  'im',
)

/** Characters of a first page in which it says what the repository is. */
const opening = 6_000

/** The line of a first page that says that others begin with it; null where none does. */
export const beginningIn = (text: string): Invitation | null => {
  const seen = text.slice(0, opening)
  const match = calledSo.exec(seen)
  if (!match) return null
  const line = seen.slice(0, match.index).split('\n').length
  return { line, text: seen.split('\n')[line - 1]!.trim().slice(0, 120) }
}
