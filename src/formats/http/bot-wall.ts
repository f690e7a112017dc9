// Recognises the answer of a service that keeps programs out: what stands behind it was then not seen, by this audit at least.
import type { Cause } from '../../core/cause.ts'
import type { Headers } from './headers.ts'

type Answer = { status: number; headers: Headers; body: string }
type Wall = {
  who: string
  header?: readonly [name: string, value: RegExp]
  body?: RegExp
  status?: readonly number[]
}

/** By what the services document or have sent for years (2026-11-30). */
const walls: readonly Wall[] = [
  { who: 'Cloudflare’s bot protection', header: ['cf-mitigated', /^challenge/i] },
  {
    who: 'Cloudflare’s bot protection',
    header: ['server', /^cloudflare/i],
    body: /<title>(?:Just a moment\.\.\.|Attention Required! \| Cloudflare|Access denied \|)|\/cdn-cgi\/challenge-platform\//i,
    status: [403, 429, 503],
  },
  { who: 'Vercel’s bot protection', header: ['x-vercel-mitigated', /challenge|deny/i] },
  { who: 'AWS WAF', header: ['x-amzn-waf-action', /challenge|captcha/i] },
  { who: 'DataDome', header: ['x-datadome', /protected|./], status: [403, 405] },
  { who: 'Imperva', body: /_Incapsula_Resource|Incapsula incident ID/i },
  {
    who: 'Akamai',
    body: /<title>Access Denied<\/title>[\s\S]{0,2000}errors\.edgesuite\.net|Reference&#32;&#35;/i,
    status: [403],
  },
  { who: 'Sucuri’s firewall', body: /Sucuri Website Firewall - Access Denied|sucuri_cloudproxy_js/i },
  { who: 'HUMAN (PerimeterX)', body: /px-captcha|_pxAppId/, status: [403, 429] },
  { who: 'DDoS-Guard', body: /<title>DDoS-Guard<\/title>|\/\.well-known\/ddos-guard\/(?:js-challenge|check)/i },
  { who: 'Anubis', body: /\/\.within\.website\/x\/cmd\/anubis\/|<title>Making sure you(?:&#39;|['’])re not a bot!/i },
  { who: 'Kasada', header: ['x-kpsdk-ct', /./], status: [403, 429] },
  { who: 'F5’s bot protection', body: /The requested URL was rejected\. Please consult with your administrator/i },
  { who: 'SiteGround’s test of visitors', body: /\/\.well-known\/(?:sg)?captcha\/\?/i },
  { who: 'Qrator', header: ['server', /^qrator/i], status: [401, 403] },
]

/** What walls of every make say of themselves, in the title or the first heading of a page that holds nothing else. */
const tests: readonly [who: string, words: RegExp][] = [
  [
    'a test whether visitors are human',
    /(?:verify|verifying|confirm|checking|prove|make sure|making sure)(?: that)? (?:if |whether |that )?you(?:[’']re| are) (?:a |not a )?(?:human|robot|bot)|are you (?:a )?(?:human|robot)|(?:human|security) (?:verification|check|challenge)$|checking your browser|(?:request|connection|browser) is being (?:verified|checked)|(?:verifying|checking|checks?) (?:the |your |that your )?(?:site |browser |internet )?connection (?:is )?secur\w{1,3}|(?:complete|pass) the (?:security check|captcha)|(?:unusual|suspicious|automated) (?:traffic|activity|requests)|i[’']?m not a robot|bist du ein mensch|sind sie ein mensch|vérifi\w+ que vous (?:êtes|n['’]êtes)|verificando (?:que|se) (?:eres|você)/i,
  ],
  [
    'a rule on countries',
    /(?:not|no longer|isn[’']t) (?:currently )?(?:available|accessible|offered) (?:in|from|to) (?:your|this) (?:country|region|location|area|territory)|(?:your|this) (?:country|region|location) (?:is|has been) (?:not supported|blocked|restricted)|access (?:from|in) your (?:country|region|location) (?:is|has been) (?:blocked|restricted|denied)|blocked in your (?:country|region)|unavailable for legal reasons/i,
  ],
]

/** Characters of text and markup up to which a page is nothing but a wall; its script may be longer. */
const wallText = 900
const briefWall = 250
const wallMarkup = 60_000

const withoutScripts = (body: string): string =>
  body.replace(/<(script|style|svg|noscript)\b[\s\S]{0,60000}?<\/\1\s*>/gi, ' ').replace(/<!--[\s\S]{0,4000}?-->/g, ' ')

/** The kind of wall that a bare page is by its own words; null where it shows, links or asks for anything of a product. */
const wallByWords = ({ status, body }: Answer): string | null => {
  if (body.length > wallMarkup || (status >= 300 && ![403, 405, 429, 451, 503].includes(status))) return null
  const heads = [...body.matchAll(/<(title|h1|h2)\b[^>]{0,300}>([\s\S]{0,300}?)<\/\1/gi)].map(match =>
    match[2]!
      .replace(/<[^>]{0,200}>/g, ' ')
      .replaceAll('&#39;', "'")
      .replaceAll('&rsquo;', '’')
      .trim(),
  )
  const rest = withoutScripts(body)
  const text = rest.replace(/<[^>]{0,2000}>/g, ' ').replace(/\s+/g, ' ')
  // Where hardly anything stands, the test may stand below a heading that names the host.
  const said = text.length <= briefWall ? [...heads, text] : heads
  const found = tests.find(([, words]) => said.some(each => words.test(each)))
  if (!found) return null
  const links = rest.match(/<a\b/gi)?.length ?? 0
  return text.length <= wallText && links <= 4 && !/<input\b[^>]{0,300}type=["']?(?:password|email)/i.test(rest)
    ? found[0]
    : null
}

/** Who keeps programs out with this answer; null when it is the site's own. */
export const botWall = ({ status, headers, body }: Answer): string | null => {
  const value = (name: string): string => headers.find(([key]) => key === name)?.[1] ?? ''
  const start = body.slice(0, 65_536)
  return (
    walls.find(
      wall =>
        (!wall.status || wall.status.includes(status)) &&
        (!wall.header || wall.header[1].test(value(wall.header[0]))) &&
        (!wall.body || wall.body.test(start)),
    )?.who ?? wallByWords({ status, headers, body: start })
  )
}

/** Why nothing was seen of what stands behind this answer; null when it is the site's own. Equal for every check of the host. */
export const turnedAway = (url: string, answer: Answer): (Cause & { kind: 'turned-away' }) | null => {
  const host = new URL(url).hostname
  const who = botWall(answer)
  if (who !== null) return { kind: 'turned-away', host, text: `${host} is behind ${who}, which turned this audit away` }
  return answer.status === 429
    ? { kind: 'turned-away', host, text: `${host} answers 429: it limits requests, and kept this audit out` }
    : null
}
