// What a shell script of a pipeline, a container or a Procfile does: installs, builds, tests, migrates, deploys, looks afterwards.
// Scripts of package.json, Makefile targets and shell files of the repository are followed. Nothing is executed.

import type { CommandKind } from '../../data/command-kinds.ts'

export type ShellCommand = {
  /** Lines below the first line of the script, from 0. */
  offset: number
  words: string[]
  text: string
  /** `|| true`, `|| :`, `|| echo …`, `set +e` before it: its failure stops nothing. */
  failureIgnored: boolean
  /** Its output goes on into another command. */
  piped: boolean
  /** What a here-document hands to it. */
  input: string | null
}

/** Splits a script into simple commands: quotes, continuation lines, comments and here-documents are respected; nesting is flattened. */
export const splitShell = (script: string): ShellCommand[] => {
  const commands: ShellCommand[] = []
  let words: string[] = []
  let word = ''
  let quoted = false
  let text = ''
  let line = 0
  let began = 0
  let heredoc: string | null = null
  const pending: string[] = []
  const endWord = (): void => {
    if (word !== '' || quoted) words.push(word)
    word = ''
    quoted = false
  }
  const endCommand = (operator: string): void => {
    endWord()
    if (words.length)
      commands.push({
        offset: began,
        words,
        text: text.trim().replace(/\s+/g, ' ').slice(0, 500),
        failureIgnored: false,
        piped: operator === '|',
        input: null,
      })
    operators.push(words.length ? operator : '')
    words = []
    text = ''
  }
  const operators: string[] = []
  const source = script.slice(0, 200_000)
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!
    if (words.length === 0 && word === '' && text.trim() === '') began = line
    if (char === '\\' && source[at + 1] === '\n') {
      line += 1
      at += 1
      text += ' '
      endWord()
      continue
    }
    if (char === '\n') {
      endCommand('\n')
      line += 1
      if (pending.length) {
        heredoc = pending.shift()!
        const taker = commands.findLast(({ text: written }) => written.includes('<<'))
        while (heredoc !== null && at + 1 < source.length) {
          const end = source.indexOf('\n', at + 1)
          const row = source.slice(at + 1, end < 0 ? source.length : end)
          at = end < 0 ? source.length : end
          line += 1
          if (row.trim() === heredoc) heredoc = pending.shift() ?? null
          else if (taker) taker.input = `${taker.input ?? ''}${row}\n`
        }
      }
      continue
    }
    text += char
    if (char === "'" || char === '"') {
      quoted = true
      for (at += 1; at < source.length && source[at] !== char; at += 1) {
        if (source[at] === '\\' && char === '"') at += 1
        if (source[at] === '\n') line += 1
        word += source[at] ?? ''
        text += source[at] ?? ''
      }
      text += char
    } else if (char === '#' && word === '' && !quoted) {
      text = text.slice(0, -1)
      while (at + 1 < source.length && source[at + 1] !== '\n') at += 1
    } else if (char === ' ' || char === '\t' || char === '\r') endWord()
    else if (char === '$' && source[at + 1] === '{' && source[at + 2] === '{') {
      // ${{ … }} of GitHub is one word.
      const end = source.indexOf('}}', at)
      const whole = source.slice(at, end < 0 ? source.length : end + 2)
      word += whole
      text += whole.slice(1)
      at += whole.length - 1
    } else if (char === '<' && source[at + 1] === '<') {
      const mark = /^<<-?\s*["']?(\w+)["']?/.exec(source.slice(at, at + 80))
      if (mark) {
        pending.push(mark[1]!)
        text += mark[0].slice(1)
        at += mark[0].length - 1
        endWord()
      } else word += char
    } else if (char === '&' || char === '|' || char === ';') {
      if (char === '&' && (source[at - 1] === '>' || source[at + 1] === '>')) {
        word += char
        continue
      }
      text = text.slice(0, -1)
      const double = source[at + 1] === char
      if (double) at += 1
      endCommand(double ? char + char : char)
    } else if ((char === '(' || char === ')' || char === '{' || char === '}') && (word === '' || char === ')')) {
      if (char === '(' || char === ')') endWord()
    } else word += char
  }
  endCommand('\n')
  // `a || b`: a's failure is hidden when b cannot fail.
  const used = operators.filter(operator => operator !== '')
  let errorsStop = true
  for (const [index, command] of commands.entries()) {
    const next = commands[index + 1]
    if (command.words[0] === 'set' && command.words.includes('+e')) errorsStop = false
    if (command.words[0] === 'set' && command.words.some(word => /^-\w*e/.test(word))) errorsStop = true
    if (!errorsStop) command.failureIgnored = true
    if (used[index] === '||' && next && /^(?:true|:|echo|printf|logger)$/.test(next.words[0]!)) {
      const after = commands[index + 2]
      const exits = after && used[index + 1] !== '\n' && after.words[0] === 'exit' && after.words[1] !== '0'
      if (!exits) command.failureIgnored = true
    }
    if (used[index] === '||' && next && next.words[0] === 'exit' && next.words[1] === '0') command.failureIgnored = true
  }
  return commands
}

