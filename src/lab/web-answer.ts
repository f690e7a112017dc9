// Which answer a request gets: added redirects first, then what the host does on port 80, its own redirect, its routes.
import type { HostState, Request } from './web-types.ts'
import type { AnswerSpec } from './world.ts'

const matches = (answer: AnswerSpec, request: Request, url: URL): boolean => {
  const { headers = {}, without = [], cookie, query = {} } = answer.when ?? {}
  const value = (name: string): string => String(request.headers[name.toLowerCase()] ?? '')
  return (
    Object.entries(headers).every(([name, text]) => value(name).toLowerCase().includes(text.toLowerCase())) &&
    without.every(name => request.headers[name.toLowerCase()] === undefined) &&
    (cookie === undefined ||
      value('cookie')
        .split(/;\s*/)
        .some(pair => pair.startsWith(`${cookie}=`))) &&
    Object.entries(query).every(([name, text]) => url.searchParams.get(name) === text)
  )
}

/** Key of the route that serves a path, and its answer. */
const findAnswer = (host: HostState, request: Request, url: URL): { key: string; answer: AnswerSpec } => {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
  const { routes } = host.spec
  const prefixes = Object.keys(routes)
    .filter(key => key.endsWith('*'))
    .sort((a, b) => b.length - a.length)
  const prefix = (start: string): string =>
    prefixes.find(key => key.startsWith(`${start}/`) && `${start}${url.pathname}`.startsWith(key.slice(0, -1))) ?? ''
  const isRead = method === 'GET'
  // A route without a method is read with GET and HEAD alone.
  const keys = [`${method} ${url.pathname}`, isRead ? url.pathname : '', prefix(`${method} `), isRead ? prefix('') : '']
  for (const key of keys) {
    const found = routes[key]
    const answer = found === undefined ? undefined : [found].flat().find(candidate => matches(candidate, request, url))
    if (answer) return { key, answer }
  }
  const isKnown = Object.keys(routes).some(key => key === url.pathname || key.endsWith(` ${url.pathname}`))
  if (!isRead && isKnown) return { key: 'method', answer: { status: 405, body: 'method not allowed\n' } }
  return {
    key: 'fallback',
    answer: host.spec.fallback ?? {
      status: 404,
      body: '<!doctype html><html lang="en"><title>Not found</title><h1>Not found</h1></html>\n',
    },
  }
}

const redirectAnswer = (to: string, status: number): AnswerSpec => ({ status, redirect: to })

/** `key` names the route, for counting; `isRedirectOnly`: the platform's answer, without the application's headers. */
export type Chosen = { key: string; answer: AnswerSpec; isRedirectOnly: boolean }

export const answerFor = (host: HostState, scheme: 'http' | 'https', request: Request, url: URL): Chosen => {
  const tail = `${url.pathname}${url.search}`
  for (const rule of host.redirects) {
    if (rule.scheme !== scheme) continue
    const base = rule.path.replace(/\/$/, '')
    if (rule.tree ? url.pathname === rule.path || url.pathname.startsWith(`${base}/`) : url.pathname === rule.path) {
      const to = rule.tree ? `${rule.to.replace(/\/$/, '')}${tail.slice(base.length) || '/'}` : rule.to
      return { key: 'redirect', answer: redirectAnswer(to, rule.status), isRedirectOnly: scheme === 'http' }
    }
  }
  const { http } = host.spec
  const isServed = typeof http === 'object' && 'serve' in http && http.serve.includes(url.pathname)
  if (scheme === 'http' && !isServed && (http === 'redirect' || (typeof http === 'object' && 'serve' in http))) {
    return { key: 'redirect', answer: redirectAnswer(`https://${host.name}${tail}`, 301), isRedirectOnly: true }
  }
  if (scheme === 'http' && typeof http === 'object' && !('serve' in http))
    return { key: 'http', answer: http, isRedirectOnly: true }
  const moved = host.spec.redirect
  if (moved) {
    return {
      key: 'redirect',
      answer: redirectAnswer(moved.keep ? `${moved.to.replace(/\/$/, '')}${tail}` : moved.to, moved.status),
      isRedirectOnly: false,
    }
  }
  return { ...findAnswer(host, request, url), isRedirectOnly: false }
}
