// The front page is the product's own, not a platform's notice, a server's default, a parking page or a development server.
import { blocker, couldNotSee, defineCheck, high, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Subject } from '../../core/fact.ts'
import type { Target } from '../../core/target.ts'
import { secondAddress } from '../../facts/http/address-pages.example.ts'
import { showing } from '../../facts/http/web.example.ts'
import { placeholderOf, titleOf } from '../../formats/html/placeholder-page.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import { type PlaceholderData as Data, placeholderFix } from './host-fixes.ts'
import { keptOut } from './served-page.ts'

/** Whether a host is an API's, by the config or by its name: many have nothing at /. */
const isApi = ({ name }: Subject, target: Target): boolean =>
  target.hosts['api'] === name || /^(?:[\w-]+[.-])?(?:api|graphql|webhooks?|hooks)[.-]/.test(name)

const asBought =
  '<title>Your Company</title><h1>Your headline here</h1><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit.</p><p>John Doe</p>'

const gambling =
  '<title>Online casino</title><h1>Casino and slots</h1><p>Slots, roulette, betting, poker, free spins and a jackpot.</p>'

/** What is told by all words of a page, and by no mark, is likely. */
const howSure = (kind: string): { confidence?: 'likely' } =>
  kind === 'template' || kind === 'spam' ? { confidence: 'likely' } : {}

export default defineCheck<Data>()({
  id: 'placeholder-page',
  stage: 'audit',
  on: 'host',
  everyHost: true,
  title: 'The front page is your own',
  why: 'A name may resolve and answer, and still show somebody else’s page: the platform’s "no such deployment", the server’s default, a parking page, a construction sign, a template as it was bought, gambling, a development server. They are told by what they show and send, not by their status, at each address of the name.',
  impact: { journey: 'visit', owner: 'Visitors see a page that is not yours and leave.' },
  needs: ['web'],
  wants: ['bundles', 'addressPages'],
  signals: ['signup-unreliable'],
  outcomes: {
    'platform-404': blocker('{host} shows the platform’s "nothing here" page', placeholderFix['platform-404']),
    'default-page': blocker('{host} shows a default page of the server', placeholderFix['default-page']),
    parked: blocker('{host} shows a parking page', placeholderFix.parked),
    'dev-server': blocker('{host} runs a development server', placeholderFix['dev-server'], {
      why: 'It is slow, shows its errors to visitors, and is not made for strangers.',
    }),
    'coming-soon': high('{host} says "coming soon"', placeholderFix['coming-soon'], {
      why: 'Visitors read that there is nothing yet, and leave.',
    }),
    template: high('{host} shows a template that nobody filled in', placeholderFix.template, {
      why: 'Visitors read filler text and somebody else’s name, and leave.',
    }),
    spam: high('{host} shows gambling, and nothing of its own', placeholderFix.spam, {
      why: 'Somebody else has put it there, and search engines take the site for what it shows.',
    }),
    real: pass('{host} shows its own page'),
  },
  references: [
    'https://vercel.com/docs/errors/DEPLOYMENT_NOT_FOUND',
    'https://docs.github.com/pages/getting-started-with-github-pages/troubleshooting-404-errors-for-github-pages-sites',
  ],
  judge: ({ web, bundles, addressPages }, { subject, target }) => {
    const host = subject.name
    const door = frontDoor(web)
    if (!door.ok) return door.reason === 'refused' ? skip(`no web server answers on ${host}`) : couldNotSee(door)
    const { hops, ended, next } = door.value
    const last = hops.at(-1)!
    const away = keptOut(last)
    if (away) return away
    const endsAt = new URL(last.url).hostname
    if (endsAt !== host) return skip(`${host} leads to ${endsAt}, which is judged itself`)
    if (ended === 'next-hop-failed') return unknown(next?.why ?? 'its redirect leads nowhere')
    if (ended !== 'answer') return skip('its redirects do not end at a page')
    const title = titleOf(last)
    const hit = placeholderOf(last, {
      starter: bundles.ok ? bundles.value.starter : null,
      isApi: isApi(subject, target),
    })
    const shown = `status ${last.status}${title ? `, title "${title}"` : ''}`
    const evidence = [httpEvidence(last.url, shown, { status: last.status })]
    if (hit) {
      const { kind, name } = hit
      const all = [...evidence, textEvidence('recognised as', name)]
      return { outcome: kind, data: { host, name }, evidence: all, ...howSure(kind) }
    }
    // A second address with a forgotten server shows itself to every second visitor.
    const other = (addressPages.ok ? addressPages.value : []).flatMap(({ address, answer }) => {
      const page = answer.ok ? placeholderOf(answer.value, { isApi: isApi(subject, target) }) : null
      return page && answer.ok ? [{ address, page, answer: answer.value }] : []
    })[0]
    if (!other) return { outcome: 'real', data: { host, name: '' }, evidence }
    const { address, page, answer } = other
    const at = httpEvidence(`${answer.url} at ${address}`, `status ${answer.status}`, { status: answer.status })
    const data = { host, name: `${page.name}, at ${address}` }
    return { outcome: page.kind, data, evidence: [at, textEvidence('recognised as', page.name)], ...howSure(page.kind) }
  },
  examples: [
    { name: 'its own page', facts: {}, expect: 'real' },
    { name: 'nginx as installed', facts: { web: showing('<title>Welcome to nginx!</title>') }, expect: 'default-page' },
    {
      name: 'a forgotten server at its second address',
      facts: { addressPages: secondAddress(200, '<title>Welcome to nginx!</title>') },
      expect: 'default-page',
    },
    { name: 'a template as bought', facts: { web: showing(asBought) }, expect: 'template' },
    { name: 'taken by others', facts: { web: showing(gambling) }, expect: 'spam' },
    { name: 'for sale', facts: { web: showing('<title>example.com is for sale</title>') }, expect: 'parked' },
  ],
})
