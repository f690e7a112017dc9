// The kind of a command, by its program and words: installs, builds, tests, migrates, deploys, looks afterwards.

import { isDeployCommand } from '../../data/deploy-commands.ts'
import { migrating, pushing } from '../../data/orms.ts'
import { isBlind } from './blind.ts'
import { installOf } from './installs.ts'
import type { Command, ScriptWorld } from './script.ts'

const testing =
  /^(?:\S*\/)?(?:vitest|jest|mocha|ava|tap|c8|nyc|karma|gotestsum|tox|nox|rspec|phpunit|pest|paratest|ctest|minitest|py\.?test|unittest)\b|^(?:playwright|cypress) (?:test|run)|^node\b.*--test\b|^(?:bun|deno|go|mix|cargo|ng|react-scripts|nx|lerna) test\b|^python\d?(?:\.\d+)? -m (?:pytest|unittest|coverage run|manage test)\b|^coverage run\b|manage\.py test\b|^(?:\S*\/)?(?:rails|rake) (?:[\w:[\]-]{1,60} ){0,6}(?:parallel:)?(?:test|spec|features|default)\b|^(?:\S*\/)?rake$|artisan test\b|^(?:\S*\/)?bin\/ci\b|^(?:nx|turbo|lerna|moon|rush)\b.*\btest\b|^(?:\S*\/)?(?:gradlew?|mvnw?)\b.*\b(?:test|check|verify|build)\b|^(?:dotnet|swift|sbt) test\b|^cargo nextest\b|^(?:html-validate|htmltest|htmlproofer|html-proofer|linkinator|lychee|lhci|pa11y(?:-ci)?|muffet)\b|^hatch (?:run )?test|^(?:\S*\/)?fastlane (?:(?:ios|android) )?\w*tests?\b/

/** Tests by the name of a task or a script, and those of a service that ends with what it tried. */
const testsByName =
  /^mix coveralls(?:\.\w+)?\b|^(?:\S*\/)?parallel_(?:rspec|test|cucumber|spinach)\b|^django-admin test\b|^(?:castor|task|just|mage|inv|invoke|doit|nox|rr|poe|robo) (?:[\w-]{1,40}:){0,4}(?:\w+[-_])?(?:tests?|phpunit|pytest|rspec|pest|jest|specs?)\b|^(?:docker-compose|docker compose)\b.*\s--exit-code-from\b|^(?:\.\/|(?:[\w.-]{1,40}\/){1,4})(?:[\w]+[-_]){0,3}tests?(?:\.(?:sh|bash|py|rb|js|ts))?(?= |$)/

const building =
  /^(?:next|nuxt|nuxi|vite|astro|remix|react-router|svelte-kit|ng|gatsby|react-scripts|vue-cli-service|nest|tsup|tsdown|vinxi|wrangler pages functions|turbo|nx|quasar|expo|vercel|netlify|hugo|jekyll|eleventy|vitepress|docusaurus|strapi|payload|medusa|storybook|bun|cargo|go|nixpacks|pack|ko|buildah|docker|podman|docker-compose|mix|zola|ember|rspack|parcel|tsgo)\b.* ?\b(?:build|vite:build|generate|release)\b|^(?:webpack|rollup|esbuild|tsc|rspack|hugo|eleventy|babel|swc|goreleaser|tailwindcss)\b|assets:precompile|collectstatic\b|^python\d? -m build|^remix vite:build|^dotnet (?:build|publish)\b|^(?:\.\/)?(?:mvnw?|gradlew?)\b.*\s(?:package|assemble|build|bootJar)\b/

/** A job of a cluster or cloud that is named for the migrations it runs. */
const migrationJob =
  /^(?:gcloud run jobs execute|aws ecs run-task|kubectl (?:apply|create|run|replace|wait)|az containerapp job start|nomad job (?:run|dispatch))\b.*\bmigrat/i

const serving =
  /^(?:next start|node\b(?!.*--test)|bun (?:run )?\S+\.(?:js|ts)|deno run|gunicorn|uvicorn|hypercorn|daphne|waitress-serve|granian|puma|unicorn|thin|passenger|falcon|php-fpm|frankenphp|caddy run|nginx|apache2-foreground|(?:\S*\/)?rails (?:s|server)|(?:\S*\/)?thrust|serve\b|nest start|remix-serve|react-router-serve|artisan octane|mix phx\.server|fastapi run|pm2-runtime|(?:\S*\/)?bin\/server)\b|php artisan octane/

