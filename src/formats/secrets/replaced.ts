// What a history itself says of a secret's replacement: the words of the commit that took it out, and a new value in its old place.
import { isOwn } from '../repo/env-sureness.ts'
import { fileName } from '../repo/paths.ts'
import { secretRules } from './candidates.ts'
import { servesProduction } from './path-kind.ts'
import { isOfLongAgo } from './proof.ts'

type Placed = { hash: string; kind: string; rule: string; places: readonly { path: string; variable: string | null }[] }

const replaced =
  /\b(?:rotat|revok|regenerat|reset|invalidat|renew)\w{0,5}\b|\b(?:swap|replac|chang|exchang)\w{0,4}\b.{0,60}\b(?:new|fresh|generated|random)\b/i
/** "Update secret key base", and not "change the key to a variable": there it is only the place that is another. */
const renewed =
  /^\W{0,3}(?:\w+(?:\s?\([^)]*\))?:\s*)?(?:updat|chang|replac)\w{0,3}\b(?!.*\b(?:to|into|with|by|use|using|env\w*|config\w*|handling)\b)/i
const secretWord = /key|secret|token|password|credential/i

/** Whether the commit that took a secret out says that it was replaced: "reset secret", "rotate the API key". */
const saysReplaced = (subject: string | undefined): boolean =>
  subject !== undefined && (replaced.test(subject) || renewed.test(subject)) && secretWord.test(subject)

/**
 * Whether another value stands where a secret stood. In the same file under the same name it replaces what the product made up itself (a
 * password, a signing key); of a provider's key one of the same kind does, under the same name or in a file that moved: it tells the same cause.
 */
const standsAnew = ({ hash, kind, rule, places }: Gone, now: readonly Placed[]): boolean => {
  const isOwnKind = isOwn(kind)
  const takes = (old: Placed['places'][number], anew: Placed['places'][number]): boolean => {
    const isNamed = old.variable !== null && old.variable === anew.variable
    return isOwnKind ? isNamed && old.path === anew.path : isNamed || fileName(old.path) === fileName(anew.path)
  }
  const others = now.filter(other => other.hash !== hash && (isOwnKind || other.rule === rule))
  return others.some(other => other.places.some(anew => places.some(old => takes(old, anew))))
}

type Named = Pick<Placed, 'places'> & { provider: string; what: string }

const isId = ({ provider, what }: Named): boolean =>
  (provider === 'AWS' || provider === 'Alibaba Cloud') && what === 'access key'

/** The secret that an id of AWS or Alibaba Cloud belongs to: one that lies in the same file. The id opens nothing without it. */
export const secretOfId = <One extends Named>(id: One, all: readonly One[]): One | null =>
  (isId(id) &&
    all.find(
      other =>
        other.provider === id.provider &&
        !isId(other) &&
        other.places.some(({ path }) => id.places.some(one => one.path === path)),
    )) ||
  null

const isIdAlone = (secret: Named, all: readonly Named[]): boolean => isId(secret) && secretOfId(secret, all) === null

/**
 * What the product made up itself, or what only its name and its looks tell of, gone from the code: whether customers ever relied on it
 * nothing shows, unless a file of production held it. What a provider gave out opens an account wherever it lay.
 */
const isUnproven = ({ kind, confidence, places }: Gone): boolean =>
  (confidence !== 'certain' || kind === 'private-key' || isOwn(kind)) &&
  !places.some(({ path }) => servesProduction(path))

type Gone = Placed & {
  confidence: string
  masked: string
  expires?: number
  provider: string
  what: string
  removed: { subject: string; date: string; replaced?: true } | null
  last: { date: string }
  unnamed?: true
}

/** Tokens that their provider takes back by itself within a day. */
const brief = new Set(secretRules.flatMap(rule => (rule.brief ? [rule.id] : [])))
/** Those of GitHub's applications live for an hour; they share a rule with others. */
const isBrief = ({ rule, masked }: Gone): boolean => brief.has(rule) || masked.startsWith('ghs_')

/** Tokens of Instagram live for sixty days, unless a program takes new ones, which no file holds (https://developers.facebook.com/docs/instagram-platform/). */
const isLapsed = ({ masked, provider, last }: Gone, time: number): boolean =>
  provider === 'Meta' && /^IG[A-Z]/.test(masked) && time - Date.parse(last.date) > 60 * 86_400_000

/** Whether the product has gone on without a secret: nothing names it any more, or it left the code long before the newest commit. */
const isOfPast = ({ unnamed, removed, last }: Gone, newest: string | null): boolean =>
  unnamed === true || isOfLongAgo((removed ?? last).date, newest)

/** Whether a token's own time is over: it opens nothing any more, wherever it stands. */
export const isExpired = ({ expires }: { expires?: number }, time: number): boolean =>
  expires !== undefined && expires * 1000 < time

/** Whether what is known of a secret that is gone leaves it open that it opened something which it opens no more. */
export const mayBeReplaced = (
  secret: Gone,
  now: readonly Placed[],
  all: readonly Gone[],
  { time, newest }: { time: number; newest: string | null },
): boolean =>
  isOfPast(secret, newest) ||
  isUnproven(secret) ||
  isBrief(secret) ||
  isExpired(secret, time) ||
  isLapsed(secret, time) ||
  saysReplaced(secret.removed?.subject) ||
  secret.removed?.replaced === true ||
  standsAnew(secret, now) ||
  isIdAlone(secret, all)
