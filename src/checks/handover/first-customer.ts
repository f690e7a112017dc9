// One walk over the evidence of all stages: visit, sign up, mail, log in, pay, dashboard. Where does it break first?
import { blocker, defineCheck, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { manualFix } from '../../core/fixes.ts'
import { walking } from '../../facts/handover/customer-walk.example.ts'
import { silent } from '../../facts/handover/handover-answers.example.ts'
import { brokenAt } from '../../formats/handover/customer-walk.ts'

type Data = { step: string; why: string; finding: string }

export default defineCheck<Data>()({
  id: 'first-customer',
  stage: 'handover',
  on: 'domain',
  title: 'A first customer gets from the front page to the dashboard',
  why: 'Every blocker of every stage lies at one step of the same walk. The step that breaks first is what to mend first. A step counts as walked where a flow of the config was, and as untried where nothing shows it; then it is unknown whether a customer gets there.',
  impact: { journey: 'signup', owner: 'Your first customer does not get in, and does not tell you.' },
  needs: ['customerWalk', 'handoverAnswers'],
  outcomes: {
    'broken-at': blocker('A first customer is stopped at: {step}', ({ why, finding }) =>
      manualFix(
        `Mend what stops them: ${why}`,
        [
          `Mend this first${finding ? ` (finding ${finding})` : ''}: ${why}.`,
          'Then run `launch-ready handover` again: it says whether a later step stops them.',
        ],
        // The work itself is counted with the finding that it names.
        5,
      ),
    ),
    walks: pass('A first customer gets from the front page to the dashboard'),
  },
  references: ['https://www.nngroup.com/articles/journey-mapping-101/'],
  judge: ({ customerWalk, handoverAnswers }) => {
    if (!handoverAnswers.given && !handoverAnswers.asked)
      return skip('the last line of the audit says how far a customer gets')
    const broken = brokenAt(customerWalk)
    const evidence = customerWalk.steps.map(({ step, state, by }) =>
      textEvidence(step, [state, by[0]?.title].filter(Boolean).join(': ')),
    )
    if (broken)
      return {
        outcome: 'broken-at',
        data: { step: broken.step, why: broken.by[0]!.title, finding: broken.by[0]!.finding?.slice(0, 8) ?? '' },
        evidence,
        key: broken.step,
      }
    const untried = customerWalk.steps.filter(({ state }) => state !== 'walked').map(({ step }) => step)
    if (untried.length)
      return { unknown: `nobody has walked these steps: ${untried.join(', ')} (flows in the config)`, couldBe: 'high' }
    return { outcome: 'walks', data: { step: '', why: '', finding: '' }, evidence }
  },
  examples: [
    { name: 'all the way', facts: {}, expect: 'walks' },
    {
      name: 'the sign-up fails',
      facts: { customerWalk: walking({ 'sign up': 'broken', pay: 'broken' }) },
      expect: 'broken-at',
    },
    { name: 'nobody has paid yet', facts: { customerWalk: walking({ pay: 'untried' }) }, expect: 'unknown' },
    { name: 'an audit', facts: { handoverAnswers: silent(false) }, expect: 'skip' },
  ],
})
