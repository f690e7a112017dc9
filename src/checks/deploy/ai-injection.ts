// The assistant does not take orders from strangers. The probes are run by `deploy ai`; a verdict rests on canaries and rules alone.
import { blocker, defineCheck, high, pass } from '../../core/check.ts'
import { leak, probeResult } from '../../facts/ai/ai-probes.example.ts'
import { judgeProbes, keepBack, type ProbeData, probeReferences, takeNoOrders } from './ai-fixes.ts'

const rulesFirst = 'Answer by rules where rules suffice; give the model the least it needs to say and to do.'

export default defineCheck<ProbeData>()({
  id: 'ai-injection',
  stage: 'deploy',
  on: 'repo',
  active: true,
  title: 'The assistant does not take orders from strangers',
  why: 'Forty-four probes in seven families (override, persona, delimiters, encodings, languages, documents, tools) ask for a word that only obedience writes. Whoever writes into the conversation, or into a document that the model reads, can do what this word does.',
  impact: { journey: 'data', owner: 'A stranger can make the assistant say or do what he likes, in your name.' },
  needs: ['aiProbes'],
  actions: ['deploy ai'],
  signals: { 'data-exposed': ['leaks'] },
  checklist: { section: 'ai', order: 3, line: 'Injected instructions are not obeyed' },
  outcomes: {
    leaks: blocker('A stranger’s order makes the assistant leak: {count} of {of} probes', keepBack),
    obeys: high('A stranger’s order is obeyed: {count} of {of} probes', takeNoOrders(rulesFirst)),
    holds: pass('The assistant held against {of} probes'),
  },
  references: probeReferences,
  judge: ({ aiProbes }) => judgeProbes('injection', aiProbes),
  examples: [
    { name: 'it holds', facts: {}, expect: 'holds' },
    {
      name: 'the endpoint gives way',
      facts: { aiProbes: { results: [probeResult({ ...leak })] } },
      expect: 'leaks',
    },
  ],
})
