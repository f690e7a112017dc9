// What kind of file a path is, as far as secrets and variables are concerned.

import { fileName } from '../repo/paths.ts'
import { liesIn } from '../shipped.ts'

/** The first that holds, in the order of what matters most. */
export type PathKind =
  | 'lock'
  | 'generated'
  | 'test'
  | 'documentation'
  | 'example'
  | 'environment'
  | 'configuration'
  | 'code'

const lockFile =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|deno\.lock|composer\.lock|Gemfile\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|mix\.lock|flake\.lock|gradle\.lockfile|\.terraform\.lock\.hcl|packages\.lock\.json|Podfile\.lock|pubspec\.lock)$/
const generatedFile =
  /\.min\.(?:m?js|css)$|\.(?:js|css|mjs)\.map$|\.bundle\.js$|(?:^|\/)(?:node_modules|bower_components|vendor|third_party|dist|build|out|\.next|\.nuxt|\.output|\.svelte-kit|\.yarn|\.pnp|coverage|__generated__|generated)\/|\.(?:svg|ipynb|lock|pb\.go|snap|rbi)$|_pb2\.py$|(?:^|\/)\.secrets\.baseline$/
const isTestFolder = liesIn(['tests', 'fixtures', 'testSupport'], { anyCase: true })
const isDocumentationFolder = liesIn(['documentation', 'manuals', 'examples'], { anyCase: true })

const testName =
  /[._-](?:test|tests|spec|stories|mock|mocks|fixture|fixtures|e2e)\.[\w.]+$|_test\.(?:go|py|rb|exs)$|(?:^|\/)(?:test_[^/]*\.py|conftest\.py|fixtures?\.py)$|[a-z](?:Mocks?|MockData|Fixtures?|Stubs?)\.[jt]sx?$|(?:Test|Tests|Spec)\.(?:php|java|kt|cs)$|(?:^|\/)phpunit(?:\.\w+)?\.xml(?:\.dist)?$|(?:^|\/)config\/(?:environments\/)?test\.(?:exs|rb|json|ya?ml|[jt]s)$|(?:^|\/)settings[/_]tests?\.py$|\.feature$/i
const documentationName =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc)$|(?:^|\/)(?:readme|changelog|contributing|license|licence|notice)(?:\.\w+)?$|(?:^|\/)(?:openapi|swagger|asyncapi)[\w.-]*\.(?:ya?ml|json)$|\.(?:bru|rest|http)$|postman_(?:collection|environment)\.json$|(?:^|\/)(?:postman|insomnia|bruno|api-collections?|pagefind)\/|(?:^|\/)(?:search[-_]?(?:docs?|index)|lunr[-_]?index)[\w.-]{0,40}\.json$|(?:^|\/)searchindex\.js$/i
/** Settings of scanners of secrets: what stands there is what they are to pass over. */
const scannerFile =
  /(?:^|\/)\.?(?:gitleaks|trufflehog|gitguardian|ggshield|talisman(?:rc)?|betterleaks|kingfisher|secretlint(?:rc)?)[\w.-]{0,40}$|(?:^|\/)\.(?:gitleaksignore|trivyignore)$/i
const exampleFile =
  /(?:^|[/._-])(?:example|examples|sample|template|tpl|tmpl|dist|defaults?|schema|skel)(?:$|[._-])|\.(?:example|sample|template|dist|tpl|tmpl)$/i
const environmentFile =
  /(?:^|\/)(?:\.envs\/.+|\.env(?:[._ -][^/]*)?|[^/]*\.env|\.envrc|\.dev\.vars(?:\.[^/]*)?|\.flaskenv|\.npmrc|\.pypirc|\.netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.kamal\/secrets(?:[.-][^/]*)?)$/i