/** On a server, what makes new code the one that answers; a container that is waited for does a job and ends. */
const restarting =
  /^(?:systemctl|supervisorctl|sv|pm2|passenger-config|monit)\b.*\b(?:re)?(?:start|load|startorreload)\b|^service \S+ (?:re)?(?:start|load)|^(?:docker-compose|docker compose|podman-compose|nerdctl compose)\b.*\b(?:up|restart)\b|^docker (?:restart|service update|stack deploy)\b|^(?:docker|podman) run\b.* (?:-[a-z]*d[a-z]*|--detach|--restart)(?:[ =]|$)|^ln -\w*s\w* .*\bcurrent\b|^touch \S*restart|^kubectl (?:apply|rollout restart|set image)/i

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
  // One that watches what was built only starts it anew.
  [
    /^nodemon\b(?!.* (?:-w|--watch)[ =](?:\.\/)?(?:dist|build|out)\b)|^(?:ts-node-dev|node-dev)\b|^tsx watch\b|^(?:node|bun|deno)\b.*\s--(?:watch|hot)\b/,
    'node on the built file',
  ],
  [/^flask\b.*\brun\b|^python\d?(?:\.\d+)? -m flask run/, "gunicorn 'app:create_app()'"],
  [/manage\.py runserver\b/, 'gunicorn project.wsgi'],
  [/^fastapi dev\b|^uvicorn\b.*--reload\b/, 'uvicorn without --reload, or gunicorn with uvicorn workers'],
  [/artisan serve\b|^php\b.* -S\b/, 'php-fpm behind nginx, or FrankenPHP'],
  [/^(?:\S*\/)?rails s(?:erver)?\b.*(?: -e |--environment[= ])development\b/, 'rails server with RAILS_ENV=production'],
  [/^air\b(?: |$)/, 'the binary that go build makes'],
  [/^wrangler (?:pages )?dev\b/, 'wrangler deploy'],
]

const smoking =
  /launch-ready deploy smoke|\b(?:smoke|sanity)\b|^(?:newman|k6|artillery|hurl|bruno|checkly) (?:run|test|deploy)?\b|post[-_]?deploy[-_]?(?:check|test|verify)|(?:verify|check)[-_](?:deploy|health|production)|wait-on https?:/i
const looking =
  /^(?:curl|wget|http|https|xh)\b(?!.*(?:deploy[_-]?hook|hooks\.slack|discord(?:app)?\.com|api\.github|sentry\.io|codecov|api\.render|get\.|install|\.tar|\.zip|\.deb|\.gpg|--upload-file|raw\.githubusercontent))/i

/**
 * What is written to a file is fetched, unless the file is thrown away or holds an answer that is looked at: its status is asked for, or its
 * name says that it is one.
 */
const fetching =
  /\s(?:-\w{0,10}o|--output)[ =]?["']?(?!["']?(?:\/dev\/null|-)(?:["'\s]|$))(?![^\s]{0,200}(?:\.(?:html?|json|txt|xml|body)\b|body|resp|health|answer|result|output))\S|\s(?:-\w{0,10}O\b|--remote-name)/
const asksStatus = /http_code|response_code|--write-out/

