// The line by which a server names the status of an answer, as a page's heading or title.
import { STATUS_CODES } from 'node:http'

const plain = (words: string): string => words.toLowerCase().replace(/[^a-z]+/g, '')

/** As older editions of HTTP and the servers that follow them name them (RFC 2616 §6.1.1). */
const formerly = ['Request Entity Too Large', 'Request-URI Too Large', 'Request-URI Too Long', 'Unprocessable Entity']

const phrases = [
  ...Object.entries(STATUS_CODES).flatMap(([code, phrase]) => (Number(code) >= 400 && phrase ? [phrase] : [])),
  ...formerly,
]
const named = new Set(phrases.map(plain))
/** A single word ("Gone", "Locked") may be anything's name. */
const telling = new Set(phrases.filter(phrase => /[\s-]/.test(phrase)).map(plain))

const longest = 80
const saidBy = (words: string): string =>
  plain(words.replace(/^\s*(?:https?\b|error\b|status\b|[\s:/\d.–—|-]){1,12}/i, ''))

/** "413 Request Entity Too Large", "Bad Request (400)", "HTTP Error 408: Request Time-out". */
export const isNumberedStatus = (words: string): boolean =>
  words.length <= longest && /\b[45]\d\d\b/.test(words) && named.has(saidBy(words))

/** "Misdirected Request". */
export const isStatusPhrase = (words: string): boolean => words.length <= longest && telling.has(saidBy(words))
