// What to change so that files and pages are kept, compressed and delivered well, in words and data.
import type { Fix } from '../../core/fix.ts'
import { fix, manual, manualFix, removeHeaderOf, setHeaderOf, setting } from '../../core/fixes.ts'
import { namingOf } from '../../formats/http/static-file.ts'

export const yearOnHashed = 'public, max-age=31536000, immutable'
export const askAgain = 'public, max-age=0, must-revalidate'

const whereToSet = [
  'nginx: a `location` for the folder with `add_header Cache-Control …`; Caddy: `header /assets/* Cache-Control …`; Vercel: `headers` in vercel.json; Netlify: `_headers`; Express: the option `setHeaders` of `express.static`.',
  'Then ask for a file twice: `curl -sI <url>` must show the header.',
]

/** What is said of files of one host: all that it holds for, the first of them, and for how long they are kept. */
export type AboutFiles = {
  host: string
  file: string
  files: readonly string[]
  /** Plain names among them that are sent without ETag and date: nobody can ask whether they are still the same. */
  bare: readonly string[]
  count: string
  span: string
}

/** A name that changes with its content is kept for good, any other is asked about each time. */
const valueFor = (url: string): string => (namingOf(url) === 'plain' ? askAgain : yearOnHashed)

const keepFile =
  (summary: string, more: readonly string[] = []) =>
  ({ host, files, bare }: AboutFiles): Fix =>
    fix(
      summary,
      [
        ...files.map(url => setHeaderOf(url, 'cache-control', valueFor(url))),
        ...(bare.length ? [setting('http', `${host}/etag`, true)] : []),
      ],
      [
        ...more,
        ...bare.map(url => `Send an ETag with ${url}; every static file server does unless it was turned off.`),
        ...whereToSet,
      ],
      15,
    )

export const keepHashed = keepFile('Let browsers keep files with a hash in their name for a year', [
  'A new build gives the file another name, so nobody is shown an old one.',
])
export const keepPlain = keepFile('Let browsers keep the file and ask whether it is still the same', [
  'Better still: let the build put a hash into the name (Vite, webpack, esbuild and Rails do), and keep it for a year.',
])

export const takeBackImmutable = keepFile('Do not promise that a file will never change whose name stays', [
  'Browsers that have it keep it; give the file another name once (app.2.js) to reach them.',
])

export const sendValidator = ({ host, file }: AboutFiles): Fix =>
  fix(
    'Send an ETag or Last-Modified with the file',
    [setting('http', `${host}/etag`, true)],
    [`Check with \`curl -sI ${file}\` that the header is there.`],
    15,
  )

export const answer304 = ({ host, file }: AboutFiles): Fix =>
  fix(
    'Answer 304 when the browser has the file already',
    [setting('http', `${host}/conditional`, true)],
    [
      `Look for what takes the request’s If-None-Match away on its way to ${file}: a proxy, a compression step that changes the ETag, or a handler that always sends the body.`,
      `Check with \`curl -sI -H 'If-None-Match: <the ETag>' ${file}\`: it must answer 304.`,
    ],
    30,
  )

export const sendVary = ({ files }: AboutFiles): Fix =>
  fix(
    'Send Vary: Accept-Encoding with every compressed answer',
    files.map(url => setHeaderOf(url, 'vary', 'Accept-Encoding')),
    ['nginx: `gzip_vary on;`. Express with the package compression sends it by itself.'],
    10,
  )

/** What a network was seen to do with a file. `kept` are the files that a header of theirs keeps from it, and whose names change with their content; `cookies` those that set one. */
export type AtEdge = { host: string; file: string; cdn: string; word: string; kept: string[]; cookies: string[] }

