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

/** By what the services document or have sent for years (2026-11-26). */
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
]

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
    )?.who ?? null
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