/** One thing that a script does. `frozen` for installs: whether exactly what is locked gets installed. `via` names the scripts followed. */
export type Command = {
  kind: CommandKind
  offset: number
  text: string
  failureIgnored: boolean
  manager?: string
  frozen?: boolean
  /** What to write instead, for an install that is not frozen or a server for development. */
  instead?: string
  via: string[]
}

/** What scripts may lead to. Paths relative to the root. */
export type ScriptWorld = {
  /** Scripts by folder ('' is the root) and name: package.json and composer.json. */
  scripts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Recipes of Makefile targets. */
  targets: Readonly<Record<string, string>>
  /** Text of shell files by path. */
  files: Readonly<Record<string, string>>
  /** Files of lock kinds present by folder: decides what `yarn` and `pip` mean. */
  yarnBerry: boolean
  pinnedRequirements: boolean
}

export const emptyWorld: ScriptWorld = {
  scripts: {},
  targets: {},
  files: {},
  yarnBerry: false,
  pinnedRequirements: false,
}

/** Leaves out what stands before the program: assignments, sudo, exec, time, package runners. */
const program = (words: readonly string[]): { words: string[]; env: Record<string, string> } => {
  const env: Record<string, string> = {}
  let rest = [...words]
  for (;;) {
    const head = rest[0]
    if (head === undefined) return { words: [], env }
    // Composer's scripts silence a command by a leading @.
    if (/^@\w/.test(head)) {
      rest[0] = head.slice(1)
      continue
    }
    if (head === 'timeout') {
      rest = rest.slice(2)
      continue
    }
    const assignment = /^([A-Za-z_]\w*)=(.*)$/.exec(head)
    if (assignment) {
      env[assignment[1]!] = assignment[2]!
      rest = rest.slice(1)
    } else if (
      /^(?:sudo|exec|time|nohup|env|command|then|do|else|if|while|until|!|cross-env|dotenv|dumb-init|tini|retry|xvfb-run|nice|@|-)$/.test(
        head,
      )
    ) {
      rest = rest.slice(1)
      while (rest[0] === '--' || (head === 'sudo' && rest[0]?.startsWith('-'))) rest = rest.slice(1)
    } else if (/^(?:npx|bunx|pnpx)$/.test(head)) {
      rest = rest.slice(1)
      while (rest[0]?.startsWith('-')) rest = rest.slice(rest[0] === '-p' || rest[0] === '--package' ? 2 : 1)
      if (rest[0]) rest[0] = rest[0].replace(/(?<=.)@[^/]*$/, '')
    } else if (
      /^(?:pnpm|yarn|npm|bun|poetry|uv|pipenv|bundle|doppler|infisical|op|heroku|dotenvx)$/.test(head) &&
      /^(?:exec|dlx|x|run)$/.test(rest[1] ?? '') &&
      !(rest[1] === 'run' && /^(?:pnpm|yarn|npm|bun)$/.test(head))
    ) {
      rest = rest.slice(2)
      const takesValue = head === 'heroku' ? /^(?:-a|--app|-r|--remote|-s|--size|--type|-e|--env)$/ : null
      while (rest[0]?.startsWith('-')) rest = rest.slice(rest[0] !== '--' && takesValue?.test(rest[0]) ? 2 : 1)
    } else return { words: rest, env }
  }
}

const testing =
  /^(?:\S*\/)?(?:vitest|jest|mocha|ava|tap|c8|nyc|karma|gotestsum|tox|nox|rspec|phpunit|pest|paratest|ctest|minitest|pytest|unittest)\b|^(?:playwright|cypress) (?:test|run)|^node\b.*--test\b|^(?:bun|deno|go|mix|cargo|ng|react-scripts|nx|lerna) test\b|^python\d?(?:\.\d+)? -m (?:pytest|unittest)|manage\.py test\b|^(?:\S*\/)?(?:rails|rake) (?:test|spec|db:test:prepare test)|^(?:\S*\/)?rake$|artisan test\b|^(?:\S*\/)?bin\/ci\b|^(?:nx|turbo|lerna|moon|rush)\b.*\btest\b|^(?:\S*\/)?(?:gradlew?|mvnw?)\b.*\b(?:test|check|verify|build)\b|^(?:dotnet|swift|sbt) test\b|^cargo nextest\b|^(?:html-validate|htmltest|htmlproofer|html-proofer|linkinator|lychee|lhci|pa11y(?:-ci)?|muffet)\b|^hatch (?:run )?test/

