// A cookie jar for redirects and flows: the rules of RFC 6265 as browsers keep them (tough-cookie), within our bounds.
import { Cookie, CookieJar } from 'tough-cookie'
import { limits } from '../data/limits.ts'

export type Cookies = {
  /**
   * Keeps what one Set-Cookie header of an answer from `url` says. Ignored without a word: cookies for foreign domains and
   * public suffixes, Secure ones that came over http, and what is beyond the bounds. `now` in milliseconds since the epoch.
   */
  keep(url: string | URL, setCookie: string, now: number): void
  /** The Cookie header for a request to `url` (`a=1; b=2`, longer paths first); null when no cookie fits. */
  headerFor(url: string | URL, now: number): string | null
  /** All cookies that were kept, as `name=value`, whatever their host. */
  pairs(): string[]
}

/** The cookie with its end as an instant of our clock: the library would count Max-Age by the machine's. */
const parse = (setCookie: string, now: number): Cookie | undefined => {
  const cookie = Cookie.parse(setCookie)
  if (cookie && typeof cookie.maxAge === 'number') cookie.expires = new Date(now + cookie.maxAge * 1000)
  if (cookie) cookie.maxAge = null
  return cookie
}

const isLive = (cookie: Cookie, now: number): boolean =>
  !(cookie.expires instanceof Date) || cookie.expires.getTime() > now

/** An empty jar. */
export const createCookies = (): Cookies => {
  const jar = new CookieJar()
  const live = (url: string | URL, now: number, allPaths: boolean): Cookie[] =>
    jar.getCookiesSync(String(url), { allPaths, expire: false, sort: true }).filter(cookie => isLive(cookie, now))
  return {
    keep(url, setCookie, now) {
      const cookie = setCookie.length > limits.cookieLength ? undefined : parse(setCookie, now)
      if (!cookie) return
      const kept = live(url, now, true)
      if (kept.length >= limits.cookiesPerHost && !kept.some(({ key }) => key === cookie.key)) return
      jar.setCookieSync(cookie, String(url), { ignoreError: true })
    },
    headerFor(url, now) {
      const cookies = live(url, now, false)
      return cookies.length ? cookies.map(cookie => cookie.cookieString()).join('; ') : null
    },
    pairs: () => (jar.serializeSync()?.cookies ?? []).map(({ key, value }) => `${key}=${value}`),
  }
}
