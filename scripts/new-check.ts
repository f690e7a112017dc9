// `npm run new-check <stage> <id>`: a check and its test to begin with, both of which fail until they are written.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { stages } from '../src/core/stage.ts'

const [stage, id] = process.argv.slice(2)
if (!stage || !id || !(stages as readonly string[]).includes(stage) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
  console.error(
    `usage: npm run new-check <stage> <id>   (stage: ${stages.join(', ')}; id: the noun looked at, kebab-case)`,
  )
  process.exit(2)
}

const files: [string, string][] = [
  [
    `src/checks/${stage}/${id}.ts`,
    `// What this check looks at, in one line.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { subject: string }

const fix = (data: Data): Fix => ({
  summary: \`What to change for \${data.subject}\`,
  steps: [],
  changes: [],
  effortMinutes: 15,
})

export default defineCheck<Data>()({
  id: '${id}',
  stage: '${stage}',
  on: 'domain',
  title: 'The good state, readable when it passes',
  why: 'Two or three sentences for an engineer.',
  impact: { journey: 'visit', owner: 'One sentence for the owner, no acronym.' },
  needs: [],
  outcomes: {
    bad: { status: 'fail', severity: 'medium', title: 'What happens to a customer', fix },
    good: { status: 'pass', title: 'The good state' },
  },
  references: [],
  judge: (_facts, { subject }) => ({ outcome: 'good', data: { subject: subject.name }, evidence: [] }),
  examples: [],
})
`,
  ],
  [
    `test/checks/${stage}/${id}.test.ts`,
    `import { expect, it } from 'vitest'
import check from '../../../src/checks/${stage}/${id}.ts'

it('${id} has an example for every outcome', () => {
  const reached = check.examples.map(example => example.expect)
  for (const outcome of Object.keys(check.outcomes)) expect(reached).toContain(outcome)
})
`,
  ],
]
for (const [path, text] of files) {
  if (existsSync(path)) {
    console.error(`${path} exists`)
    process.exit(2)
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(path)
}
console.log('then: npm run generate')