const building =
  /^(?:next|nuxt|nuxi|vite|astro|remix|react-router|svelte-kit|ng|gatsby|react-scripts|vue-cli-service|nest|tsup|tsdown|vinxi|wrangler pages functions|turbo|nx|quasar|expo|vercel|netlify|hugo|jekyll|eleventy|vitepress|docusaurus|strapi|payload|medusa|storybook|bun|cargo|go|nixpacks|pack|ko|buildah|docker|podman|docker-compose|mix|zola|ember|rspack|parcel|tsgo)\b.* ?\b(?:build|vite:build|generate|release)\b|^(?:webpack|rollup|esbuild|tsc|rspack|hugo|eleventy|babel|swc|goreleaser|tailwindcss)\b|assets:precompile|collectstatic\b|^python\d? -m build|^remix vite:build/

const migrating =
  /^prisma migrate deploy|^drizzle-kit migrate|^knex migrate:(?:latest|up)|^sequelize(?:-cli)? db:migrate(?!:)|typeorm\S* .*migration:run|^typeorm(?:-ts-node-\w+)? migration:run|^mikro-orm migration:up|^node-pg-migrate up|^(?:\S*\/)?(?:rails|rake)\b.*\bdb:(?:migrate|prepare)(?![:\w])|manage\.py migrate\b|artisan migrate(?!:)|^alembic\b.*\bupgrade|^flask\b.*\bdb upgrade|^mix ecto\.migrate|bin\/migrate\b|\.Release\.migrate|^goose\b.*\bup\b|^migrate\b.*\bup\b|^dbmate\b.*\b(?:up|migrate)\b|^atlas migrate apply|^flyway\b.*\bmigrate|^liquibase\b.*\bupdate|^supabase (?:db push|migration up)|^sqlx migrate run|^diesel migration run|doctrine:migrations:migrate|d1 migrations apply|^node ace migration:run|^payload migrate|\bace(?:\.js)? migration:run|^psql\b.*-f \S*migrations?\S*/

/** A job of a cluster or cloud that is named for the migrations it runs. */
const migrationJob =
  /^(?:gcloud run jobs execute|aws ecs run-task|kubectl (?:apply|create|run|replace|wait)|az containerapp job start|nomad job (?:run|dispatch))\b.*\bmigrat/i

const pushing =
  /^prisma (?:db push|migrate (?:dev|reset))|^drizzle-kit push|schema:sync\b|doctrine:schema:update\b.*--force|artisan migrate:(?:fresh|refresh|reset)|^(?:\S*\/)?(?:rails|rake) db:(?:schema:load|reset|drop)|^supabase db reset|^mikro-orm schema:(?:update|fresh)/

const deploying =
  /^(?:vercel|now)(?: (?:deploy|--prod|--prebuilt|-t|--token)\b.*)?$|^vercel\b.*--prod|^(?:netlify|ntl) deploy|^fly(?:ctl)? deploy|^railway (?:up|redeploy)|^heroku (?:container:release|deploy|builds:create)|^git push .*\b(?:heroku|dokku|production|caprover)\b|^wrangler (?:deploy|publish|pages deploy|pages publish)|^(?:\S*\/)?kamal (?:deploy|redeploy|setup)|^cap \S+ deploy|^(?:\S*\/)?dep deploy|^(?:serverless|sls|sst|cdk|copilot|eb|firebase|gcloud app|gcloud run|gcloud functions|func azure functionapp publish|pm2|shipit|flightcontrol|koyeb|zeabur) deploy|^firebase deploy|^terraform apply|^pulumi up|^kubectl (?:apply|rollout restart|set image)|^helm (?:upgrade|install)|^helmfile (?:apply|sync)|^aws (?:ecs update-service|s3 sync|s3 cp|lambda update-function-code|elasticbeanstalk update-environment|apprunner start-deployment|amplify start-job|deploy create-deployment)|^az (?:webapp|containerapp|functionapp)\b.*\b(?:deploy|up|update|config)|^(?:rsync|scp)\b.*\S+:|^ssh\b(?!-)|^gh-pages\b|^docker stack deploy|^ansible-playbook|^doctl apps (?:create-deployment|update)|^render deploys create|^curl\b.*(?:api\.render\.com\/deploy|deploy[_-]?hook|DEPLOY_?HOOK|api\.vercel\.com\/v1\/integrations\/deploy|api\.netlify\.com\/build_hooks|forge\.laravel\.com|envoyer\.io\/deploy|ploi\.io\/webhooks|coolify|railway\.app)/i