export const letEdgeKeep = ({ file, cdn, kept }: AtEdge): Fix => {
  const look = `Ask for ${file} twice with \`curl -sI\`: what ${cdn} says of it (age, x-cache, cf-cache-status, cache-status) must become a hit.`
  return fix(
    `Let ${cdn} keep static files`,
    kept.length ? kept.map(url => setHeaderOf(url, 'cache-control', yearOnHashed)) : [manual(look)],
    [
      look,
      'A header that says `private`, `no-store` or `max-age=0` keeps the network from it; so does a Set-Cookie on the file.',
      'At Cloudflare files without a known ending need a cache rule ("Eligible for cache"); at CloudFront a cache policy with a TTL.',
    ],
    20,
  )
}

export const noCookieOnFiles = ({ file, cdn, cookies }: AtEdge): Fix =>
  fix(
    'Set no cookie with static files',
    cookies.map(url => removeHeaderOf(url, 'set-cookie')),
    [
      `Serve ${file} before the session middleware runs (express.static above express-session, WhiteNoise, the web server itself), so that it sets no cookie.`,
      `Ask twice with \`curl -sI\`: the second answer must be one from the cache of ${cdn}.`,
    ],
    20,
  )

export const putNetworkBefore = ({ host }: AtEdge): Fix =>
  manualFix(
    'Put a delivery network before the static files',
    [
      `Move the DNS of ${host} to a provider whose delivery network is free (Cloudflare, Bunny) and turn its proxy on, or deploy the front end to a platform that has one (Vercel, Netlify, Cloudflare Pages).`,
      'Where all your customers live near the server, it may wait: suppress this finding with that reason.',
    ],
    45,
  )

/** How much is sent uncompressed, and what. */
export type Uncompressed = { host: string; what: string; saved: string }

export const compress = ({ host, what }: Uncompressed): Fix =>
  fix(
    `Compress ${what} that ${host} sends`,
    [setting('http', `${host}/compression`, ['br', 'gzip'])],
    [`Check with \`curl -sI -H 'Accept-Encoding: br, gzip' https://${host}/\`: Content-Encoding must be there.`],
    20,
  )

export const addBrotli = ({ host }: Uncompressed): Fix =>
  fix(
    'Offer Brotli or Zstandard beside gzip',
    [setting('http', `${host}/compression`, ['br', 'gzip'], ['gzip'])],
    [
      'Files can be compressed while building instead (vite-plugin-compression, `brotli -q 11`) and served so: nginx `brotli_static on;`, Caddy `precompressed`.',
      `Check with \`curl -sI -H 'Accept-Encoding: br, gzip' https://${host}/\`: Content-Encoding must be br.`,
    ],
    30,
  )

export const offerHttp2 = ({ host }: { host: string }): Fix =>
  fix(
    'Offer HTTP/2',
    [setting('http', `${host}/protocols`, ['h2', 'http/1.1'], ['http/1.1'])],
    [
      'A server written in Node, Ruby or Python is best put behind nginx, Caddy or a delivery network, which speak it.',
      `Check with \`curl -sI --http2 https://${host}/\`: the first line must begin with HTTP/2.`,
    ],
    15,
  )

/** A page and how it is kept. */
export type KeptPage = { page: string; url: string; span: string }

export const askAgainForPage = ({ url }: KeptPage): Fix =>
  fix(
    'Let browsers ask for the page again each time',
    [setHeaderOf(url, 'cache-control', askAgain)],
    [
      'A delivery network may still keep it: s-maxage or CDN-Cache-Control are for it alone, and a deploy can empty it.',
      'Whoever has the page already keeps it until it runs out; only another address reaches them earlier.',
    ],
    15,
  )

export const nobodyElses = ({ url }: KeptPage): Fix =>
  fix(
    'Say that the answer is for one customer alone',
    [setHeaderOf(url, 'cache-control', 'private, no-store')],
    [
      'Take `public` and `s-maxage` away wherever a session is read or made.',
      'Then empty the cache of the delivery network: what it holds stays there until it runs out.',
      'Take rules such as "cache everything" off paths behind the login.',
    ],
    20,
  )
