// Whether a pipeline, a compose file or a script hands a live value to a build of an image: `--build-arg NAME=…`, `build-args:`, `args:`.

import { isLaptopCompose } from '../secrets/path-kind.ts'

/** Values that stand for nothing, as a build that only wants the variable to be set is given. */
const dummy =
  /dummy|placeholder|localhost|127\.0\.0\.1|example|fake|build[-_]?time|not[-_]?used|\b(?:xxx+|changeme|test|none|null|ci)\b|:\/\/(\w{1,10}):?\1?@\1[:/]|^["']?["']?$/i
const live = /\$\{?\{?|secrets\.|\bvars\./

/** What hands in arguments: files of pipelines, of compose, of platforms, and scripts; not those of laptops. */
export const mayHandIn = (path: string): boolean =>
  !isLaptopCompose(path) &&
  /\.(?:ya?ml|sh|bash|toml|mk)$|(?:^|\/)(?:Makefile|Justfile|Taskfile|Earthfile|package\.json|docker-bake\.(?:hcl|json))$|(?:^|\/)(?:bin|scripts?|sh)\/[\w-]+$/i.test(
    path,
  )

/** Platforms that give every variable of the service to the build as an argument (https://docs.railway.com, https://render.com/docs/docker). */
export const givesAll = (path: string): boolean =>
  /(?:^|\/)(?:railway\.(?:json|toml)|render\.yaml|captain-definition|\.coolify\/[^/]+)$/.test(path)

const asArgument = /--build-arg|\bbuild[-_]?args\b|\bargs["']?\s{0,4}[:=]|\[build\.args\]/i

/** Whether a text hands in a value for an argument that could be live. */
export const handsIn = (name: string, text: string): boolean => {
  if (!asArgument.test(text)) return false
  for (const [, sign = '', value = ''] of text.matchAll(
    new RegExp(
      `(?<![\\w.{$])${name.replace(/\W/g, '')}["']?(?:\\s{0,4}([:=])[^\\S\\n]{0,4}([^\\n]{0,300})|(?=[\\s"']|$))`,
      'g',
    ),
  )) {
    // A bare name takes the value of whoever builds it.
    if (sign === '' || live.test(value)) return true
    if (value.trim() !== '' && !dummy.test(value.trim())) return true
  }
  return false
}

const copiesExample =
  /\bcp[ \t]+(?:-\w+[ \t]+)*["']?[^\s"']{0,200}(?:example|sample|template|dist)[^\s"']{0,60}["']?[ \t]+["']?(?:\.\/)?([^\s"';&|]{1,200})/gi

/** Whether a text makes a file out of the example that lies in the repository: `cp .env.example .env.production`. */
export const copiesFromExample = (path: string, text: string): boolean =>
  [...text.matchAll(copiesExample)].some(match => match[1] === path)