const serving =
  /^(?:next start|node\b(?!.*--test)|bun (?:run )?\S+\.(?:js|ts)|deno run|gunicorn|uvicorn|hypercorn|daphne|waitress-serve|granian|puma|unicorn|thin|passenger|falcon|php-fpm|frankenphp|caddy run|nginx|apache2-foreground|(?:\S*\/)?rails (?:s|server)|(?:\S*\/)?thrust|serve\b|nest start|remix-serve|react-router-serve|artisan octane|mix phx\.server|fastapi run|pm2-runtime|(?:\S*\/)?bin\/server)\b|php artisan octane/

/** On a server, what makes new code the one that answers. */
const restarting =
  /^(?:systemctl|supervisorctl|sv|pm2|passenger-config|monit)\b.*\b(?:re)?(?:start|load|startorreload)\b|^service \S+ (?:re)?(?:start|load)|^(?:docker-compose|docker compose|podman-compose|nerdctl compose)\b.*\b(?:up|restart)\b|^docker (?:run|restart|service update|stack deploy)\b|^ln -\w*s\w* .*\bcurrent\b|^touch \S*restart|^kubectl (?:apply|rollout restart|set image)/i

/** Servers made for development, and what to run instead. */
const developmentServers: readonly [RegExp, string][] = [
  [/^next dev\b/, 'next build, then next start'],
  [/^(?:nuxt|nuxi) dev\b/, 'nuxt build, then node .output/server/index.mjs'],
  [/^vite(?: dev| serve)?(?: --?\S+(?: [\w.]+)?)*$/, 'vite build, then serve dist/ as static files'],
  [/^astro dev\b/, 'astro build, then node dist/server/entry.mjs or static files'],
  [/^(?:remix|react-router) (?:vite:)?dev\b/, 'react-router build, then react-router-serve'],
  [
    /^(?:svelte-kit dev|gatsby develop|ng serve|react-scripts start|vue-cli-service serve|webpack(?:-dev-server| serve)|parcel serve|quasar dev)\b/,
    'the build of this framework, served as files',
  ],
  [/^nest start\b.*--(?:watch|debug)/, 'nest build, then node dist/main'],
  [/^(?:nodemon|ts-node-dev|node-dev)\b|^tsx watch\b|^node\b.*\s--watch\b/, 'node on the built file'],
  [/^flask\b.*\brun\b|^python\d?(?:\.\d+)? -m flask run/, "gunicorn 'app:create_app()'"],
  [/manage\.py runserver\b/, 'gunicorn project.wsgi'],
  [/^fastapi dev\b|^uvicorn\b.*--reload\b/, 'uvicorn without --reload, or gunicorn with uvicorn workers'],
  [/artisan serve\b|^php\b.* -S\b/, 'php-fpm behind nginx, or FrankenPHP'],
  [/^air\b(?: |$)/, 'the binary that go build makes'],
  [/^wrangler (?:pages )?dev\b/, 'wrangler deploy'],
]

const smoking =
  /launch-ready deploy smoke|\bsmoke\b|^(?:newman|k6|artillery|hurl|bruno|checkly) (?:run|test|deploy)?\b|post[-_]?deploy[-_]?(?:check|test|verify)|(?:verify|check)[-_](?:deploy|health|production)|wait-on https?:/i
const looking =
  /^(?:curl|wget|http|https|xh)\b(?!.*(?:deploy[_-]?hook|hooks\.slack|discord(?:app)?\.com|api\.github|sentry\.io|codecov|api\.render|get\.|install|\.tar|\.zip|\.deb|\.gpg|--upload-file|raw\.githubusercontent))/i

