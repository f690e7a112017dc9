// Secrets by the name that they are given to: rules of providers, and names that say secret of themselves.

import { publicPrefixOf } from '../../../data/public-prefixes.ts'
import type { SecretRule } from '../../../data/secret-shapes.ts'
import type { Assignment } from '../assignment.ts'
import type { NameRule } from '../candidates.ts'
import type { Found, SecretClass } from '../hit.ts'
import { isLooseName, isSecretName, passwordName, plainName, signsDevelopment } from '../names.ts'
import { servesProduction } from '../path-kind.ts'
import {
  entropyOf,
  isEncrypted,
  isMadeUp,
  isReference,
  kindsOfCharacters,
  looksLikePassword,
  looksRandom,
} from '../values.ts'
import { classIn, isInDevelopment, isShownAsExample, type Looked } from './looked.ts'

/** Hexadecimal digits are a hash or an id as often as a key; a mixture of so many characters is nothing else. */
const isNothingElse = (value: string): boolean => value.length >= 24 && kindsOfCharacters(value) >= 3

/**
 * A value without a beginning of its own is a provider's by its name alone: certain where it is nothing else, or where an environment or
 * production reads the file.
 * An application's own secret might be a developer's, and so may what only its name calls a provider's where a sample or a laptop's file
 * holds it.
 */
const sureness = (at: Looked, rule: SecretRule, index: number, value: string): Found['confidence'] => {
  const { kind, path } = at
  const development = isInDevelopment(at, index)
  if (rule.kind === 'password') return development || kind === 'example' ? 'possible' : 'likely'
  if (development || kind === 'example') return 'possible'
  if (kind === 'documentation') return 'likely'
  const isRead = kind === 'environment' || servesProduction(path)
  return isRead || rule.kind === 'private-key' || isNothingElse(value) ? 'certain' : 'likely'
}

/** A word as a person writes it, in any language: read byte by byte, too. */
const word = /^[(“"]?[\p{L}\u0080-\u00ff'’]+[\p{L}\u0080-\u00ff'’.,:;!?)-]*$/u

/** What a person reads: almost nothing but words, with blanks between them. */
const isProse = (value: string): boolean => {
  const parts = value.split(' ')
  return parts.length > 4 && parts.filter(part => word.test(part)).length >= parts.length * 0.8
}

/** Judges an assignment by the rule of one provider. */
export const byName = (at: Looked, { rule, name, value: shape }: NameRule, given: Assignment): Found | null => {
  const { value } = given
  if (!shape.test(value) || isProse(value) || (!name.test(plainName(given.name)) && !name.test(given.name))) return null
  if (rule.class !== 'public' && entropyOf(value) < Math.min(rule.entropy ?? 0, 0.6 * Math.log2(value.length)))
    return null
  const made = isMadeUp(value.replace(/^(?:secret|private|sk|pk|live|cal_live|A+)[_-]?/, '')) || isReference(value)
  const example = at.repo && isShownAsExample(at.text, given.start, given.name)
  const shown = (at.kind === 'documentation' || example) && rule.class !== 'public'
  const kind: SecretClass = isEncrypted(value)
    ? 'encrypted'
    : made
      ? 'placeholder'
      : shown
        ? 'documentation'
        : rule.class
  return {
    rule: rule.id,
    provider: rule.provider,
    what: rule.what,
    class: classIn(at, kind),
    kind: rule.kind,
    confidence: at.repo ? sureness(at, rule, given.index, value) : 'likely',
    secret: value,
    index: given.index,
    variable: given.name,
    rotate: rule.rotate ?? null,
    rank: 2,
  }
}

/** In a bundle only what no person would type counts: it is full of names. */
const standsOut = (value: string): boolean =>
  looksRandom(value) &&
  value.length >= 24 &&
  /^[A-Za-z0-9+/_=-]+$/.test(value) &&
  entropyOf(value) >= (/^[0-9a-f]+$/i.test(value) ? 3 : 4)

const translations = /(?:^|\/)(?:locales?|i18n|lang|translations?|messages)\//i
/** Files of the local containers (cookiecutter-django keeps them in git): their passwords open these alone. */
const localContainers = /(?:^|\/)\.envs\/\.?(?:local|dev\w*|test\w*|ci)\//

/** Whether a framework writes what is named so into what browsers load (Nx puts its own prefix before theirs): a key made to be seen, unless its shape says more. */
const isForBrowsers = (name: string): boolean => publicPrefixOf(name.replace(/^NX_/, '')) !== null

/** Judges an assignment by its name alone: a suspicion, but in the files of an environment. */
export const byOwnName = (at: Looked, { name, value, index }: Assignment): Found | null => {
  if (!isSecretName(name)) return null
  const { repo, kind, path } = at
  const base = {
    rule: 'generic',
    provider: 'your application',
    what: 'secret',
    secret: value,
    index,
    variable: name,
    rotate: null,
    rank: 0,
  }
  if (isEncrypted(value)) return { ...base, class: 'encrypted', kind: 'generic', confidence: 'likely' }
  if (!repo) return standsOut(value) ? { ...base, class: 'live', kind: 'generic', confidence: 'possible' } : null
  if (kind !== 'environment' && kind !== 'configuration' && kind !== 'code') return null
  if (translations.test(path) || localContainers.test(path) || signsDevelopment(path, name)) return null
  const development = isInDevelopment(at, index)
  // What a laptop or a test is given opens that alone, unless its shape says more.
  if (development && kind !== 'environment') return null
  if (kind === 'code' && isLooseName(name)) return null
  const password = passwordName.test(plainName(name))
  if (password ? !looksLikePassword(value) : !looksRandom(value)) return null
  return {
    ...base,
    what: password ? 'password' : 'secret',
    class: 'live',
    kind: 'password',
    confidence:
      !isForBrowsers(name) &&
      ((kind === 'environment' && !development) ||
        (kind === 'configuration' && servesProduction(path) && looksRandom(value)))
        ? 'likely'
        : 'possible',
  }
}
