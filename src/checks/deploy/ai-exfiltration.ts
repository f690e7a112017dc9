// The assistant keeps what it knows. The probes are run by `deploy ai`; a verdict rests on canaries and rules alone.
import { blocker, defineCheck, high, pass } from '../../core/check.ts'
import { leak, probeResult } from '../../facts/ai/ai-probes.example.ts'
import { judgeProbes, keepBack, type ProbeData, probeReferences, takeNoOrders } from './ai-fixes.ts'

const ownHosts =
  'Show no image and no link from an answer whose host is not yours (Content-Security-Policy img-src; a list of hosts when Markdown is rendered).'

export default defineCheck<ProbeData>()({
  id: 'ai-exfiltration',
  stage: 'deploy',
  on: 'repo',
  active: true,
  title: 'The assistant keeps what it knows',
  why: 'Twenty-six probes in four families (system prompt, other customers, images that carry data away, several turns) try to draw out the canaries of the config: sentences of the system prompt, records of another customer. A leak is found whole, spelled out, reversed, or encoded.',
  impact: { journey: 'data', owner: 'One customer reads another one’s data by asking for it.' },
  needs: ['aiProbes'],
  actions: ['deploy ai'],
  signals: ['data-exposed'],
  checklist: { section: 'ai', order: 4, line: 'Nothing confidential is given away' },
  outcomes: {
    leaks: blocker('The assistant gives away what it must keep: {count} of {of} probes', keepBack, {
      why: 'Whoever asks in the right way reads what the config marks as secret: instructions, or records of other customers.',
    }),
    obeys: high('Answers carry data to a stranger’s server: {count} of {of} probes', takeNoOrders(ownHosts), {
      why: 'An image or a link in an answer hands what the conversation holds to whoever wrote the order.',
    }),
    holds: pass('The assistant kept its canaries against {of} probes'),
  },
  references: probeReferences,
  judge: ({ aiProbes }) => judgeProbes('exfiltration', aiProbes),
  examples: [
    { name: 'it holds', facts: {}, expect: 'holds' },
    {
      name: 'the endpoint gives way',
      facts: { aiProbes: { results: [probeResult({ kind: 'exfiltration', ...leak })] } },
      expect: 'leaks',
    },
  ],
})
