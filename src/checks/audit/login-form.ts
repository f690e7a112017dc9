// Forms that take a password send it where it belongs and let people paste it.
import { blocker, defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import { showing } from '../../facts/http/page.example.ts'
import type { HtmlForm } from '../../formats/html/html.ts'
import { formActions, passwordFormFaults, passwordForms } from '../../formats/html/login-form.ts'
import { routePage } from './served-page.ts'

type Data = { url: string; action: string }

const change =
  (summary: string, step: (data: Data) => string) =>
  (data: Data): Fix =>
    fix(summary, [manual(step(data))], [step(data), 'Log in once afterwards and look at where the request goes.'], 15)

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
    'get-method': blocker(
      'Passwords are put into the address of the page',
      change(
        'Let the form use method="post"',
        ({ url }) => `On ${url}, write <form method="post"> and read the fields from the body of the request.`,
      ),
    ),
    'plain-http-action': blocker(
      'Passwords are sent without encryption',
      change(
        'Let the form post to https://',
        ({ url, action }) => `On ${url}, replace the action ${action} by ${action.replace(/^http:/, 'https:')}.`,
      ),
    ),
    'cross-site-action': medium(
      'Passwords are sent to another site',
      change(
        'Post to your own site, or link to the other site’s login page',
        ({ url, action }) =>
          `On ${url}, let the form post to your own host, or replace it by a link to the login page at ${new URL(action).origin}.`,
      ),
    ),
    'paste-blocked': low(
      'Customers cannot paste their password',
      change(
        'Allow pasting, so that password managers work',
        ({ url }) => `On ${url}, take the onpaste attribute off the fields.`,
      ),
    ),
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
