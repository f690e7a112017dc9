// Secrets in a log that have no name before them: arguments of commands and protocols, statements of SQL, calls, sentences. A phrase is
// looked for where its word stands. Sources: the manuals of the programs; RFC 3501 §6.2, RFC 4954 §4, RFC 2449; the reference manuals
// of PostgreSQL 18, MySQL 9 and PHP 8, as of 2026-11.
import type { LogKind } from './log-names.ts'

/** What stands before its word and behind it; the last group of `before` where it has one, or else of `behind`, is the secret. */
export type LogPhrase = {
  kind: LogKind
  before?: RegExp
  behind?: RegExp /** Characters before the word, where a phrase is long. */
  reach?: number
}

const password = (behind: RegExp, before?: RegExp): LogPhrase => ({
  kind: 'password',
  behind,
  ...(before ? { before } : {}),
})

/** An option of a command, some way behind it on its line, and the word that it takes. */
const option = (options: string): LogPhrase =>
  password(new RegExp(`^(?= )[^\\n|;]{0,300}? (?:${options})["']?([^\\s"'$%-][^\\s"'$]{2,127})(?=["'\\s]|$)`))

const login = option('(?:-u|--user|--proxy-user|-U)[ =]{0,3}["\']?[^\\s:"\']{1,64}:')
const attached = option('-p')
const parted = option('(?:-p|--pass) ')
const ofRegistry = password(/^ login(?= )[^\n|;]{0,200}? -p ?["']?([^\s"'$-][^\s"'$]{2,255})/)
const ofDirectory = option('-w ?')

/** What is printed into a program that reads a password from there, and what it is given by a here-string. */
const printed =
  /\b(?:echo|printf)(?: -[neE]{1,3}| ["']?%s(?:\\n)?["']?){0,2} (["']?)([^\s"'$`|<>-][^\n"'|]{2,300}?)\1 ?\| ?/
const piped = (program: string): RegExp => new RegExp(`${printed.source}${program}$`)
const hereString = /^[^\n|;]{0,200}? ?<<< ?["']?([^\s"'$`][^\s"']{2,300})/

/** A drive that is bound, with its password behind the user or before. */
const ofDrive = password(
  /^(?:\.exe)? use [^\n]{0,300}?\/u(?:ser)?:(?:"[^"\n]{1,128}"|[^\s"]{1,128}) "?([^\s"/*][^\s"]{2,127})/i,
)
const ofShare = password(/^(?:\.exe)? use (?:(?:[a-z]:|\*) )?\\{2,4}[^\s"]{3,200} "?([^\s"/*][^\s"]{2,127})"? \//i)
const ofAccount = password(/^(?:\.exe)? user [^\s/"]{1,64} "?(?=[^\s"]*\d)([^\s"/*][^\s"]{2,127})/i)

/** The third argument of a call that opens a database. */
const third = '\\((?:\'[^\'\\n]{0,200}\', ?|"[^"\\n]{0,200}", ?){2}([\'"])([^\'"\\n]{3,200})\\1'
/** The second argument of a call that signs somebody in. */
const second = password(/^\((?:'[^'\n]{1,200}'|"[^"\n]{1,200}"), ?(['"])([^'"\n]{3,200})\1/)

/** The tag of a command of IMAP. */
const tag = /(?:^|[\s>"])[A-Za-z]{0,5}\d{1,6} $/

const figures = '(\\d{4,8}|\\d{3}[ -]\\d{3})'
const yours: LogPhrase = {
  kind: 'one-time-code',
  before: new RegExp(`(?<![\\w.])(?:G-)?${figures} is your (?:[\\w'-]{1,24} ){0,4}$`),
}
const used: LogPhrase = {
  kind: 'one-time-code',
  before: new RegExp(`\\b(?:use|enter|type)(?: the code| code)? ${figures} (?:to|as|for) $`, 'i'),
}
const said: LogPhrase = {
  kind: 'one-time-code',
  before: /(?:verification|confirmation|security|login|log-?in|sign-?in|access|one-?time|sms|2fa|mfa|pass) $/i,
  behind: /^(?: is:?|:)? (\d{4,8})(?![\w.])/,
}
/** `Your code is 482913`. */
const spoken: LogPhrase = { kind: 'one-time-code', before: /\byour $/i, behind: /^(?: is:?|:) (\d{4,8})(?![\w.])/ }

/** By the word that they stand beside; one in small letters is found in capitals too. */
export const logPhrases: Readonly<Record<string, readonly LogPhrase[]>> = {
  curl: [login],
  mysql: [attached],
  mysqldump: [attached],
  mysqladmin: [attached],
  mariadb: [attached],
  sshpass: [parted, attached],
  mongosh: [parted],
  mongodump: [parted],
  docker: [ofRegistry],
  podman: [ofRegistry],
  cli: [{ ...option('(?:-a|--pass) '), before: /\b(?:redis|valkey)-$/ }],
  ldapsearch: [ofDirectory],
  ldapmodify: [ofDirectory],
  ldapadd: [ofDirectory],
  smbclient: [option('-U ?[^\\s%]{1,64}%')],
  htpasswd: [password(/^ -[a-zA-Z]{0,4}b[a-zA-Z]{0,4} \S{1,200} \S{1,100} ["']?([^\s"']{3,128})/)],
  machine: [password(/^ \S{1,200} login \S{1,200} password (\S{3,200})/)],
  net: [ofDrive, ofShare, ofAccount],
  stdin: [
    { kind: 'password', before: piped('[^\\n|;&]{0,200}-'), reach: 560 },
    { ...password(hereString), before: /-password-$/ },
  ],
  sudo: [{ kind: 'password', before: piped(''), behind: /^ (?:-\w{1,8} ){0,3}(?:-\w{0,4}S\b|--stdin\b)/, reach: 340 }],
  LOGIN: [password(/^ (?:"[^"\n]{1,128}"|[^\s"]{1,128}) "?([^\s"()]{3,128})"?(?=["\s]|$)/, tag)],
  AUTHENTICATE: [password(/^ (?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER) ([A-Za-z0-9+/]{8,2048}={0,2})(?=["\s]|$)/)],
  // "Password:" in base64: what is answered to it stands at the end of the next line.
  UGFzc3dvcmQ6: [password(/^[^\n]{0,40}\n(?:[^\n]{0,200}[\s:>])?([A-Za-z0-9+/]{4,400}={0,2})(?=\r?\n|$)/)],
  identified: [password(/^ (?:WITH \S{1,64} )?(?:BY|AS) (?:PASSWORD )?(['"])([^'"\n]{3,200})\1/i)],
  pdo: [password(new RegExp(`^->__construct${third}`))],
  mysqli: [password(new RegExp(`^->(?:__construct|real_connect)${third}`))],
  mysqli_connect: [password(new RegExp(`^${third}`))],
  attempt: [second],
  authenticate: [second],
  login: [second],
  code: [said, yours, spoken],
  otp: [yours],
  verify: [used],
  confirm: [used],
  sign: [used],
  log: [used],
}
