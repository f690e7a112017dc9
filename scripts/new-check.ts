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
import { defineCheck, medium, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { fix } from '../../core/fixes.ts'

type Data = { host: string }

const repair = ({ host }: Data) => fix(\`What to change at \${host}\`, [], ['The step to take.'], 15)

export default defineCheck<Data>()({
  id: '${id}',
  stage: '${stage}',
  on: 'host',
  title: 'The good state, readable when it passes',
  why: 'Two or three sentences for an engineer: why it matters and how it is judged.',
  impact: { journey: 'visit', owner: 'One sentence for the owner: money or trust, no acronym.' },
  needs: ['web'],
  outcomes: {
    bad: medium('What happens to a customer at {host}', repair),
    good: pass('The good state'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9110'],
  judge: ({ web }, { subject }) => {
    const data = { host: subject.name }
    const evidence = [textEvidence('looked at', Object.keys(web).join(', '))]
    return { outcome: 'good', data, evidence }
  },
  // Facts that are not named are the sound ones of facts/<family>/<fact>.example.ts.
  examples: [{ name: 'all is well', facts: {}, expect: 'good' }],
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
