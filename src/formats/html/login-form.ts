// Forms that take a password: how they send it, and whether it can be pasted (HTML Standard §4.10.22).
import { registrableDomain } from '../dns/registrable-domain.ts'
import type { HtmlForm, HtmlPage } from './html.ts'

/** Forms with a field for a password, the fields outside of any form among them. */
export const passwordForms = (page: HtmlPage): HtmlForm[] =>
  page.forms.filter(form => form.inputs.some(input => input.type === 'password'))

/** Attributes with which frameworks bind a form to a script. */
const scriptAttribute = /^(on|@|v-on:|ng-|x-on:|hx-|data-(remote|turbo|action|controller)|wire:|phx-)/i

/**
 * Whether a browser puts the fields into the address. A form that scripts are likely to take over (no method or action
 * written, scripts on the page) is not judged by the method it never uses.
 */
const sendsByGet = (form: HtmlForm, page: HtmlPage): boolean => {
  if (form.method !== 'get') return false
  if (Object.keys(form.written).some(name => scriptAttribute.test(name))) return false
  const hasScripts =
    page.inlineScripts.some(script => !/json/i.test(script.type)) || page.resources.some(item => item.kind === 'script')
  return !hasScripts || form.written['method'] !== undefined || Boolean(form.written['action'])
}

const blocksPaste = (form: HtmlForm): boolean =>
  form.inputs.some(
    input =>
      (input.type === 'password' || input.type === 'email') && /return\s+false|preventDefault/i.test(input.onpaste),
  )

export type PasswordFormFault = 'get-method' | 'plain-http-action' | 'cross-site-action' | 'paste-blocked'

/** Faults of a form of `page` that takes a password, worst first. */
export const passwordFormFaults = (form: HtmlForm, page: HtmlPage): PasswordFormFault[] => {
  const at = new URL(page.url)
  const to = URL.canParse(form.action) ? new URL(form.action) : at
  const isWeb = to.protocol === 'http:' || to.protocol === 'https:'
  const home = registrableDomain(at.hostname)
  return [
    ...(sendsByGet(form, page) ? (['get-method'] as const) : []),
    ...(to.protocol === 'http:' ? (['plain-http-action'] as const) : []),
    ...(isWeb && home !== null && registrableDomain(to.hostname) !== home ? (['cross-site-action'] as const) : []),
    ...(blocksPaste(form) ? (['paste-blocked'] as const) : []),
  ]
}
