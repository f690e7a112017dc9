// Stylesheets of a page for the examples of checks.
import type { Styles } from './styles.ts'

/** One sheet that loads from its own host. */
export const example: Styles = {
  sheets: [{ url: 'https://example.com/app.css', text: 'body { background: url(/paper.png) }' }],
  unread: [],
}

/** One sheet with this text. */
export const sheet = (text: string): Partial<Styles> => ({ sheets: [{ url: 'https://example.com/app.css', text }] })
