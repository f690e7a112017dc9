// Foreign sites cannot read private answers in the name of a customer.
import { blocker, defineCheck, high, pass, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { answer, answers, foreign } from '../../facts/http/cors-probe.example.ts'
import { route } from '../../facts/http/page.example.ts'
import { personalData } from '../../formats/html/personal-data.ts'
import { onlyOwnSite } from './page-fixes.ts'
import { routeName } from './served-page.ts'

type Data = { route: string; url: string; host: string; path: string; origin: string; own: string }

const outcomeOf = (origin: string) =>
  origin === 'null'
    ? ('null-with-credentials' as const)
    : origin === foreign
      ? ('reflects-origin-with-credentials' as const)
      : ('trusts-lookalike' as const)

export default defineCheck<Data>()({
  id: 'cors',
  stage: 'audit',
  on: 'route',
  title: 'Foreign sites cannot read private answers',
  why: 'Access-Control-Allow-Origin with the origin of any site, beside Access-Control-Allow-Credentials: true, lets each site that a customer visits read this route with the customer’s cookies. The route is asked with foreign origins: another site, null (which sandboxed frames send), and names that pass for this one where rules compare beginnings, ends or unescaped dots. A bare * is fine for answers that need a token, not for data about people.',
  impact: { journey: 'data', owner: 'Any website that a customer opens can read that customer’s data from yours.' },
  needs: ['corsProbe', 'page'],
  signals: ['data-exposed'],
  outcomes: {
    'reflects-origin-with-credentials': blocker('Any site can read the {route} route as your customer', onlyOwnSite),
    'trusts-lookalike': blocker('A site with a similar name can read the {route} route', onlyOwnSite, {
      why: 'Whoever registers such a name can read the data of every customer who visits it.',
    }),
    'null-with-credentials': blocker('Hidden frames can read the {route} route as your customer', onlyOwnSite),
    'wildcard-private': high('The {route} route shows data about people to any site', onlyOwnSite, {
      why: 'Any website may read this answer in its visitors’ browsers, and it holds data about people.',
    }),
    closed: pass('Foreign sites cannot read the {route} route'),
  },
  references: ['https://fetch.spec.whatwg.org/#http-cors-protocol', 'https://portswigger.net/web-security/cors'],
  judge: ({ corsProbe, page }, { subject }) => {
    const url = subject.name
    const { hostname: host, pathname: path } = new URL(url)
    const data = (origin = ''): Data => ({ route: routeName(subject), url, host, path, origin, own: `https://${host}` })
    const allowed = corsProbe.answers.filter(item => item.allowCredentials && item.allowOrigin === item.origin)
    const echo =
      allowed.find(item => item.origin === foreign) ?? allowed.find(item => item.origin !== 'null') ?? allowed[0]
    if (echo)
      return {
        outcome: outcomeOf(echo.origin),
        data: data(echo.origin),
        evidence: [
          httpEvidence(url, `access-control-allow-origin: ${echo.origin}, access-control-allow-credentials: true`, {
            label: `Origin: ${echo.origin}`,
          }),
        ],
      }
    const isOpen = corsProbe.answers.some(
      item => item.status < 300 && (item.allowOrigin === '*' || item.allowOrigin === item.origin),
    )
    const people = isOpen ? personalData(page.hops.at(-1)!, path) : null
    if (people) {
      const evidence = [textEvidence('fields that any site may read', people.fields.join(', '))]
      return { outcome: 'wildcard-private', data: data('*'), evidence }
    }
    const failed = corsProbe.unanswered[0]
    if (failed) return unknown(`no answer to Origin ${failed.origin}: ${failed.message}`, 'blocker')
    const evidence = corsProbe.answers.map(({ origin, allowOrigin }) =>
      httpEvidence(url, `access-control-allow-origin: ${allowOrigin ?? 'not sent'}`, { label: `Origin: ${origin}` }),
    )
    return { outcome: 'closed', data: data(), evidence }
  },
  examples: [
    { name: 'allows no other site', subject: route('api'), facts: {}, expect: 'closed' },
    {
      name: 'echoes whoever asks',
      subject: route('api'),
      facts: { corsProbe: answers(answer(foreign, foreign, true)) },
      expect: 'reflects-origin-with-credentials',
    },
  ],
})
