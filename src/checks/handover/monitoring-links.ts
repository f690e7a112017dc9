// Do the links of the handover lead somewhere?
import { ask, defineCheck, high, medium, pass, skip, type Unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { fix, manualFix, setting } from '../../core/fixes.ts'
import { saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { seenLink } from '../../facts/handover/handover-links.example.ts'
import { answersFile } from '../../formats/handover/schema.ts'
import { notAskedYet } from './account.ts'
import { statusUrl } from './seen-answers.ts'

/** `known`: the page of the monitors that the config names. */
type Data = { what: string; url: string; count: number; known?: string }

const mend = ({ what, url, known }: Data) => {
  const summary = `Put the right link for ${what}`
  return known === undefined
    ? manualFix(summary, [
        `Find where ${what} is today; ${url} is not it.`,
        'Write it into handover.links, and run `launch-ready handover verify --update`.',
      ])
    : fix(
        summary,
        [setting(answersFile, `handover.links[url=${url}].url`, known, url)],
        [`The config names ${known} as the status page. Then run \`launch-ready handover verify --update\`.`],
        5,
      )
}

const repair = ({ what, url }: Data) =>
  manualFix(`Let the page of ${what} answer again`, [
    `Open ${url} and find out why it answers with an error; its provider may have an outage.`,
    'If it has moved, write the new link into handover.links, and run `launch-ready handover verify --update`.',
  ])

const writeDown = ({ known }: Data) => {
  const summary = 'Write down the links to monitoring and logs'
  return known === undefined
    ? manualFix(
        summary,
        ['Add the page of your monitors and the page of your logs to handover.links in launch-ready.handover.yaml.'],
        10,
      )
    : fix(
        summary,
        [setting(answersFile, 'handover.links[]', { what: 'monitoring', url: known })],
        ['Add the page of your logs too.'],
        10,
      )
}

/** Of the links, those that show whether it is up. */
const showsUp = /monitor|uptime|status/i

const isMonitoring = (what: string): boolean => /monitor|uptime|status|alert|log|dashboard|error|trace/i.test(what)

export default defineCheck<Data>()({
  id: 'monitoring-links',
  stage: 'handover',
  on: 'domain',
  actions: ['handover verify'],
  title: 'The links to monitoring, logs and runbook lead somewhere',
  why: 'The one who is called at night opens these links first. Each is asked once; a page that asks for a log-in counts as live, a link into a private network is not asked.',
  impact: { journey: 'operate', owner: 'Whoever is called when it is down looks at a page that is not there.' },
  needs: ['handoverAnswers', 'handoverLinks'],
  outcomes: {
    dead: high('The link to {what} does not open', mend),
    unreachable: high('The page of {what} answers with an error', repair, {
      why: 'Whoever is called when it is down finds an error in place of the page.',
    }),
    missing: medium('Nobody wrote down where one sees whether it is up', writeDown, {
      why: 'Whoever is called when it is down does not know where to look.',
    }),
    live: pass('{count} links lead somewhere'),
  },
  references: ['https://sre.google/sre-book/being-on-call/'],
  signals: { 'production-unknown': ['dead'] },
  judge: ({ handoverAnswers, handoverLinks: { links } }, { target: { hosts } }) => {
    const known = statusUrl(hosts['status'])
    if (!handoverAnswers.given && !handoverAnswers.asked) return skip(notAskedYet)
    const ours = links.filter(
      ({ what, url }) => (handoverAnswers.handover.links ?? []).some(link => link.url === url) || isMonitoring(what),
    )
    if (ours.length === 0) {
      const question = {
        id: 'monitoring-links',
        text: 'Where does one see whether the product is up?',
        answer: 'handover.links',
      }
      return handoverAnswers.given
        ? {
            outcome: 'missing',
            data: { what: '', url: '', count: 0, ...(known === null ? {} : { known }) },
            evidence: [textEvidence('handover.links', 'none')],
          }
        : ask(question, 'nobody has said', 'medium')
    }
    // A status page that is down itself, or stands in the list already, is no better link.
    const isBetter = known !== null && links.every(({ url }) => url !== known)
    const bad = ours
      .filter(({ state }) => state === 'dead' || state === 'failing')
      .map(({ what, url, state, detail }) => ({
        outcome: state === 'dead' ? ('dead' as const) : ('unreachable' as const),
        data: { what, url, count: ours.length, ...(isBetter && showsUp.test(what) ? { known } : {}) },
        evidence: [httpEvidence(url, detail)],
        key: url,
      }))
    const untold = ours
      .filter(({ state }) => state === 'unknown')
      .map(({ url, detail }): Unknown => ({ unknown: `${url}: ${detail}`, couldBe: 'high' }))
    if (bad.length || untold.length) return [...bad, ...untold]
    return {
      outcome: 'live',
      data: { what: '', url: '', count: ours.length },
      evidence: ours.map(({ url, detail }) => httpEvidence(url, detail)),
    }
  },
  examples: [
    { name: 'all there', facts: {}, expect: 'live' },
    {
      name: 'a page that is gone',
      facts: { handoverLinks: { links: [seenLink({ state: 'dead', detail: 'answers 404' })] } },
      expect: 'dead',
    },
    {
      name: 'a page with an error',
      facts: { handoverLinks: { links: [seenLink({ state: 'failing', detail: 'answers 502' })] } },
      expect: 'unreachable',
    },
    {
      name: 'no link',
      facts: { handoverAnswers: saying({ links: [] }), handoverLinks: { links: [] } },
      expect: 'missing',
    },
    {
      name: 'no answer this time',
      facts: { handoverLinks: { links: [seenLink({ state: 'unknown', detail: 'timed out' })] } },
      expect: 'unknown',
    },
    {
      name: 'nobody was asked',
      facts: { handoverAnswers: silent(false), handoverLinks: { links: [] } },
      expect: 'skip',
    },
  ],
})
