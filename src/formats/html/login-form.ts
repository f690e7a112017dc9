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

/** Everywhere that a form may be sent: by itself, and by each button that says otherwise (HTML Standard §4.10.19.6). */
export const formActions = (form: HtmlForm): string[] => {
  const buttons = form.inputs.filter(input => /^(?:submit|image)$/.test(input.type))
  // Where every button says otherwise, the form's own address is never used by a click; Enter takes the first button too.
  const own = buttons.length === 0 || buttons.some(button => button.formAction === undefined) ? [form.action] : []
  return [...new Set([...own, ...buttons.flatMap(button => button.formAction ?? [])])]
}

/** Faults of a form of `page` that takes a password, worst first. */
export const passwordFormFaults = (form: HtmlForm, page: HtmlPage): PasswordFormFault[] => {
  const at = new URL(page.url)
  const targets = formActions(form)
    .filter(action => URL.canParse(action))
    .map(action => new URL(action))
  const home = registrableDomain(at.hostname)
  const leaves = (to: URL): boolean =>
    /^https?:$/.test(to.protocol) && home !== null && registrableDomain(to.hostname) !== home
  return [
    ...(sendsByGet(form, page) || form.inputs.some(input => input.formMethod === 'get')
      ? (['get-method'] as const)
      : []),
    ...(targets.some(to => to.protocol === 'http:') ? (['plain-http-action'] as const) : []),
    ...(targets.some(leaves) ? (['cross-site-action'] as const) : []),
    ...(blocksPaste(form) ? (['paste-blocked'] as const) : []),
  ]
}
