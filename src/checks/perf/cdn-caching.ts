// Static files come from a cache near the visitor, at the latest when they are asked for a second time.
import { defineCheck, medium, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { fileSending } from '../../facts/http/delivery.example.ts'
import type { StaticFile } from '../../facts/http/delivery.ts'
import { cachingOf } from '../../formats/http/cache-control.ts'
import { type CdnWord, cdnWord, ownCookies } from '../../formats/http/cdn-words.ts'
import { namingOf } from '../../formats/http/static-file.ts'
import { type AtEdge, letEdgeKeep, noCookieOnFiles, putNetworkBefore } from './delivery-fixes.ts'

/** What the network said of a file at the last try, or at the first that was a hit. */
const wordOf = ({ headers, conditional, again }: StaticFile): CdnWord => {
  const words = [{ headers }, conditional, again].flatMap(answer => (answer ? [cdnWord(answer)] : []))
  const spoken = words.filter(({ state }) => state !== null)
  return (
    spoken.find(({ state }) => state === 'hit') ?? spoken.at(-1) ?? words.find(({ cdn }) => cdn !== null) ?? words[0]!
  )
}

const setsCookie = ({ headers, again }: StaticFile): boolean =>
  ownCookies({ headers }).length > 0 || (again !== null && ownCookies(again).length > 0)

/** A name that changes with its content, and a header that forbids or denies a cache in between to keep it. */
const keptByHeader = ({ url, headers }: StaticFile): boolean =>
  namingOf(url) !== 'plain' && (cachingOf({ headers }).sharedSeconds ?? 0) === 0

const year: [string, string] = ['cache-control', 'public, max-age=31536000, immutable']
const word = (value: string): [string, string] => ['cf-cache-status', value]
const twice = (value: string, ...more: [string, string][]) =>
  fileSending([year, word(value), ...more], { again: { status: 200, headers: [word(value), ...more] } })

export default defineCheck<AtEdge>()({
  id: 'cdn-caching',
  stage: 'perf',
  on: 'host',
  title: 'Static files come from a cache near the visitor',
  why: 'A delivery network that keeps scripts, styles and images answers from the visitor’s own city. Each file is asked for up to three times; the words of Cloudflare, Vercel, Netlify, Fastly, CloudFront, Bunny and Fly, Cache-Status (RFC 9211) and Age tell whether the cache answered. Pages made for each customer may come from the origin.',
  impact: { journey: 'visit', owner: 'Visitors far from your server wait longer for every file.' },
  needs: ['delivery'],
  outcomes: {
    'bypassed-by-cookie': medium('{cdn} keeps no files of {host}: a cookie comes with them', noCookieOnFiles),
    miss: medium('{cdn} fetches files of {host} from your server each time', letEdgeKeep),
    'no-cdn': medium('No delivery network (CDN) is seen before the files of {host}', putNetworkBefore, {
      why: 'Visitors far away wait for every file to cross the distance, and nothing keeps a flood of requests away from the one server.',
    }),
    hit: pass('{cdn} answers from its cache'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9211',
    'https://developers.cloudflare.com/cache/concepts/cache-responses/',
    'https://vercel.com/docs/headers/response-headers',
  ],
  judge: ({ delivery: { files } }, { subject: { name: host } }) => {
    if (files.length === 0) return skip(`${host} serves no page with static files of its own`)
    const words = files.map(file => ({ file, said: wordOf(file) }))
    const causes = {
      kept: files.filter(keptByHeader).map(({ url }) => url),
      cookies: files.filter(setsCookie).map(({ url }) => url),
    }
    const of = ({ file, said }: (typeof words)[number]) => ({
      data: { host, file: file.url, cdn: said.cdn ?? 'The cache', word: said.word, ...causes },
      evidence: [httpEvidence(file.url, said.word || 'no word of any cache')],
    })
    const away = words.filter(({ said }) => said.state === 'miss' || said.state === 'bypass')
    const cookie = away.find(({ file }) => setsCookie(file))
    if (cookie) return { outcome: 'bypassed-by-cookie', ...of(cookie) }
    // One file in its first minutes says nothing of the rest.
    const hit = words.find(({ said }) => said.state === 'hit')
    if (hit && away.length * 2 <= words.length) return { outcome: 'hit', ...of(hit) }
    if (away[0]) return { outcome: 'miss', ...of(away[0]) }
    const silent = words.find(({ said }) => said.cdn !== null)
    if (silent) return unknown(`${silent.said.cdn} does not say whether its cache answered`, 'medium')
    return { outcome: 'no-cdn', ...of(words[0]!) }
  },
  examples: [
    { name: 'from the cache', facts: {}, expect: 'hit' },
    { name: 'missed twice', facts: { delivery: twice('MISS') }, expect: 'miss' },
    {
      name: 'a cookie on the file',
      facts: { delivery: twice('BYPASS', ['set-cookie', 'sid=1']) },
      expect: 'bypassed-by-cookie',
    },
    { name: 'no network', facts: { delivery: fileSending([year]) }, expect: 'no-cdn' },
    {
      name: 'a network that says nothing',
      facts: { delivery: fileSending([year, ['server', 'cloudflare']]) },
      expect: 'unknown',
    },
    { name: 'no files', facts: { delivery: { files: [] } }, expect: 'skip' },
  ],
})
