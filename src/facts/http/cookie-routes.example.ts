// Login cookies of the key routes, for the examples of checks.
import type { CookieRoutes } from './cookie-routes.ts'

/** No other page sets a login cookie. */
export const example: CookieRoutes = []
