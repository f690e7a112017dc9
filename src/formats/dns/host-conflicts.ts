// Whether the hosts of an app and of a marketing site are told apart: what their front pages show, and which cookies they share.

/** What one host shows at its front page (the fact `hostFaces`). */
export type FaceLike = {
  host: string
  role: string
  endsAt: string | null
  login: boolean
  status: number | null
  title: string
  content: string
  sharedCookies: readonly { name: string; domain: string }[]
}

/** Made to be shared by all hosts: edge networks, statistics, consent, language. Nobody is logged out by them. */
const sharedByDesign =
  /^(__cf|_cf|cf_|__cflb|AWSALB|_ga|_gid|_gcl|_fbp|_fbc|_hj|_clck|_clsk|ajs_|amplitude|AMP_|mp_|ph_|_vercel|intercom-|hubspot|__hs|_uet|_pin|_tt_|Optanon|CookieConsent|cookie_?consent|consent|NEXT_LOCALE|locale|lang|language|i18n|currency|theme)/i

/** Cookies of one name that two or more hosts set for the same wider domain (RFC 6265 §4.1.2.3). */
export const cookieCollisions = (
  faces: readonly FaceLike[],
): { name: string; domain: string; hosts: [string, string, ...string[]] }[] => {
  const shared = faces.flatMap(({ host, sharedCookies }) =>
    sharedCookies.filter(cookie => !sharedByDesign.test(cookie.name)).map(cookie => ({ host, ...cookie })),
  )
  return [...Map.groupBy(shared, cookie => `${cookie.name} ${cookie.domain}`).values()].flatMap(group => {
    const [first, second, ...others] = [...new Set(group.map(cookie => cookie.host))]
    if (!first || !second) return []
    return [{ name: group[0]!.name, domain: group[0]!.domain, hosts: [first, second, ...others] }]
  })
}

/** Hosts of the app, and of the marketing site with the one of them that serves it; null where there are not both. */
export const appsAndSite = <F extends FaceLike>(
  faces: readonly F[],
): { apps: F[]; sites: F[]; marketing: F } | null => {
  const apps = faces.filter(face => face.role === 'app')
  const sites = faces.filter(face => ['apex', 'www', 'marketing'].includes(face.role))
  if (apps.length === 0 || sites.every(site => site.status === null)) return null
  return { apps, sites, marketing: sites.find(site => site.endsAt === site.host) ?? sites[0]! }
}

/** How an app host steps on the marketing site: it sends people there, or shows the same page. Null when it does neither. */
export const appConflict = (
  app: FaceLike,
  { sites, marketing }: { sites: readonly FaceLike[]; marketing: FaceLike },
): 'app-redirects-to-marketing' | 'same-content' | null => {
  const away = app.endsAt !== null && app.endsAt !== app.host && sites.some(site => site.host === app.endsAt)
  // The login may stand at the marketing site: then people arrive where they want to.
  if (away) return app.login ? null : 'app-redirects-to-marketing'
  return app.content !== '' && app.content === marketing.content ? 'same-content' : null
}
