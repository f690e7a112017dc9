// Is there a handover document, is it whole, true today, free of secrets, and does it say what was seen?
import { blocker, defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { command, fix } from '../../core/fixes.ts'
import { example, saying, silent } from '../../facts/handover/handover-answers.example.ts'
import { noPapers, example as papers } from '../../facts/handover/handover-papers.example.ts'
import { contradictionsOf } from '../../formats/handover/contradictions.ts'
import { soundProduction } from '../../formats/handover/production.ts'
import { notAskedYet } from './account.ts'
import {
  answerMissing,
  type DocumentData,
  documentFaults,
  isLookedAt,
  putRight,
  soundEvidence,
  takeOut,
  write,
} from './document-faults.ts'

const rewrite = () =>
  fix('Write what is seen today into the document', [command('launch-ready handover verify --update')], [], 10)

export default defineCheck<DocumentData>()({
  id: 'handover-document',
  stage: 'handover',
  on: 'domain',
  actions: ['handover verify'],
  title: 'A handover document stands in the repository, whole and true',
  why: 'Whoever takes over needs six things: domain map, deployment steps, secret handling rules, monitoring links, rollback steps, support contacts. A document of `handover write` carries the fingerprint of what each statement rests on, so that it can be told when production has changed; what people say is held against what was seen.',
  impact: { journey: 'operate', owner: 'If it breaks while you are away, nobody finds written down how it is run.' },
  needs: ['handoverAnswers', 'production'],
  wants: ['handoverPapers', 'handoverLinks', 'handoverContacts', 'legalLinks'],
  outcomes: {
    missing: high(
      'No handover document was found in the repository',
      () =>
        fix(
          'Write the handover document',
          [command(write)],
          ['It shows what it sees, asks what only people know, and writes launch-ready/handover.md.'],
          40,
        ),
      { confidence: 'likely' },
    ),
    incomplete: high('The handover does not say: {what}', answerMissing, {
      why: 'Whoever takes over finds no answer to this on the day it is needed.',
    }),
    stale: medium('Not true any more in the handover: {count} statements', rewrite, {
      why: 'Whoever follows it does what was right on the day it was written, not what is right today.',
    }),
    'contains-secret': blocker('A secret stands in the handover: {what}', takeOut, {
      why: 'Whoever can read the repository can use it.',
    }),
    contradicted: high('Contradicted by what was seen: {count} answers', putRight, {
      confidence: 'likely',
      why: 'Whoever takes over relies on an answer that does not hold.',
    }),
    complete: pass('The handover document is whole and true today'),
  },
  references: ['https://sre.google/workbook/on-call/', 'https://12factor.net/'],
  signals: { 'production-unknown': ['missing', 'incomplete', 'contradicted'] },
  judge: (
    { handoverAnswers, production, handoverPapers, handoverLinks, handoverContacts, legalLinks },
    { now, target },
  ) => {
    if (!isLookedAt(handoverAnswers, handoverPapers)) return skip(notAskedYet)
    const links = handoverLinks.ok ? handoverLinks.value.links : []
    const contacts = handoverContacts.ok ? handoverContacts.value.contacts : []
    const { handover, drills } = handoverAnswers
    const contradictions = handoverAnswers.given
      ? contradictionsOf({ production, handover, drills, now, links, contacts })
      : []
    const seen = {
      status: target.hosts['status'] ?? null,
      contact: legalLinks.ok ? legalLinks.value.found.contact : null,
    }
    const found = documentFaults({ answers: handoverAnswers, production, papers: handoverPapers, contradictions, seen })
    if (found.length) return found
    if (!handoverPapers.ok) return skip('the document stands in a repository, and none was given')
    return {
      outcome: 'complete',
      data: { what: '', where: '', count: 0, lacks: [] },
      evidence: soundEvidence(handoverPapers.value),
    }
  },
  examples: [
    { name: 'whole and true', facts: {}, expect: 'complete' },
    { name: 'no document', facts: { handoverPapers: noPapers }, expect: 'missing' },
    {
      name: 'nobody is called',
      facts: { handoverAnswers: saying({ called: [], owner: undefined }) },
      expect: 'incomplete',
    },
    {
      name: 'another registrar',
      facts: {
        production: { registration: { registrar: 'Gandi', expires: '2028-01-01', states: [] } },
        handoverAnswers: { ...example, handover: { ...example.handover, access: {} } },
      },
      expect: 'stale',
    },
    {
      name: 'a key in it',
      facts: {
        handoverPapers: {
          ...papers,
          secrets: [
            { file: 'launch-ready/handover.md', line: 3, what: 'live secret key', masked: 'sk_l…9f (32 characters)' },
          ],
        },
      },
      expect: 'contains-secret',
    },
    {
      name: 'Postmark without its records',
      facts: {
        production: {
          mail: { ...soundProduction().mail!, spfServices: [], selectors: [], providers: [], inbox: null },
        },
      },
      expect: 'contradicted',
    },
    {
      name: 'a domain alone',
      facts: {
        handoverAnswers: silent(false),
        handoverPapers: {
          ok: false,
          reason: 'unsupported',
          message: 'no repository was given',
          retryable: false,
          because: 'no repository was given',
        },
      },
      expect: 'skip',
    },
  ],
})
