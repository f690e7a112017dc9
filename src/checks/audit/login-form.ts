// Forms that take a password send it where it belongs and let people paste it.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop } from '../../facts/http/web.example.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { HtmlForm, HtmlPage } from '../../formats/html/html.ts'
import { routePage } from './served-page.ts'

type Data = { url: string; action: string }
type Fault = 'get-method' | 'plain-http-action' | 'cross-site-action' | 'paste-blocked'

const fix =
  (summary: string, step: (data: Data) => string) =>
  (data: Data): Fix => ({
    summary,
    steps: [step(data), 'Log in once afterwards and look at where the request goes.'],
    changes: [{ kind: 'manual', step: step(data) }],
    effortMinutes: 15,
  })

const hasPassword = (form: HtmlForm): boolean => form.inputs.some(input => input.type === 'password')

/**
 * A form that scripts are likely to take over (no method or action written, scripts on the page) is not held to the
 * method it never uses.
 */
const sendsByGet = (form: HtmlForm, page: HtmlPage): boolean => {
  if (form.method !== 'get') return false
  const hasScripts =
    page.inlineScripts.some(script => !/json/i.test(script.type)) || page.resources.some(item => item.kind === 'script')
  const byScript = Object.keys(form.written).some(name =>
    /^(on|@|v-on:|ng-|x-on:|hx-|data-(remote|turbo|action|controller)|wire:|phx-)/i.test(name),
  )
  if (byScript) return false
  return !hasScripts || form.written['method'] !== undefined || Boolean(form.written['action'])
}

const blocksPaste = (form: HtmlForm): boolean =>
  form.inputs.some(
    input =>
      (input.type === 'password' || input.type === 'email') && /return\s+false|preventDefault/i.test(input.onpaste),
  )

const faultsOf = (form: HtmlForm, page: HtmlPage): Fault[] => {
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

const page = (body: string) => exchange(hop('https://app.example.com/login', { body }))
const field = '<input type="email" name="email"><input type="password" name="password"><button>Log in</button>'

export default defineCheck<Data>()({
  id: 'login-form',
  stage: 'audit',
  on: 'route',
  title: 'Password forms send passwords safely',
  why: 'A form with method get puts the password into the address, the history and every log on the way; a form that posts to http:// sends it in the clear; one that posts to another site hands it over. Blocking paste defeats password managers. Forms that a script evidently takes over are not held to a method that they do not use.',
  impact: { journey: 'login', owner: 'Passwords of your customers end up where others can read them.' },
  needs: ['page'],
  signals: ['signup-unreliable'],
  outcomes: {
    'get-method': {
      status: 'fail',
      severity: 'blocker',
      title: 'Passwords are put into the address of the page',
      fix: fix(
        'Let the form use method="post"',
        data => `On ${data.url}, write <form method="post"> and read the fields from the body of the request.`,
      ),
    },
    'plain-http-action': {
      status: 'fail',
      severity: 'blocker',
      title: 'Passwords are sent without encryption',
      fix: fix(
        'Let the form post to https://',
        data => `On ${data.url}, replace the action ${data.action} by ${data.action.replace(/^http:/, 'https:')}.`,
      ),
    },
    'cross-site-action': {
      status: 'fail',
      severity: 'medium',
      title: 'Passwords are sent to another site',
      fix: fix(
        'Post to your own site, or link to the other site’s login page',
        data =>
          `On ${data.url}, let the form post to your own host, or replace it by a link to the login page at ${new URL(data.action).origin}.`,
      ),
    },
    'paste-blocked': {
      status: 'fail',
      severity: 'low',
      title: 'Customers cannot paste their password',
      fix: fix(
        'Allow pasting, so that password managers work',
        data => `On ${data.url}, take the onpaste attribute off the fields.`,
      ),
    },
    sound: { status: 'pass', title: 'The password form sends passwords safely' },
  },
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html',
    'https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm',
  ],
  judge: ({ page: served }, { subject, target }) => {
    const ended = routePage(served, target.domain)
    if (!('page' in ended)) return ended
    const { html, url } = ended.page
    const forms = html.forms.filter(hasPassword)
    if (forms.length === 0) return { skip: 'no field for a password' }
    const data = (form: HtmlForm): Data => ({ url: subject.name, action: form.action })
    const evidence = (form: HtmlForm) => [
      { label: url, value: `<form method="${form.method}" action="${form.action}">` },
    ]
    // The same fault in two forms of a page is one finding.
    const seen = new Map(forms.flatMap(form => faultsOf(form, html).map(fault => [fault, form] as const)))
    const faults = [...seen].map(([outcome, form]) => ({ outcome, data: data(form), evidence: evidence(form) }))
    return faults.length ? faults : { outcome: 'sound', data: data(forms[0]!), evidence: evidence(forms[0]!) }
  },
  examples: [
    {
      name: 'posts to its own host',
      facts: { page: page(`<form method="post" action="/session">${field}</form>`) },
      expect: 'sound',
    },
    {
      name: 'taken over by a script',
      facts: { page: page(`<script src="/app.js"></script><form>${field}</form>`) },
      expect: 'sound',
    },
    { name: 'no form around the field', facts: { page: page(field) }, expect: 'sound' },
    {
      name: 'no script, no method',
      facts: { page: page(`<form action="/session">${field}</form>`) },
      expect: 'get-method',
    },
    {
      name: 'get is written',
      facts: { page: page(`<script src="/app.js"></script><form method="GET">${field}</form>`) },
      expect: 'get-method',
    },
    {
      name: 'posts without encryption',
      facts: { page: page(`<form method="post" action="http://app.example.com/session">${field}</form>`) },
      expect: 'plain-http-action',
    },
    {
      name: 'posts to another site',
      facts: { page: page(`<form method="post" action="https://login.example.org/session">${field}</form>`) },
      expect: 'cross-site-action',
    },
    {
      name: 'posts to another subdomain',
      facts: { page: page(`<form method="post" action="https://api.example.com/session">${field}</form>`) },
      expect: 'sound',
    },
    {
      name: 'paste is refused',
      facts: { page: page(`<form method="post"><input type="password" onpaste="return false"></form>`) },
      expect: 'paste-blocked',
    },
    { name: 'a search form', facts: { page: page('<form><input type="search" name="q"></form>') }, expect: 'skip' },
  ],
})
