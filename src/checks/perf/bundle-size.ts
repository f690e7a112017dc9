// The JavaScript that a visitor waits for first stays within its budget.
import { couldNotSee, defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, httpEvidence } from '../../core/evidence.ts'
import { weighing } from '../../facts/repo/first-load.example.ts'
import { bytesInWords } from '../../formats/http/compressed.ts'
import { hasGrown, hostKey, type Weighed, weighHost, weighPackages } from '../../formats/perf/bundle-weight.ts'
import { lighten, setBudget, type Weight } from './repository-fixes.ts'

const words = (one: Weighed): Weight => ({
  what: one.what,
  weight: one.bytes,
  bytes: bytesInWords(one.bytes),
  budget: bytesInWords(one.budget ?? 0),
  before: bytesInWords(one.before ?? 0),
  first: one.heaviest,
})

const shown = (one: Weighed) =>
  one.parts
    .slice(0, 8)
    .map(({ path, bytes }) =>
      /^https?:/.test(path)
        ? httpEvidence(path, bytesInWords(bytes))
        : fileEvidence(path, undefined, `${bytesInWords(bytes)} in Brotli`),
    )

export default defineCheck<Weight>()({
  id: 'bundle-size',
  stage: 'perf',
  on: ['repo', 'host'],
  title: 'The first load of JavaScript stays within its budget',
  why: 'What the front page loads before it reacts, in bytes of Brotli: from the output of the build where there is one (Next, Nuxt, SvelteKit, Vite, React Router, Astro, Angular), else from the page itself. Budgets are those of the config (perf.budgets), of size-limit, bundlesize, bundlewatch, Lighthouse or Angular; “jumped” is a tenth and 10 kB more than in launch-ready.perf.json, which perf baseline writes.',
  impact: { journey: 'visit', owner: 'The more script loads first, the later a button does anything on a phone.' },
  needs: [],
  wants: ['firstLoad', 'delivery'],
  outcomes: {
    'over-budget': medium('{what} loads {bytes} of scripts first; the budget is {budget}', lighten),
    jumped: medium('{what} loads {bytes} of scripts first; it was {before}', lighten),
    'no-budget': low('{bytes} of scripts load first, and no budget limits that', setBudget, {
      why: 'Nobody is told when a change makes it more.',
    }),
    within: pass('{what} loads {bytes} of scripts first'),
  },
  references: ['https://web.dev/articles/your-first-performance-budget', 'https://github.com/ai/size-limit'],
  judge: ({ firstLoad, delivery }, { subject, target: { sections } }) => {
    const own = (sections['perf'] as { budgets?: { firstLoadJs?: number } } | undefined)?.budgets?.firstLoadJs
    const isRepo = subject.kind === 'repo'
    const fact = isRepo ? firstLoad : delivery
    if (!fact.ok) return couldNotSee(fact, 'medium')
    const before = (firstLoad.ok ? firstLoad.value.before[hostKey(subject.name)] : null) ?? null
    // What did not come in Brotli is reckoned.
    const isEstimated = !isRepo && delivery.ok && delivery.value.firstLoad.some(({ estimated }) => estimated)
    const confidence = isEstimated ? ('likely' as const) : ('certain' as const)
    const weighed = isRepo
      ? firstLoad.ok
        ? weighPackages(firstLoad.value, own ?? null)
        : []
      : delivery.ok
        ? weighHost(subject.name, delivery.value.firstLoad, own ?? null, before)
        : []
    if (weighed.length === 0)
      return skip(
        isRepo
          ? 'nothing is built here: run the build first, or give a domain'
          : 'its front page loads no scripts of its own, or no budget is set',
      )
    const found = weighed.flatMap(one => {
      const base = {
        data: words(one),
        evidence: shown(one),
        confidence,
        ...(weighed.length > 1 ? { key: one.what } : {}),
      }
      const isOver = one.budget !== null && one.bytes > one.budget
      const isMore = one.before !== null && hasGrown(one.before, one.bytes)
      return [
        ...(isOver ? [{ outcome: 'over-budget' as const, ...base }] : []),
        ...(isMore ? [{ outcome: 'jumped' as const, ...base }] : []),
        ...(one.budget === null && isRepo ? [{ outcome: 'no-budget' as const, ...base }] : []),
      ]
    })
    const heaviest = [...weighed].sort((a, b) => b.bytes - a.bytes)[0]!
    return found.length ? found : { outcome: 'within', data: words(heaviest), evidence: shown(heaviest) }
  },
  examples: [
    { name: 'within', facts: {}, subject: { kind: 'repo', name: 'shop' }, expect: 'within' },
    {
      name: 'over',
      facts: { firstLoad: weighing(300_000) },
      subject: { kind: 'repo', name: 'shop' },
      expect: 'over-budget',
    },
    {
      name: 'more than before',
      facts: { firstLoad: weighing(150_000, { before: { '': 100_000 } }) },
      subject: { kind: 'repo', name: 'shop' },
      expect: 'jumped',
    },
    {
      name: 'no budget',
      facts: { firstLoad: weighing(150_000, { budgets: [] }) },
      subject: { kind: 'repo', name: 'shop' },
      expect: 'no-budget',
    },
    {
      name: 'nothing built',
      facts: { firstLoad: weighing(1, { packages: [] }) },
      subject: { kind: 'repo', name: 'shop' },
      expect: 'skip',
    },
    {
      name: 'a host over the budget of the config',
      facts: { delivery: { firstLoad: [{ path: 'https://example.com/app.js', bytes: 400_000, estimated: false }] } },
      subject: { kind: 'host', name: 'example.com' },
      target: { sections: { perf: { budgets: { firstLoadJs: 200_000 } } } },
      expect: 'over-budget',
    },
    {
      name: 'a host that weighs more than in the baseline',
      facts: {
        firstLoad: weighing(1, { packages: [], before: { 'https://example.com/': 150_000 } }),
        delivery: { firstLoad: [{ path: 'https://example.com/app.js', bytes: 180_000, estimated: false }] },
      },
      subject: { kind: 'host', name: 'example.com' },
      expect: 'jumped',
    },
    {
      name: 'a host that weighs what it did',
      facts: {
        firstLoad: weighing(1, { packages: [], before: { 'https://example.com/': 150_000 } }),
        delivery: { firstLoad: [{ path: 'https://example.com/app.js', bytes: 155_000, estimated: false }] },
      },
      subject: { kind: 'host', name: 'example.com' },
      expect: 'within',
    },
  ],
})
