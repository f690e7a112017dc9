// Values that no sign parts from their names: in a sentence, and in commands of mail servers, Redis and Dockerfiles.
import type { LogKind } from '../../data/log-names.ts'
import { isNoValue } from './values.ts'
import { note, type Window } from './window.ts'

const plain = /^ (?:(?:is|was):? )?(?:(["'`])([^\s"'`]{4,64})\1|([^\s"'`,;:()=&]{6,64})(?=[\s,.;]|$))/
/** `Password for ada: …`, `the password for user ada is …`, `password is generated for root@localhost: …`. */
const ofSomebody =
  /^ (?:(?:is|was) (?:set|generated|created) )?(?:for|of) (?:(?:the )?(?:user|account|role) )?\S{1,80}?(?: is:?| was:?|:| =) (["'`]?)([^\s"'`]{4,64})\1(?=[\s,.;]|$)/i
const isMixed = (value: string): boolean => /[\d#$%*]|[!?]./.test(value) && /[A-Za-z]/.test(value)

/** `with password hunter2`: a word of letters and figures, or one in quotation marks, behind the name. */
export const lookForSpokenPassword = (window: Window, to: number): void => {
  if (window.text.charCodeAt(to) !== 32) return
  const behind = window.text.slice(to, to + 180)
  const match = plain.exec(behind)
  const spoken = match?.[2] ?? match?.[3] ?? ''
  if (match && !isNoValue(spoken) && (match[1] || isMixed(spoken))) {
    const from = to + match[0].lastIndexOf(spoken)
    note(window, 'password', from, from + spoken.length)
    return
  }
  const whose = ofSomebody.exec(behind)
  const value = whose?.[2] ?? ''
  if (!whose || isNoValue(value) || !(whose[1] || isMixed(value))) return
  const from = to + whose[0].lastIndexOf(value)
  note(window, 'password', from, from + value.length)
}

/** `changed the secret from "…" to "…"`. */
export const lookForChange = (window: Window, kind: LogKind, to: number): void => {
  const change =
    /^ (?:was )?(?:changed |rotated )?from (["'`])([^"'`\n]{4,200})\1(?: to (["'`])([^"'`\n]{4,200})\3)?/.exec(
      window.text.slice(to, to + 460),
    )
  if (!change) return
  const from = to + change[0].indexOf(change[2]!)
  note(window, kind, from, from + change[2]!.length)
  if (change[4] === undefined) return
  const last = to + change[0].lastIndexOf(change[4])
  note(window, kind, last, last + change[4].length)
}

/** `token 9f4e… accepted`, `using api key 9f4e…`: a word too long and too mixed for one that people say. */
export const lookForSpokenKey = (window: Window, kind: LogKind, to: number): void => {
  const value = /^ (?:is |was )?([\w-]{20,512})(?=[\s,.;)]|$)/.exec(window.text.slice(to, to + 520))?.[1]
  const isKey =
    value !== undefined && /\d/.test(value) && /[A-Za-z]/.test(value) && !/^[a-z]+(?:[-_][a-z]+)+/.test(value)
  if (!isKey) return
  const from = window.text.indexOf(value, to)
  note(window, kind, from, from + value.length)
}

/** A value of SQL that is given its name behind it: `SELECT '…' AS api_token`. */
export const lookForAlias = (window: Window, kind: LogKind, from: number): void => {
  const value = /'([^'\n]{3,200})' AS ["`]?$/i.exec(window.text.slice(Math.max(0, from - 208), from))
  if (!value || isNoValue(value[1]!)) return
  const at = from - value[0].length + 1
  note(window, kind, at, at + value[1]!.length)
}

/** `Your OTP is 493021`. */
export const lookForSpokenCode = (window: Window, to: number): void => {
  const code = /^ is:? (\d{4,8}|\d{3}[ -]\d{3})(?![\w.]\w)/.exec(window.text.slice(to, to + 20))
  if (code) note(window, 'one-time-code', to + code[0].length - code[1]!.length, to + code[0].length)
}

/** Behind a command, also as `MONITOR` of Redis prints it: `"AUTH" "default" "…"`. */
const argument = /^(?: ((?:PLAIN|LOGIN|XOAUTH2) )?([^\s"']{8,1024})(?=\s|$)|" (?:"[^"\s]{1,64}" )?"([^"\s]{4,512})")/

/** `AUTH PLAIN AGFk…`, `AUTH hunter2…` of mail servers and Redis; `ENV SECRET_KEY …` of a Dockerfile. */
export const lookForArgument = (window: Window, kind: LogKind, from: number, to: number): void => {
  const { text } = window
  const isCommand = text.slice(from, to) === 'AUTH' || text.slice(Math.max(0, from - 4), from) === 'ENV '
  if (!isCommand) return
  const value = argument.exec(text.slice(to, to + 1_120))
  const [said, scheme, bare, quoted] = value ?? []
  const secret = bare ?? quoted
  if (said === undefined || secret === undefined) return
  if (bare !== undefined && !scheme && !(/\d/.test(bare) && /[A-Za-z]/.test(bare))) return
  const end = to + said.length - (quoted === undefined ? 0 : 1)
  note(window, kind, end - secret.length, end)
}