const configurationFile =
  /\.(?:ya?ml|ini|cfg|conf|config|properties|toml|env|sh|bash|zsh|fish|tf|tfvars|hcl|plist|nix|cnf|service|ps1|bat|cmd)$|(?:^|\/)(?:Dockerfile|Containerfile|Procfile|Makefile|Caddyfile|credentials|config)(?:[.\w-]*)?$/i

/** Folders and files of laptops, of seeds for an empty database, and of pipelines that test. */
const developmentPlace =
  /(?:^|[/._-])(?:dev|devel|development|local|localhost|ci|testing|test|tests|e2e|seeds?|seeders?|factory|factories|populate|playground|quick-?start|getting-?started|dummy|demo|ad-?hoc|mocks?|stubs?|compose|travis|circleci|scrutinizer|appveyor|dusk|behat|phpunit|self-?signed|self_signed|snakeoil|mkcert)(?=[/._-]|$)|(?:^|\/)\.(?:devcontainer|circleci)\/|(?:^|\/)\w*(?:Seeder|Factory)\.\w+$|(?:^|\/)(?:docker-)?compose\.override\.ya?ml$/i
/** Compose files that a laptop alone takes. */
export const isLaptopCompose = (path: string): boolean =>
  /(?:^|\/)(?:docker-)?compose[.-](?:override|dev\w*|local|test\w*)\.ya?ml$/i.test(path)

const productionPlace =
  /(?:^|[/._-])(?:prod|production|live)(?=[/._-]|$)|compose[._-](?:deploy|deployment|release|server)\.ya?ml$/i

/** Whether a path says that what stands there is for a developer's machine, for tests or for a database filled with examples. */
export const servesDevelopment = (path: string): boolean => developmentPlace.test(path) && !productionPlace.test(path)

/** Whether a path says that what stands there is for production: `docker-compose.prod.yml`, `config/production.rb`. */
export const servesProduction = (path: string): boolean => productionPlace.test(path) && !isTest(path)

/**
 * Whether what a product made up itself is what everybody starts with, where others run the product: in its settings, which each fills in,
 * and in whatever is gone from the code. What stands in the code of today is the same for all who run it, so it stays a fault.
 */
export const startsOthers = (
  path: string,
  { kind, what, confidence }: { kind: string; what: string; confidence: string },
  isGone: boolean,
): boolean =>
  // A key pair, and an application that is registered to try with, are told by their forms alone.
  (kind === 'private-key' ||
    /client secret/.test(what) ||
    ((kind === 'password' || kind === 'generic') && confidence !== 'certain')) &&
  // A compose file for production is what those who run it begin with.
  (!servesProduction(path) || /compose[^/]*\.ya?ml$/i.test(path)) &&
  (isGone || ['environment', 'configuration', 'example'].includes(pathKind(path)))

const isTest = (path: string): boolean => isTestFolder(path) || testName.test(path)

/** Folders of settings to copy, by two words: `env_example/`, `sample-config/`. */
const exampleFolder =
  /(?:^|\/)\.?(?:(?:envs?|configs?|conf|settings|secrets?)[._-](?:examples?|samples?|templates?|dist)|(?:examples?|samples?|templates?)[._-](?:envs?|configs?|conf|settings|secrets?))\//i

/** Whether a file is there to be copied, by its name or its folder. */
const isExample = (path: string): boolean => exampleFile.test(fileName(path)) || exampleFolder.test(path)

/** Kind of a path; the first that holds, in the order of what matters most. */
export const pathKind = (path: string): PathKind => {
  if (lockFile.test(path)) return 'lock'
  if (environmentFile.test(path))
    return isExample(path) ? 'example' : isTest(path.slice(0, path.lastIndexOf('/') + 1)) ? 'test' : 'environment'
  if (isTest(path) || scannerFile.test(path)) return 'test'
  if (generatedFile.test(path)) return 'generated'
  if (isDocumentationFolder(path) || documentationName.test(path)) return 'documentation'
  if (isExample(path)) return 'example'
  return configurationFile.test(path) ? 'configuration' : 'code'
}
