// A robots.txt for the examples of checks.
import type { Robots } from './robots.ts'

/** A file that shuts one folder. */
export const example: Robots = {
  url: 'https://example.com/robots.txt',
  status: 200,
  text: 'User-agent: *\nAllow: /\nDisallow: /admin',
}

/** There is none. */
export const absent: Partial<Robots> = { status: 404, text: '' }
