// The facts of an example: the sound ones that facts export, but for what the example says is other.
import type { AnyCheck } from './check.ts'
import { type Fact, missing, observed } from './fact.ts'
import { isObject } from './plain-object.ts'

const isFact = (value: unknown): value is Fact<unknown> =>
  isObject(value) &&
  ((value['ok'] === true && 'value' in value && 'at' in value) || (value['ok'] === false && 'reason' in value))

/**
 * One fact of an example (`Differs` in check.ts). `sound` is undefined where the fact exports no example: then `given` is
 * the whole value.
 */
const differing = (given: unknown, sound: unknown, at: string): Fact<unknown> => {
  if (isFact(given)) return given
  if (typeof given === 'function') return observed((given as (value: unknown) => unknown)(structuredClone(sound)), at)
  return observed(isObject(given) && isObject(sound) ? { ...sound, ...given } : given, at)
}

/** Every fact that the check names, by name; `at` is the instant of observation. */
export const exampleFacts = (
  check: Pick<AnyCheck, 'needs' | 'wants'>,
  example: AnyCheck['examples'][number],
  sound: Readonly<Record<string, unknown>>,
  at: string,
): Record<string, Fact<unknown>> => {
  const given = example.facts as Readonly<Record<string, unknown>>
  const factOf = (name: string): Fact<unknown> => {
    if (name in given) return differing(given[name], sound[name], at)
    return name in sound ? observed(sound[name], at) : missing('unsupported', `no ${name} here`)
  }
  return Object.fromEntries([...check.needs, ...(check.wants ?? [])].map((name: string) => [name, factOf(name)]))
}
