// The front page is the product's own, not a platform's notice, a server's default, a parking page or a development server.
import { defineCheck } from '../../core/check.ts'
import type { Subject } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import type { Target } from '../../core/target.ts'
import { door, hop, walked } from '../../facts/http/web.example.ts'
import { placeholderOf, titleOf } from '../../formats/html/placeholder-page.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { frontDoor } from '../../formats/http/front-door.ts'

type Data = { host: string; name: string }

const fix =
  (summary: string, step: (data: Data) => string) =>
  (data: Data): Fix => ({
    summary,
    steps: [step(data)],
    changes: [{ kind: 'manual', step: step(data) }],
    effortMinutes: 20,
  })

/** Whether a host is an API's, by the config or by its name: many have nothing at /. */
const isApi = ({ name }: Subject, target: Target): boolean =>
  Object.entries(target.hosts).some(([role, host]) => role === 'api' && host === name) ||
  /^(?:[\w-]+[.-])?(?:api|graphql|webhooks?|hooks)[.-]/.test(name)

export default defineCheck<Data>()({
  id: 'placeholder-page',
  stage: 'audit',
  on: 'host',
  title: 'The front page is your own',
  why: 'A name may resolve and answer, and still show somebody else’s page: the platform’s "no such deployment", the server’s default, a parking page, a construction sign, a development server. They are told by what they show and send, not by their status.',
  impact: { journey: 'visit', owner: 'Visitors see a page that is not yours and leave.' },
  needs: ['web'],
  wants: ['bundles'],
  signals: ['signup-unreliable'],
  outcomes: {
    'platform-404': {
      status: 'fail',
      severity: 'blocker',
      title: '{host} shows the platform’s "nothing here" page',
      fix: fix(
        'Attach the name to the deployment',
        ({ host, name }) =>
          `In the dashboard of the platform (${name}), add ${host} to the project that is in production, and deploy it.`,
      ),
    },
    'default-page': {
      status: 'fail',
      severity: 'blocker',
      title: '{host} shows a default page of the server',
      fix: fix(
        'Serve the product instead of the default page',
        ({ host, name }) => `${name}: point the server’s configuration for ${host} at your application and reload it.`,
      ),
    },
    parked: {
      status: 'fail',
      severity: 'blocker',
      title: '{host} shows a parking page',
      fix: fix(
        'Point the name at your server',
        ({ host }) =>
          `At the registrar, end the parking of ${host} and set its records to where the product is hosted.`,
      ),
    },
    'dev-server': {
      status: 'fail',
      severity: 'blocker',
      title: '{host} runs a development server',
      fix: fix(
        'Deploy the production build',
        ({ host, name }) => `${name}: build for production (npm run build) and serve the result on ${host}.`,
      ),
    },
    'coming-soon': {
      status: 'fail',
      severity: 'high',
      title: '{host} says "coming soon"',
      fix: fix(
        'Publish the real page',
        ({ host }) => `Replace the page on ${host} by the product’s own before money is spent on visitors.`,
      ),
    },
    real: { status: 'pass', title: '{host} shows its own page' },
  },
  references: [
    'https://vercel.com/docs/errors/DEPLOYMENT_NOT_FOUND',
    'https://docs.github.com/pages/getting-started-with-github-pages/troubleshooting-404-errors-for-github-pages-sites',
  ],
  judge: ({ web, bundles }, { subject, target }) => {
    const walked = frontDoor(web)
    if (!walked.ok)
      return walked.reason === 'refused'
        ? { skip: `no web server answers on ${subject.name}` }
        : { unknown: walked.message }
    const last = walked.value.hops.at(-1)!
    const away = turnedAway(last.url, last)
    if (away) return { unknown: away }
    const ownHost = new URL(last.url).hostname === subject.name
    if (!ownHost) return { skip: `${subject.name} leads to ${new URL(last.url).hostname}, which is judged itself` }
    if (walked.value.ended === 'next-hop-failed')
      return { unknown: walked.value.next?.why ?? 'its redirect leads nowhere' }
    if (walked.value.ended !== 'answer') return { skip: 'its redirects do not end at a page' }
    const title = titleOf(last)
    const starter = bundles.ok ? bundles.value.starter : null
    const hit = placeholderOf(last, { starter, isApi: isApi(subject, target) })
    const evidence = [{ label: last.url, value: `status ${last.status}${title ? `, title "${title}"` : ''}` }]
    if (!hit) return { outcome: 'real', data: { host: subject.name, name: '' }, evidence }
    return {
      outcome: hit.kind,
      data: { host: subject.name, name: hit.name },
      evidence: [...evidence, { label: 'recognised as', value: hit.name }],
    }
  },
  examples: [
    { name: 'its own page', facts: { web: door() }, expect: 'real' },
    {
      name: 'Vercel knows no deployment',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', { status: 404, headers: [['x-vercel-error', 'DEPLOYMENT_NOT_FOUND']] }),
          ),
        }),
      },
      expect: 'platform-404',
    },
    {
      name: 'nginx as installed',
      facts: {
        web: door({ https: walked(hop('https://example.com/', { body: '<title>Welcome to nginx!</title>' })) }),
      },
      expect: 'default-page',
    },
    {
      name: 'for sale',
      facts: {
        web: door({ https: walked(hop('https://example.com/', { body: '<title>example.com is for sale</title>' })) }),
      },
      expect: 'parked',
    },
    {
      name: 'coming soon',
      facts: {
        web: door({
          https: walked(hop('https://example.com/', { body: '<title>CoachDash</title><h1>Coming soon!</h1>' })),
        }),
      },
      expect: 'coming-soon',
    },
    {
      name: 'Vite in development',
      facts: {
        web: door({
          https: walked(hop('https://example.com/', { body: '<script type="module" src="/@vite/client"></script>' })),
        }),
      },
      expect: 'dev-server',
    },
    {
      name: 'an article about launching',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', {
              body: '<title>CoachDash</title><h1>Plan your week</h1><p>More features coming soon.</p>',
            }),
          ),
        }),
      },
      expect: 'real',
    },
  ],
})
