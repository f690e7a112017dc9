// Logins that stand on a command line without a name: `curl -u ada:…`, `mysql -p…`.
import { note, type Window } from './window.ts'

const longestCommand = 300

/** The command that a word belongs to: what stands before it on its line. */
const commandBefore = (text: string, at: number): string => {
  const part = text.slice(Math.max(0, at - longestCommand), at)
  return part.slice(part.lastIndexOf('\n') + 1)
}

/** `-u name:password` of curl: behind the colon, to the end of the word. Where it ends, or -1. */
export const lookForLogin = (window: Window, from: number): number => {
  const { text } = window
  const login = /^u {1,3}["']?([^\s:"']{1,64}):([^\s"']{3,128})/.exec(text.slice(from, from + 220))
  if (!login || !/\bcurl\b/.test(commandBefore(text, from))) return -1
  const to = from + login[0].length
  note(window, 'password', to - login[2]!.length, to)
  return to
}

/** `-ppassword` of the clients of MySQL, without a space. Where it ends, or -1. */
export const lookForAttached = (window: Window, from: number): number => {
  const { text } = window
  const password = /^p([^\s"'=]{4,128})/.exec(text.slice(from, from + 130))?.[1]
  if (!password || !/\b(?:mysql|mariadb)(?:-?dump|-?admin)?\b/.test(commandBefore(text, from))) return -1
  note(window, 'password', from + 1, from + 1 + password.length)
  return from + 1 + password.length
}