/** Whether an install command gets exactly what is locked; null when it is no install of the project's dependencies. */
const installOf = (
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  world: ScriptWorld,
  inCi: boolean,
): Pick<Command, 'manager' | 'frozen' | 'instead'> | null => {
  const [name = '', ...rest] = words
  const command = rest.find(word => !word.startsWith('-')) ?? ''
  const has = (pattern: RegExp): boolean => rest.some(word => pattern.test(word))
  const named = rest.filter(word => !word.startsWith('-')).length > 1
  const global = has(/^(?:-g|--global)$/)
  switch (name.replace(/^.*\//, '')) {
    case 'npm':
      if (/^(?:ci|clean-install|ic)$/.test(command)) return { manager: 'npm', frozen: true }
      if (!/^(?:install|i|add|in)$/.test(command) || named || global) return null
      return { manager: 'npm', frozen: false, instead: 'npm ci' }
    case 'pnpm':
      if (!/^(?:install|i)$/.test(command) || global) return null
      if (named && command !== 'install' && command !== 'i') return null
      // pnpm is frozen by itself where it sees CI (https://pnpm.io/cli/install).
      return {
        manager: 'pnpm',
        frozen:
          has(/^--frozen-lockfile(?:=true)?$/) ||
          has(/^--offline$/) ||
          ((inCi || env['CI'] !== undefined) && !has(/^--no-frozen-lockfile$|^--frozen-lockfile=false$/)),
        instead: 'pnpm install --frozen-lockfile',
      }
    case 'yarn': {
      if (command !== '' && command !== 'install') return null
      const frozen =
        has(/^--(?:frozen-lockfile|immutable)$/) ||
        (world.yarnBerry && (inCi || env['CI'] !== undefined) && !has(/^--no-immutable$/))
      return {
        manager: 'yarn',
        frozen,
        instead: world.yarnBerry ? 'yarn install --immutable' : 'yarn install --frozen-lockfile',
      }
    }
    case 'bun':
      if (command === 'ci') return { manager: 'bun', frozen: true }
      if (!/^(?:install|i)$/.test(command) || named || global) return null
      return { manager: 'bun', frozen: has(/^--frozen-lockfile$/), instead: 'bun install --frozen-lockfile' }
    case 'bundle':
      if (command === 'update') return { manager: 'bundler', frozen: false, instead: 'bundle install' }
      if (command !== 'install' && command !== '') return null
      return {
        manager: 'bundler',
        frozen:
          has(/^--(?:deployment|frozen)$/) ||
          /^(?:1|true)$/.test(env['BUNDLE_FROZEN'] ?? env['BUNDLE_DEPLOYMENT'] ?? ''),
        instead: 'BUNDLE_FROZEN=true bundle install',
      }
    case 'composer':
      if (command === 'update' || command === 'require')
        return { manager: 'composer', frozen: false, instead: 'composer install --no-interaction' }
      return command === 'install' ? { manager: 'composer', frozen: true } : null
    case 'poetry':
      if (command === 'update' || command === 'lock')
        return { manager: 'poetry', frozen: false, instead: 'poetry sync' }
      return command === 'install' || command === 'sync' ? { manager: 'poetry', frozen: true } : null
    case 'uv':
      if (command === 'sync')
        return {
          manager: 'uv',
          frozen: has(/^--(?:locked|frozen)$/) || env['UV_FROZEN'] !== undefined || env['UV_LOCKED'] !== undefined,
          instead: 'uv sync --locked',
        }
      if (command !== 'pip' || !has(/^install$/)) return null
      return pipInstall(rest.slice(rest.indexOf('install') + 1), world, 'uv pip')
    case 'pipenv':
      if (command === 'sync') return { manager: 'pipenv', frozen: true }
      return command === 'install' && !named
        ? { manager: 'pipenv', frozen: has(/^--deploy$|^--ignore-pipfile$/), instead: 'pipenv install --deploy' }
        : null
    case 'pip':
    case 'pip3':
      return command === 'install' ? pipInstall(rest.slice(rest.indexOf('install') + 1), world, 'pip') : null
    case 'go':
      if (command === 'get' && has(/^-u$/)) return { manager: 'go', frozen: false, instead: 'go mod download' }
      return command === 'mod' && has(/^download$/) ? { manager: 'go', frozen: true } : null
    case 'mix':
      return command === 'deps.get'
        ? { manager: 'mix', frozen: has(/^--check-locked$/), instead: 'mix deps.get --check-locked' }
        : null
    default:
      return /^python/.test(name) && rest[0] === '-m' && rest[1] === 'pip' && rest[2] === 'install'
        ? pipInstall(rest.slice(3), world, 'pip')
        : null
  }
}

const pipInstall = (
  rest: readonly string[],
  world: ScriptWorld,
  name: string,
): Pick<Command, 'manager' | 'frozen' | 'instead'> | null => {
  const at = rest.findIndex(word => word === '-r' || word === '--requirement' || /^-r./.test(word))
  if (at < 0) return null
  const file = rest[at] === '-r' || rest[at] === '--requirement' ? (rest[at + 1] ?? '') : rest[at]!.slice(2)
  if (/dev|test|lint|docs/.test(file)) return null
  const frozen = world.pinnedRequirements || rest.includes('--require-hashes')
  return { manager: 'pip', frozen, instead: `${name} install --require-hashes -r requirements.lock.txt` }
}

const clean = (path: string): string => path.replace(/^\.\//, '').replace(/\/+$/, '')

/** What a script leads to: the text of another script, with the folder it runs in. */
const follow = (
  words: readonly string[],
  folder: string,
  world: ScriptWorld,
): { name: string; text: string; folder: string } | null => {
  const [name = '', first = '', second = ''] = words
  const scripts = world.scripts[folder] ?? world.scripts[''] ?? {}
  const runner = name.replace(/^.*\//, '')
  if (/^(?:npm|pnpm|yarn|bun|composer)$/.test(runner)) {
    const rest = words
      .slice(1)
      .filter(
        (word, index, all) =>
          !word.startsWith('-') && !/^(?:--prefix|-C|--filter|-F|--cwd|-w|--workspace)$/.test(all[index - 1] ?? ''),
      )
    const at = words.findIndex(word => /^(?:--prefix|-C|--cwd)$/.test(word))
    const into = at > 0 ? clean(words[at + 1] ?? '') : folder
    const filter = words.findIndex(word => /^(?:--filter|-F|-w|--workspace)$/.test(word))
    const wanted = /^(?:run|run-script|rum)$/.test(rest[0] ?? '')
      ? rest[1]
      : rest[0] === 't'
        ? 'test'
        : rest[0] === 'workspace'
          ? rest.at(-1)
          : rest[0]
    if (!wanted || (runner === 'npm' && rest[0] === wanted && !/^(?:test|start|stop|restart)$/.test(wanted)))
      return null
    const own =
      filter > 0
        ? Object.values(world.scripts).find(entry => entry[wanted] !== undefined)
        : (world.scripts[into] ?? (into === folder ? scripts : {}))
    const text = own?.[wanted]
    return text === undefined ? null : { name: `${runner} ${wanted}`, text, folder: into }
  }
  if (/^(?:turbo|nx|lerna)$/.test(runner)) {
    const wanted = words.slice(1).find(word => /^(?:build|test|deploy|db:[\w:]+|migrate)$/.test(word))
    const text = wanted
      ? Object.entries(world.scripts).find(([path, entry]) => path !== '' && entry[wanted] !== undefined)?.[1][wanted]
      : undefined
    return wanted && text !== undefined ? { name: `${runner} ${wanted}`, text, folder } : null
  }
  if (/^(?:npm-run-all|run-s|run-p|concurrently)$/.test(runner)) {
    const named = words
      .slice(1)
      .map(word => word.replace(/^(?:npm|pnpm|yarn):/, ''))
      .filter(word => scripts[word] !== undefined)
    return named.length ? { name: named.join(' '), text: named.map(word => scripts[word]!).join('\n'), folder } : null
  }
  if (runner === 'make' || runner === 'just' || runner === 'task') {
    const target = words.slice(1).find(word => !word.startsWith('-') && !word.includes('='))
    const text = target ? world.targets[target] : undefined
    return text === undefined ? null : { name: `${runner} ${target}`, text, folder }
  }
  if (runner === 'docker' && first === 'compose') return null
  const path =
    /^(?:ba|da|z|a)?sh$/.test(runner) && !first.startsWith('-')
      ? first
      : /^(?:ba|da|z|a)?sh$/.test(runner) && /^-[eux]+$/.test(first)
        ? second
        : name
  const found = [
    clean(path),
    clean(folder ? `${folder}/${path}` : path),
    clean(path).replace(
      /^(?:usr\/src\/app|app|rails|opt\/app|srv|home\/\w+\/app|\/usr\/src\/app|\/app|\/rails|\/usr\/local\/bin|\/)\/?/,
      '',
    ),
  ].find(candidate => world.files[candidate] !== undefined)
  if (found) return { name: found, text: world.files[found]!, folder }
  const tail = path.includes('/') || /\.sh$|entrypoint/.test(path) ? path.slice(path.lastIndexOf('/') + 1) : ''
  const same =
    tail && /entrypoint|start|\.sh$|^release|^migrate/.test(tail)
      ? Object.keys(world.files).filter(file => file.endsWith(`/${tail}`) || file === tail)
      : []
  return same.length === 1 ? { name: same[0]!, text: world.files[same[0]!]!, folder } : null
}

/** What one command does, by itself. */
const kindsOf = (
  words: readonly string[],
  text: string,
  env: Readonly<Record<string, string>>,
  world: ScriptWorld,
  inCi: boolean,
  remote: boolean,
): Omit<Command, 'offset' | 'failureIgnored' | 'via'>[] => {
  const line = words
    .join(' ')
    .slice(0, 2000)
    .replace(/^(?:\S*\/)?node_modules\/\.bin\//, '')
    .replace(/^(?:\S*\/)?(?:php[\d.]*|\$\{?\w*PHP\w*\}?) (?:-d \S+ )*(?=\S*\bartisan\b|bin\/console|vendor\/)/, 'php ')
    .replace(/^php (?=artisan|bin\/console|vendor\/)/, '')
    .replace(/^(?:ruby|php) (?=bin\/)/, '')
    .replace(/^(?:vendor|node_modules)\/(?:\.?bin)\//, '')
    // A tool by its whole path is that tool: ~/.fly/bin/flyctl, /usr/local/bin/goose.
    .replace(
      /^(?:~|\$\{?\w+\}?|\.|(?=\/))(?:\/[\w.@+-]+)*\/(?=(?:flyctl|fly|goose|migrate|dbmate|atlas|alembic|kamal|prisma|wrangler|vercel|netlify|railway|heroku|gunicorn|uvicorn)(?: |$))/,
      '',
    )
  const found: Omit<Command, 'offset' | 'failureIgnored' | 'via'>[] = []
  if (/^(?:echo|printf|cat|cd|export|mkdir|rm|cp|mv|ls|test|\[)$/.test(words[0] ?? '')) return found
  const install = installOf(words, env, world, inCi)
  if (install) found.push({ kind: 'install', text, ...install })
  const development = developmentServers.find(([pattern]) => pattern.test(line))
  if (development) found.push({ kind: 'dev-server', text, instead: development[1] })
  if (testing.test(line) && !/no test specified/.test(text)) found.push({ kind: 'test', text })
  if (building.test(line)) found.push({ kind: 'build', text })
  if (/^(?:docker|podman|docker-compose)\b.*\b(?:build|push|buildx)\b/.test(line)) found.push({ kind: 'image', text })
  if (migrating.test(line) || migrationJob.test(line)) found.push({ kind: 'migrate', text })
  else if (/^(?:node|tsx|ts-node|bun|python\d?|ruby|deno|\.\/|bash|sh)\b.*\bmigrat\w*(?:\.\w+)?$/.test(line))
    found.push({ kind: 'migrate', text })
  if (pushing.test(line)) found.push({ kind: 'push-schema', text })
  if (deploying.test(line) && !migrationJob.test(line) && !/--dry-run\b|^ssh(?:-keyscan|-agent|-add)/.test(line))
    found.push({ kind: 'deploy', text })
  if (
    smoking.test(line) ||
    (looking.test(line) &&
      /https?:|\$\w*(?:URL|HOST|DOMAIN)|\$\{\{?\s*[\w.]*(?:url|host|domain)/i.test(line) &&
      !/localhost|127\.0\.0\.1/.test(line))
  )
    found.push({ kind: 'smoke', text })
  if (remote && restarting.test(line)) found.push({ kind: 'restart', text })
  if (!development && serving.test(line)) found.push({ kind: 'serve', text })
  return found
}

/** A script within a command: `bash -c "…"`, `docker compose run web …`, `ssh host "…"`. `whole`: nothing but the script is done. */
const carriedBy = (
  words: readonly string[],
  input: string | null,
  world: ScriptWorld,
): { script: string; whole: boolean } | null => {
  const [name = '', first = '', second = ''] = words
  if (/^(?:\S*\/)?(?:ba|da|z|a)?sh$|^ssh$/.test(name)) {
    const from = words.indexOf('<')
    const piped = input ?? (from > 0 ? (world.files[clean(words[from + 1] ?? '')] ?? null) : null)
    if (piped !== null) return { script: piped, whole: name !== 'ssh' }
  }
  const quote = (list: readonly string[]): string =>
    list.length === 1 ? list[0]! : list.map(word => (/[\s;&|]/.test(word) ? JSON.stringify(word) : word)).join(' ')
  if (/^(?:\S*\/)?(?:ba|da|z|a)?sh$/.test(name) && /^-\w*c$/.test(first) && second)
    return { script: second, whole: true }
  const composed =
    name === 'docker-compose' ? words.slice(1) : name === 'docker' && first === 'compose' ? words.slice(2) : null
  const at = composed?.findIndex(word => word === 'run' || word === 'exec') ?? -1
  if (composed && at >= 0) {
    let rest = composed.slice(at + 1)
    while (rest[0]?.startsWith('-'))
      rest = rest.slice(
        /^(?:-e|--env|-u|--user|-v|--volume|-w|--workdir|--entrypoint|--name|-p)$/.test(rest[0]) ? 2 : 1,
      )
    return rest.length > 1 ? { script: quote(rest.slice(1)), whole: true } : null
  }
  if (/^(?:docker|podman|nerdctl|incus|lxc)$/.test(name) && (first === 'exec' || first === 'run')) {
    const from = words.findIndex(
      (word, index) =>
        index > 1 &&
        !word.startsWith('-') &&
        !/^(?:-e|--env|--env-file|-u|--user|-v|--volume|-w|--workdir|--name|--network|--net|-p|--publish|--entrypoint|-m|--memory|--platform|--mount|-l|--label)$/.test(
          words[index - 1]!,
        ),
    )
    return from > 0 && words.length > from + 1 ? { script: quote(words.slice(from + 1)), whole: false } : null
  }
  if (/^(?:fly|flyctl)$/.test(name) && first === 'ssh') {
    const at = words.findIndex(word => /^(?:-C|--command)$/.test(word))
    return at > 0 && words[at + 1] ? { script: words[at + 1]!, whole: false } : null
  }
  if (name === 'aws' && first === 'ecs') {
    const command = /"command"\s*:\s*(\[[^\]]*\])/.exec(words.join(' '))?.[1]
    const inner = command === undefined ? [] : [...command.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(match => match[1]!)
    return inner.length ? { script: quote(inner), whole: false } : null
  }
  if (/^(?:kamal|fly|flyctl|kubectl|dokku|ssh|docker|eb|railway|aws|gcloud|heroku)$/.test(name.replace(/^.*\//, ''))) {
    const behind = words.indexOf('--')
    const inner =
      behind > 0 && name === 'kubectl'
        ? quote(words.slice(behind + 1))
        : (words.slice(1).find(word => /\s/.test(word)) ?? null)
    return inner === null ? null : { script: inner, whole: false }
  }
  return null
}

/**
 * Everything that a script does, scripts of the repository followed (five deep). `inCi`: the CI variable is set where it runs.
 * `folder` is where it runs, relative to the root. `remote`: it runs where customers are, so a restart there counts.
 */
export const commandsOf = (
  script: string,
  world: ScriptWorld,
  options: { inCi?: boolean; folder?: string; env?: Readonly<Record<string, string>>; remote?: boolean } = {},
  via: string[] = [],
): Command[] => {
  const deeds: Command[] = []
  let folder = clean(options.folder ?? '')
  let exported: Readonly<Record<string, string>> = options.env ?? {}
  for (const command of splitShell(script)) {
    if (command.words[0] === 'cd' && command.words[1]) {
      const to = clean(command.words[1])
      folder =
        to === '..' || to.startsWith('/') || to.startsWith('$')
          ? ''
          : folder && !to.startsWith(folder)
            ? `${folder}/${to}`
            : to
      continue
    }
    if (command.words[0] === 'export')
      for (const word of command.words.slice(1))
        exported = { ...exported, ...Object.fromEntries([word.split('=', 2) as [string, string]]) }
    // `status=$(curl …)`: what stands within is asked too.
    if (via.length < 5)
      for (const match of command.text.matchAll(/\$\(\s*([^()]*(?:\([^()]*\)[^()]*)*)\)?/g))
        for (const deed of commandsOf(match[1]!, world, options, [...via, '$()']))
          if (deed.kind === 'smoke') deeds.push({ ...deed, offset: command.offset, via })
    const { words, env } = program(command.words)
    if (words.length === 0) continue
    if (
      words[0] === 'bundle' &&
      words[1] === 'config' &&
      words.some(word => /^(?:frozen|deployment)$/.test(word)) &&
      words.includes('true')
    )
      exported = { ...exported, BUNDLE_FROZEN: 'true' }
    const carried = carriedBy(words, command.input, world)
    if (carried !== null && via.length < 5) {
      const remote = options.remote === true || !carried.whole
      const all = commandsOf(carried.script, world, { ...options, folder, env: exported, remote }, [...via, words[0]!])
      // Inside another machine or container, what is done to the database and to the running product counts.
      const kept = carried.whole ? all : all.filter(({ kind }) => /^(?:migrate|push-schema|restart)$/.test(kind))
      for (const deed of kept)
        deeds.push({ ...deed, offset: command.offset, failureIgnored: command.failureIgnored || deed.failureIgnored })
      if (carried.whole) continue
    }
    const own = kindsOf(
      words,
      command.text,
      { ...exported, ...env },
      world,
      options.inCi ?? false,
      options.remote ?? false,
    )
    const next = via.length < 5 ? follow(words, folder, world) : null
    const inner =
      next && !via.includes(next.name)
        ? commandsOf(next.text, world, { ...options, folder: next.folder, env: exported }, [...via, next.name])
        : []
    const at = { offset: command.offset, failureIgnored: command.failureIgnored }
    deeds.push(...own.map(deed => ({ ...deed, ...at, via })))
    // What a followed script does is told at the line that calls it.
    for (const deed of inner)
      deeds.push({
        ...deed,
        ...at,
        failureIgnored: command.failureIgnored || deed.failureIgnored,
        text: deed.via.length > via.length ? `${command.text} → ${deed.text}`.slice(0, 300) : deed.text,
      })
    // A script named for what it does counts, though it cannot be read.
    if (!inner.length && !own.length) {
      const named =
        /^(?:npm|pnpm|yarn|bun|turbo|nx|make|just|task|composer|lerna)(?: run(?:-script)?| run-many)?(?: -\S+)* (?:\S+:)?(test|build|deploy|migrate|smoke)\b/.exec(
          words.join(' '),
        )
      if (named && !(next && /no test specified/.test(next.text)))
        deeds.push({ kind: named[1] as CommandKind, text: command.text, ...at, via })
    }
  }
  return deeds
}
