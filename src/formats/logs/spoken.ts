// Values that no sign parts from their names: in a sentence, and in commands of mail servers, Redis and Dockerfiles.
import type { LogKind } from '../../data/log-names.ts'
import { isNoValue } from './values.ts'
import { note, type Window } from './window.ts'

const spoken = /^ (?:(?:is|was):? )?(?:(["'`])([^\s"'`]{4,64})\1|([^\s"'`,;:()=]{6,64})(?=[\s,.;]|$))/

/** `with password hunter2`: a word of letters and figures, or one in quotation marks, behind the name. */
export const lookForSpokenPassword = (window: Window, to: number): void => {
  if (window.text.charCodeAt(to) !== 32) return
  const match = spoken.exec(window.text.slice(to, to + 80))
  const value = match?.[2] ?? match?.[3] ?? ''
  if (!match || isNoValue(value) || (!match[1] && !(/\d/.test(value) && /[A-Za-z]/.test(value)))) return
  const from = to + match[0].lastIndexOf(value)
  note(window, 'password', from, from + value.length)
}

/** `AUTH PLAIN AGFk…`, `AUTH hunter2…` of mail servers and Redis; `ENV SECRET_KEY …` of a Dockerfile. */
export const lookForArgument = (window: Window, kind: LogKind, from: number, to: number): void => {
  const { text } = window
  const isCommand = text.slice(from, to) === 'AUTH' || text.slice(Math.max(0, from - 4), from) === 'ENV '
  if (!isCommand) return
  const value = /^ (?:(?:PLAIN|LOGIN|XOAUTH2) )?([^\s"']{8,1024})(?=\s|$)/.exec(text.slice(to, to + 1_040))
  if (value && /\d/.test(value[1]!) && /[A-Za-z]/.test(value[1]!))
    note(window, kind, to + value[0].length - value[1]!.length, to + value[0].length)
}

const codeWords = /(?:verification|confirmation|security|login|log-?in|sign-?in|access|one-?time|sms|2fa|mfa|pass) $/i

/** `your verification code is 493021`. */
export const lookForSpokenCode = (window: Window, from: number, to: number): void => {
  const { text } = window
  const code = /^(?: is:?|:)? (\d{4,8})(?![\w.])/.exec(text.slice(to, to + 16))
  if (!code || !codeWords.test(text.slice(Math.max(0, from - 14), from))) return
  note(window, 'one-time-code', to + code[0].length - code[1]!.length, to + code[0].length)
}