/** What is sent tells somebody of the deploy, unless its answer is looked at. */
const posting = /\s(?:-X ?|--request[ =])["']?(?:POST|PUT|PATCH|DELETE)\b|\s(?:-d|--data(?:-\w{1,20})?|--json)[ =]/

/** A deploy tells its platform something, with the token of the deploy. */
const commanding =
  /\bauthorization:\s*(?:bearer|token)\b[^\n]{0,80}(?:secrets\.|\$)[\w.{ ]{0,60}(?:TOKEN|KEY)|\$\{?\w{0,40}api_url\b/i

type Known = Omit<Command, 'offset' | 'failureIgnored' | 'via'>

/** The words as one line, interpreters and paths of tools left out. */
const programLine = (words: readonly string[]): string =>
  words
    .join(' ')
    .slice(0, 2000)
    .replace(
      /^(?:node (?:--?[\w=-]{1,40} ){0,6})?(?:\S*\/)?node_modules\/(?:\.bin|[\w.@-]{1,60}\/(?:[\w.-]{1,40}\/)?bin)\//,
      '',
    )
    .replace(/^(?:\S*\/)?(?:php[\d.]*|\$\{?\w*PHP\w*\}?) (?:-d \S+ )*(?=\S*\bartisan\b|bin\/console|vendor\/)/, 'php ')
    .replace(/^php (?=artisan|bin\/console|vendor\/)/, '')
    .replace(/^(?:ruby|php) (?=bin\/)/, '')
    .replace(/^(?:vendor|node_modules)\/(?:\.?bin)\//, '')
    // A tool by its whole path is that tool: ~/.fly/bin/flyctl, /usr/local/bin/goose.
    .replace(
      /^(?:~|\$\{?\w+\}?|\.|(?=\/))(?:\/[\w.@+-]+)*\/(?=(?:flyctl|fly|goose|migrate|dbmate|atlas|alembic|kamal|prisma|wrangler|vercel|netlify|railway|heroku|gunicorn|uvicorn)(?: |$))/,
      '',
    )

/** `DOCKER_HOST=ssh://… docker compose up` acts on that host as `docker --host` does. */
const deployLine = (line: string, env: Readonly<Record<string, string>>): string => {
  const host = env['DOCKER_HOST'] ?? env['DOCKER_CONTEXT']
  return host && /^docker(?:-compose)?\b/.test(line) ? line.replace(/^docker-?/, `docker --host ${host} `) : line
}

/** The kinds of one command by itself, scripts that it calls left aside. `remote`: it runs where customers are. */
export const kindsOf = (
  words: readonly string[],
  text: string,
  env: Readonly<Record<string, string>>,
  world: ScriptWorld,
  inCi: boolean,
  remote: boolean,
): Known[] => {
  const line = programLine(words)
  const found: Known[] = []
  if (/^(?:echo|printf|cat|cd|export|mkdir|rm|cp|mv|ls|test|\[)$/.test(words[0] ?? '')) return found
  const install = installOf(words, env, world, inCi)
  if (install) found.push({ kind: 'install', text, ...install })
  const development = developmentServers.find(([pattern]) => pattern.test(line))
  if (development) found.push({ kind: 'dev-server', text, instead: development[1] })
  if ((testing.test(line) || testsByName.test(line)) && !/no test specified/.test(text))
    found.push({ kind: 'test', text })
  if (building.test(line)) found.push({ kind: 'build', text })
  if (/^(?:docker|podman|docker-compose)\b.*\b(?:build|push|buildx)\b/.test(line)) found.push({ kind: 'image', text })
  if (migrating.test(line) || migrationJob.test(line)) found.push({ kind: 'migrate', text })
  else if (/^(?:node|tsx|ts-node|bun|python\d?|ruby|deno|\.\/|bash|sh)\b.*\bmigrat\w*(?:\.\w+)?$/.test(line))
    found.push({ kind: 'migrate', text })
  if (pushing.test(line)) found.push({ kind: 'push-schema', text })
  if (isDeployCommand(deployLine(line, env)) && !migrationJob.test(line)) found.push({ kind: 'deploy', text })
  if (
    smoking.test(line) ||
    (looking.test(line) &&
      !(fetching.test(line) && !asksStatus.test(line)) &&
      !(posting.test(line) && (isBlind({ text: line }) || commanding.test(line))) &&
      /https?:|\$\w*(?:URL|HOST|DOMAIN)|\$\{\{?\s*[\w.]*(?:url|host|domain)/i.test(line) &&
      !/localhost|127\.0\.0\.1|checkip\.|ifconfig\.|icanhazip|ipify|ipinfo\.io|GITHUB_TOKEN|api\.github\.com|artifact|download_url/i.test(
        line,
      ))
  )
    found.push({ kind: 'smoke', text })
  if (remote && restarting.test(line)) found.push({ kind: 'restart', text })
  if (!development && serving.test(line)) found.push({ kind: 'serve', text })
  return found
}
