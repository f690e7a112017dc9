// What stands in an image when its Dockerfile is built: base, user, health check, secrets, what is copied in. Pure, over the parsed file.
import {
  assignments,
  commandText,
  type Dockerfile,
  expand,
  type Instruction,
  imageUnder,
  isDockerignored,
  lineageOf,
  parseImage,
} from './dockerfile.ts'

export type ImageSecret = { line: number; how: 'ARG' | 'ENV' | 'COPY'; name: string }

export type ImageRun = { line: number; phase: 'build' | 'start'; text: string; env: Record<string, string> }

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
  runs: ImageRun[]
}

const secretName =
  /(?:^|_)(?:SECRET|TOKEN|PASSWORD|PASSWD|PRIVATE_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|API_?KEY|ACCESS_KEY|CREDENTIALS?|DATABASE_URL|MASTER_KEY|SECRET_KEY(?:_BASE)?|AUTH_TOKEN|DSN_SECRET)(?:$|_(?!ID$|NAME$|FILE$|PATH$|DUMMY$|EXPIRES))/i
const publicName =
  /^(?:NEXT_PUBLIC_|VITE_|REACT_APP_|PUBLIC_|NUXT_PUBLIC_|EXPO_PUBLIC_|GATSBY_)|PUBLISHABLE|PUBLIC_KEY/i
const placeholder =
  /^$|^(?:dummy|build|placeholder|changeme|change_me|ci|none|null|unused|fake|test|x+|example|secret|postgres|password|not[-_]?(?:set|used|a[-_]secret).*|\*+|1|0|true|false)$|dummy|placeholder|localhost|127\.0\.0\.1|example\.(?:com|org)|build[-_]?time|for[-_]?build|@(?:db|postgres|mysql|database)[:/]|file:|sqlite/i
const secretFiles =
  /(?:^|[\s/])(?:\.env(?:\.(?:production|prod|local|staging))?|\.env\*|id_(?:rsa|ed25519|ecdsa)|[\w-]+\.pem|[\w-]+\.p12|master\.key|credentials\.json|service[-_]account[\w-]*\.json|\.aws|\.ssh)(?=\s|$)/

/** Images that start as root and step down themselves, or run as another user from the start. */
const unprivileged = /(?:nonroot|unprivileged)|^(?:cgr\.dev\/chainguard|bitnami|heroku|paketobuildpacks|dhi\.io)\//
const stepsDown =
  /^(?:docker\.io\/)?(?:library\/)?(?:nginx|httpd|postgres|mysql|mariadb|redis|mongo|rabbitmq|memcached|haproxy|traefik)$/

const movingTag = (tag: string | null): boolean =>
  tag === null || !/\d/.test(tag) || /^(?:latest|edge|nightly|main|master)/.test(tag)

const secretsOf = (instructions: readonly Instruction[]): ImageSecret[] => {
  const found: ImageSecret[] = []
  const passed = new Map<string, number>()
  for (const { keyword, value, line, flags } of instructions) {
    if (keyword === 'ARG')
      for (const [name] of assignments(value))
        if (secretName.test(name) && !publicName.test(name)) passed.set(name, line)
    if (keyword === 'ARG' || keyword === 'ENV') {
      for (const [name, given] of assignments(value)) {
        if (!secretName.test(name) || publicName.test(name)) continue
        const from = /^\$\{?(\w+)/.exec(given)?.[1]
        if (keyword === 'ARG' ? given === '' : from !== undefined ? !passed.has(from) : false) {
          if (keyword === 'ARG') found.push({ line, how: 'ARG', name })
          continue
        }
        if (from === undefined && placeholder.test(given)) continue
        found.push({ line, how: keyword, name })
      }
    }
    if ((keyword === 'COPY' || keyword === 'ADD') && flags['from'] === undefined) {
      const file = secretFiles.exec(value)
      if (file && !/\.(?:example|sample|template|dist)\b/.test(value))
        found.push({ line, how: 'COPY', name: file[0].trim() })
    }
  }
  // One line for a secret that comes in as ARG and is kept as ENV.
  return found.filter(
    ({ name, how }, index) =>
      !(how === 'ARG' && found.some((other, at) => at !== index && other.how === 'ENV' && other.name === name)),
  )
}

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
  return digest === null && !/[${]/.test(repository) && movingTag(tag) && !/\$/.test(tag ?? '')
}

/** CMD and ENTRYPOINT that count: the last of each. */
const startOf = (final: readonly Instruction[]): Instruction[] =>
  final.filter(
    ({ keyword }, index) =>
      (keyword === 'CMD' || keyword === 'ENTRYPOINT') &&
      !final.slice(index + 1).some(later => later.keyword === keyword),
  )

/** Reads off what the image of the last stage holds and does. */
export const judgeImage = (dockerfile: Dockerfile): ImageFacts => {
  const { stages } = dockerfile
  const last = stages.length - 1
  const final = lineageOf(dockerfile, last)
  const under = parseImage(imageUnder(dockerfile, last))
  const bases = stages
    .filter(({ on, base }) => on === null && base !== 'scratch')
    .map(({ line, base }) => ({ line, base }))
  const user = final.findLast(({ keyword }) => keyword === 'USER')
  const name = user?.value.split(':')[0] ?? null
  const start = startOf(final)
  const { runs, env } = buildRuns(dockerfile)
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
      under.repository === 'scratch',
    healthcheck: final.some(({ keyword, value }) => keyword === 'HEALTHCHECK' && !/^NONE\b/i.test(value)),
    secrets: secretsOf(final),
    copiesAll: copy?.line ?? null,
    runs: [...runs, ...start.map(one => ({ line: one.line, phase: 'start' as const, text: commandText(one), env }))],
  }
}

/** Environment files that go into the image with the whole context, because .dockerignore does not name them. */
export const copiedSecrets = (
  rules: readonly { pattern: string; negated: boolean }[] | null,
  files: readonly string[],
): string[] =>
  files.filter(
    file => !/\.(?:example|sample|template|dist|test|ci)$/.test(file) && !(rules && isDockerignored(rules, file)),
  )
