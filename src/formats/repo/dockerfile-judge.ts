// What stands in an image when its Dockerfile is built: base, user, health check, secrets, what is copied in. Pure, over the parsed file.

import { scanText } from '../secrets/scan.ts'
import { isPlaceholder, words } from '../secrets/values.ts'
import { quoted } from '../workflow/entry.ts'
import {
  assignments,
  commandText,
  type Dockerfile,
  expand,
  finalStage,
  type Instruction,
  imageUnder,
  isDockerignored,
  lineageOf,
  parseImage,
} from './dockerfile.ts'
import { environmentOf } from './dotenv.ts'

/**
 * `handed`: its value is given when the image is built, and does not stand in the file; `given`: something here gives one that may be live.
 * `path`: the file that is copied.
 */
export type ImageSecret = {
  line: number
  how: 'ARG' | 'ENV' | 'COPY' | 'RUN'
  name: string
  handed?: boolean
  given?: boolean
  path?: string
}

/** `args`: words that an entry point is given by CMD; `given`: it is such words. */
export type ImageRun = {
  line: number
  phase: 'build' | 'start'
  text: string
  env: Record<string, string>
  args?: string
  given?: true
}

export type ImageFacts = {
  /** Bases whose tag moves from one release of the software to the next. */
  mutableBases: { line: number; base: string }[]
  bases: { line: number; base: string }[]
  /** User that the container runs as; null: root, because nothing says otherwise. */
  user: string | null
  userLine: number
  /** Root only at the start: the image or its entry point steps down itself. */
  stepsDown: boolean
  healthcheck: boolean
  secrets: ImageSecret[]
  /** `COPY . .` and its like: the whole context goes in. */
  copiesAll: number | null
  /** Line behind which what belongs before the start of the last stage is put in. */
  beforeStart: number
  runs: ImageRun[]
}

const secretName =
  /(?:^|_)(?:SECRET|TOKEN|PASSWORD|PASSWD|PRIVATE_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|API_?KEY|ACCESS_KEY|CREDENTIALS?|DATABASE_URL|MASTER_KEY|SECRET_KEY(?:_BASE)?|AUTH_TOKEN|DSN_SECRET)(?:$|_(?!ID$|NAME$|FILE$|PATH$|DUMMY$|EXPIRES))/i
const publicName =
  /^(?:NEXT_PUBLIC_|VITE_|REACT_APP_|PUBLIC_|NUXT_PUBLIC_|EXPO_PUBLIC_|GATSBY_)|PUBLISHABLE|PUBLIC_KEY/i
const placeholder =
  /^$|^(?:dummy|build|placeholder|changeme|change_me|ci|none|null|unused|fake|test|x+|example|secret|postgres|password|root|admin|user|app|mysql|mariadb|default|redis|guest|not[-_]?(?:set|used|a[-_]secret).*|\*+|1|0|true|false)$|dummy|placeholder|localhost|127\.0\.0\.1|example\.(?:com|org)|build[-_]?time|for[-_]?build|(?:^|[-_/])(?:development|dev|local|test)$|^[a-z]+(?:[-_][a-z]+)+$|^[a-z]+(?:pass(?:word|wd)?|secret)$|@(?:db|postgres|mysql|database)[:/]|file:|sqlite/i
/** A default that everybody has who has the image, or has heard of the word: it opens nothing that is not open. */
const guardsNothing = (value: string): boolean => placeholder.test(value) || words.test(value) || isPlaceholder(value)

/** Files that hold keys, by their names. */
const keyFile =
  /^(?:\.env(?:[._-][\w.*-]+)?|(?:prod|production|live|secrets?)\.env|\.env\*|id_(?:rsa|ed25519|ecdsa)|[\w.-]+\.(?:pem|p12|pfx|jks|keystore)|master\.key|credentials\.json|service[-_]account[\w-]*\.json|\.npmrc\.(?:prod\w*|live)|\.aws|\.ssh|\.netrc|\.pgpass)$/i
/** Certificates of authorities, and files that show what one would hold. */
const noKey =
  /(?:^|[._-])(?:example|sample|template|tpl|dist|defaults?|test|ci|schema|ca|certs?|chain|bundle|public|pub)(?:$|[._-])/i

/** Images that start as root and step down themselves, or run as another user from the start. */
const unprivileged = /(?:nonroot|unprivileged)|^(?:cgr\.dev\/chainguard|bitnami|heroku|paketobuildpacks|dhi\.io)\//
const stepsDown =
  /^(?:docker\.io\/)?(?:library\/)?(?:nginx|httpd|postgres|mysql|mariadb|redis|mongo|rabbitmq|memcached|haproxy|traefik)$/

