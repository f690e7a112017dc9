// Classes by which the common style libraries keep something from sight until a script shows it. Dated 2026-11-30; sources: the manuals of
// Bootstrap (display, modal, offcanvas), Tailwind, Bulma, Foundation, UIkit, Materialize, Quasar and WordPress. Classes for one width of
// screen alone (`md:hidden`, `d-md-none`) are none.

export const hidingClasses: ReadonlySet<string> = new Set([
  'd-none',
  'hidden',
  'hide',
  'is-hidden',
  'is-sr-only',
  'sr-only',
  'visually-hidden',
  'screen-reader-text',
  'uk-hidden',
  'modal',
  'offcanvas',
])

/** Beside one of these, it is shown. */
export const showingClasses: ReadonlySet<string> = new Set(['show', 'open', 'is-open', 'is-active', 'active', 'in'])

/** Names of elements that the templates of frameworks keep from sight, by a stylesheet of theirs, until their script shows them (ASP.NET Core Blazor). */
export const hidingNames: ReadonlySet<string> = new Set(['blazor-error-ui', 'components-reconnect-modal'])
