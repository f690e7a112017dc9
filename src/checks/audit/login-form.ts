// Forms that take a password send it where it belongs and let people paste it.
import { blocker, defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { showing } from '../../facts/http/page.example.ts'
import type { HtmlForm } from '../../formats/html/html.ts'
import { formActions, passwordFormFaults, passwordForms } from '../../formats/html/login-form.ts'
import { routePage } from './served-page.ts'
import { type PasswordFormData as Data, formFix } from './transit-fixes.ts'

const fields = '<input type="email" name="email"><input type="password" name="password"><button>Log in</button>'

export default defineCheck<Data>()({
  id: 'login-form',
  stage: 'audit',
  on: 'route',
  title: 'Password forms send passwords safely',
  why: 'A form with method get puts the password into the address, the history and every log on the way; a form that posts to http:// sends it in the clear; one that posts to another site hands it over. Blocking paste defeats password managers. Forms that a script evidently takes over are not held to a method that they do not use.',
  impact: { journey: 'login', owner: 'Passwords of your customers end up where others can read them.' },
  needs: ['page'],
  signals: ['signup-unreliable', 'data-exposed'],
  outcomes: {
    'get-method': blocker('Passwords are put into the address of the page', formFix['get-method']),
    'plain-http-action': blocker('Passwords are sent without encryption', formFix['plain-http-action']),
    'cross-site-action': medium('Passwords are sent to another site', formFix['cross-site-action']),
    'paste-blocked': low('Customers cannot paste their password', formFix['paste-blocked'], {
      why: 'Password managers cannot fill the form, so people choose short passwords that they can type.',
    }),
    sound: pass('The password form sends passwords safely'),
  },
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html',
    'https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm',
  ],
  judge: ({ page: served }, { subject, target }) => {
    const ended = routePage(served, target.domain)
    if (!('page' in ended)) return ended
    const { html, url } = ended.page
    const forms = passwordForms(html)
    if (forms.length === 0) return skip('no field for a password')
    const about = (form: HtmlForm) => {
      const actions = formActions(form)
      const action = actions.find(to => to.startsWith('http:')) ?? actions[0] ?? form.action
      const evidence = [httpEvidence(url, `<form method="${form.method}" action="${action}">`)]
      return { data: { url: subject.name, action }, evidence }
    }
    // The same fault in two forms of a page is one finding.
    const faults = new Map(forms.flatMap(form => passwordFormFaults(form, html).map(fault => [fault, form] as const)))
    return faults.size
      ? [...faults].map(([outcome, form]) => ({ outcome, ...about(form) }))
      : { outcome: 'sound', ...about(forms[0]!) }
  },
  examples: [
    {
      name: 'posts to its own host',
      facts: { page: showing(`<form method="post" action="/session">${fields}</form>`) },
      expect: 'sound',
    },
    {
      name: 'no script, no method',
      facts: { page: showing(`<form action="/session">${fields}</form>`) },
      expect: 'get-method',
    },
    {
      name: 'paste is refused',
      facts: { page: showing('<form method="post"><input type="password" onpaste="return false"></form>') },
      expect: 'paste-blocked',
    },
  ],
})