/** Distributions name a release by a word: such a tag moves within the release alone (https://hub.docker.com/_/debian, …/ubuntu). */
const distribution = /(?:^|[/-])(?:debian|ubuntu|buildpack-deps|minideb)$/
const release =
  /(?:^|-)(?:jessie|stretch|buster|bullseye|bookworm|trixie|forky|trusty|xenial|bionic|focal|jammy|noble|plucky|questing|resolute)(?:-|$)/

/** Languages whose next minor version may break a program: a tag of the major one alone moves on to it. */
const movesByMinor = /(?:^|\/)(?:python|ruby|golang|php|elixir|rust)$/

const movingTag = (tag: string | null, repository: string): boolean =>
  tag === null ||
  (movesByMinor.test(repository) && /^\d(?:-(?!\d)|$)/.test(tag)) ||
  /^(?:latest|edge|nightly|main|master)/.test(tag) ||
  (!/\d/.test(tag) && !(distribution.test(repository) && release.test(tag)))

/** Words of COPY and ADD: sources, and last where they go. */
const copied = ({ json, value }: Instruction): string[] =>
  (json ?? value.split(/\s+/)).slice(0, -1).map(word => word.replace(/^["']|["']$/g, ''))

/** Secrets that ARG and ENV give; an ARG without a default is handed in from outside and kept in the layers. */
const givenSecrets = (instructions: readonly Instruction[]): ImageSecret[] => {
  const found: ImageSecret[] = []
  const defaults = new Map<string, string>()
  for (const { keyword, value, line } of instructions) {
    if (keyword !== 'ARG' && keyword !== 'ENV') continue
    for (const [name, written] of assignments(value)) {
      const from = /^\$\{?(\w+)/.exec(written)?.[1]
      const given = from !== undefined && defaults.has(from) ? defaults.get(from)! : written
      if (keyword === 'ARG') defaults.set(name, written)
      if (!secretName.test(name) || publicName.test(name)) continue
      if (from !== undefined && !defaults.has(from)) continue
      // An address without a password opens nothing.
      if (given !== '' && /_UR[IL]$/i.test(name) && !/:\/\/[^/@\s]*:[^/@\s]+@/.test(given)) continue
      const handed = given === '' && (keyword === 'ARG' || from !== undefined)
      if (handed || !guardsNothing(given)) found.push({ line, how: keyword, name, ...(handed ? { handed } : {}) })
    }
  }
  // One line for a secret that comes in as ARG and is kept as ENV.
  return found.filter(
    ({ name, how }) => how !== 'ARG' || !found.some(other => other.how === 'ENV' && other.name === name),
  )
}

/** Live secrets that stand in a command. */
const writtenSecrets = ({ keyword, value, heredocs, line }: Instruction): ImageSecret[] =>
  keyword === 'RUN'
    ? scanText([value, ...heredocs].join('\n'), { path: 'deploy.sh', where: 'repo' })
        .filter(({ class: kind, confidence }) => kind === 'live' && confidence !== 'possible')
        .map(({ variable, provider, what, kind }) => ({
          line,
          how: 'RUN',
          name: kind === 'password' ? (variable ?? what) : `${provider} ${what}`,
        }))
    : []

const copiedKeys = (instruction: Instruction): ImageSecret[] =>
  (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') && instruction.flags['from'] === undefined
    ? copied(instruction)
        .filter(
          path =>
            keyFile.test(path.slice(path.lastIndexOf('/') + 1)) && !noKey.test(path.slice(path.lastIndexOf('/') + 1)),
        )
        .map(path => ({ line: instruction.line, how: 'COPY', name: path.slice(path.lastIndexOf('/') + 1), path }))
    : []

const secretsOf = (instructions: readonly Instruction[]): ImageSecret[] =>
  [...givenSecrets(instructions), ...instructions.flatMap(one => [...copiedKeys(one), ...writtenSecrets(one)])].sort(
    (a, b) => a.line - b.line,
  )

/** Commands that a stage runs while it is built, with the environment that it begins with and what it sets itself. */
const stageRuns = (
  { instructions }: Dockerfile['stages'][number],
  inherited: Readonly<Record<string, string>>,
): { runs: ImageRun[]; env: Record<string, string> } => {
  const env: Record<string, string> = { ...inherited }
  const runs: ImageRun[] = []
  for (const instruction of instructions) {
    const { keyword, value, line, heredocs } = instruction
    if (keyword === 'ENV' || keyword === 'ARG')
      for (const [name, given] of assignments(value)) if (!secretName.test(name)) env[name] = expand(given, env)
    if (keyword === 'RUN') {
      const written = commandText(instruction).replace(/<<-?\s*["']?\w+["']?/g, '')
      runs.push({ line, phase: 'build', text: [written, ...heredocs].join('\n'), env: { ...env } })
    }
  }
  return { runs, env }
}

/** Commands of every stage, in order, and the environment of the last. */
const buildRuns = ({ stages }: Dockerfile): { runs: ImageRun[]; env: Record<string, string> } => {
  const runs: ImageRun[] = []
  // A stage begins with the environment of the stage that it stands on.
  const environments: Record<string, string>[] = []
  for (const [index, stage] of stages.entries()) {
    const own = stageRuns(stage, stage.on === null ? {} : (environments[stage.on] ?? {}))
    environments[index] = own.env
    runs.push(...own.runs)
  }
  return { runs, env: environments.at(-1) ?? {} }
}

const copiesContext = ({ keyword, flags, value }: Instruction): boolean =>
  (keyword === 'COPY' || keyword === 'ADD') && flags['from'] === undefined && /^(?:\.\/?\s|\["\.\/?",)/.test(value)

const isMutable = ({ base }: { base: string }): boolean => {
  const { tag, digest, repository } = parseImage(base)
  // Distroless names the release in the repository (`static-debian12`), not in the tag.
  if (/distroless\/.*\d/.test(repository)) return false
  return digest === null && !/[${]/.test(repository) && movingTag(tag, repository) && !/\$/.test(tag ?? '')
}

/** CMD and ENTRYPOINT that count: the last of each. */
const startOf = (final: readonly Instruction[]): Instruction[] =>
  final.filter(
    ({ keyword }, index) =>
      (keyword === 'CMD' || keyword === 'ENTRYPOINT') &&
      !final.slice(index + 1).some(later => later.keyword === keyword),
  )

/** Reads off what the image of the stage that production starts holds and does. */
export const judgeImage = (dockerfile: Dockerfile): ImageFacts => {
  const { stages } = dockerfile
  const last = finalStage(dockerfile)
  const final = lineageOf(dockerfile, last)
  const under = parseImage(imageUnder(dockerfile, last))
  const bases = stages
    .filter(({ on, base }) => on === null && base !== 'scratch')
    .map(({ line, base }) => ({ line, base }))
  const user = final.findLast(({ keyword }) => keyword === 'USER')
  const name = user?.value.split(':')[0] ?? null
  const start = startOf(final)
  const { runs, env } = buildRuns(dockerfile)
  const own = stages[last]?.instructions ?? []
  const starts = startOf(own).map(({ line }) => line)
  const copy = final.find(copiesContext) ?? stages.flatMap(({ instructions }) => instructions).find(copiesContext)
  return {
    mutableBases: bases.filter(isMutable),
    bases,
    user: name === 'root' || name === '0' ? null : name,
    userLine: user?.line ?? stages[last]?.line ?? 1,
    stepsDown:
      unprivileged.test(`${under.repository}:${under.tag ?? ''}`) ||
      stepsDown.test(under.repository) ||
      /\b(?:gosu|su-exec|setpriv|s6-setuidgid|chpst)\b/.test(start.map(commandText).join(' ')) ||
      // Nothing is in it but the program; who writes `USER root` all the same asks for it.
      (under.repository === 'scratch' && user === undefined),
    healthcheck: final.some(({ keyword, value }) => keyword === 'HEALTHCHECK' && !/^NONE\b/i.test(value)),
    secrets: secretsOf(final),
    copiesAll: copy?.line ?? null,
    beforeStart: starts.length ? Math.min(...starts) - 1 : (own.at(-1)?.endLine ?? stages[last]?.line ?? 0),
    runs: [...runs, ...startRuns(start, env)],
  }
}

/** What starts an image. The words of CMD are those of an ENTRYPOINT in JSON form. */
const startRuns = (start: readonly Instruction[], env: Record<string, string>): ImageRun[] => {
  const entry = start.find(({ keyword, json }) => keyword === 'ENTRYPOINT' && json !== null)
  const words = start.find(({ keyword }) => keyword === 'CMD')
  return start.map(one => ({
    line: one.line,
    phase: 'start',
    text: commandText(one),
    env,
    ...(one === entry ? { args: words ? quoted(words.json ?? ['sh', '-c', words.value]) : '' } : {}),
    ...(one === words && entry ? { given: true } : {}),
  }))
}

/** Environment files that go into the image with the whole context, because .dockerignore does not name them. */
export const copiedSecrets = (
  rules: readonly { pattern: string; negated: boolean }[] | null,
  files: readonly string[],
): string[] =>
  files.filter(
    file =>
      !['example', 'test'].includes(environmentOf(file)) &&
      !/\.(?:dev|development)$/.test(file) &&
      !(rules && isDockerignored(rules, file)),
  )
