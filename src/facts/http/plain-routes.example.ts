// Key routes over plain HTTP, for the examples of checks.
import type { HttpHop } from '../../net/network.ts'
import type { PlainRoutes } from './plain-routes.ts'
import { hop, redirect, walked } from './web.example.ts'

const login = 'http://example.com/login'

/** The login page leads to HTTPS, as the front page does. */
export const example: PlainRoutes = [
  {
    url: login,
    kind: 'auth',
    walked: walked(redirect(login, 'https://example.com/login', 308), hop('https://example.com/login')),
  },
]

/** The login page's answer over plain HTTP. */
export const plainLogin = (given: Partial<HttpHop>): PlainRoutes => [
  { url: login, kind: 'auth', walked: walked(hop(login, given)) },
]
