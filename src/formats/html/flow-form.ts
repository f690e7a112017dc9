// Which form of a page a flow's step means, what a browser would send when it is submitted, and where the picture of a failure goes.
import type { HtmlForm, HtmlPage } from './html.ts'

/**
 * The form that `wanted` names: `form[action="/x"]` or a part of its action; else the one that has every field of `fields`; else
 * the page's only form. Null when none fits.
 */
export const chooseForm = (page: HtmlPage, wanted: string, fields: readonly string[]): HtmlForm | null => {
  const forms = page.forms.filter(form => form.method !== 'script')
  const action = /\[action\s*[*^$~|]?=\s*["']?([^"'\]]+)/.exec(wanted)?.[1]
  if (action) return forms.find(form => form.action.includes(action)) ?? null
  const words = wanted.trim().toLowerCase()
  const fitting = forms.filter(form => fields.every(field => form.inputs.some(input => input.name === field)))
  return (
    fitting.find(form => form.inputs.some(input => input.type === 'submit' && input.value.toLowerCase() === words)) ??
    fitting.find(form => words.startsWith('/') && new URL(form.action).pathname === words) ??
    fitting[0] ??
    (forms.length === 1 ? forms[0]! : null)
  )
}

/** Fields as sent: hidden ones and defaults of the form (the token against forgery among them), then the values given. */
export const formFields = (form: HtmlForm | null, given: Readonly<Record<string, string>>): [string, string][] => {
  const fields = new Map<string, string>()
  for (const input of form?.inputs ?? []) {
    const silent = ['submit', 'button', 'image', 'reset', 'file', 'checkbox', 'radio'].includes(input.type)
    if (input.name && (input.type === 'hidden' || (!silent && input.value !== ''))) fields.set(input.name, input.value)
  }
  for (const [name, value] of Object.entries(given)) fields.set(name, value)
  return [...fields]
}

/** The form of a page that signs in: the first with a password, else the first that is sent without a script. */
export const passwordForm = (page: HtmlPage): HtmlForm | null => {
  const forms = page.forms.filter(form => form.method !== 'script')
  return forms.find(form => form.inputs.some(input => input.type === 'password')) ?? forms[0] ?? null
}

/** What a browser sends of these fields to `url`, from the page at `from`; null: from no page. */
export const formSubmission = (
  url: string,
  fields: [string, string][],
  from: string | null,
): { method: 'POST'; headers: Record<string, string>; body: string } => ({
  method: 'POST',
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    origin: new URL(from ?? url).origin,
    ...(from === null ? {} : { referer: from }),
  },
  body: new URLSearchParams(fields).toString(),
})

/** The token that frameworks put into `<meta name="csrf-token">` for scripts to send along; null when there is none. */
export const metaToken = (page: HtmlPage): string | null =>
  page.metas.find(meta => /^(?:csrf|xsrf)[-_]token$/.test(meta.name))?.content || null

/** The file, below --out, of the picture of a flow's failing page. */
export const flowPicture = (flow: string): string => {
  const slug = flow
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `evidence/flow-${slug || 'unnamed'}.jpg`
}
