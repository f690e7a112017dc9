// The steps of a drill: each can be followed as it stands, in the words of this product.
import { describe, expect, it } from 'vitest'
import { drillOf } from '../../../src/formats/handover/drills.ts'
import { type Production, soundProduction } from '../../../src/formats/handover/production.ts'
import type { Handover, Rehearsal } from '../../../src/formats/handover/schema.ts'

type Given = { handover?: Handover; change?: (production: Production) => void }

const steps = (name: Rehearsal, { handover = {}, change = () => {} }: Given = {}): string[] => {
  const production = soundProduction()
  change(production)
  const drill = drillOf(name, production, handover, { tells: false, word: '3fa9c1' })
  return drill.steps.map(({ text, command }) => [text, command].filter(Boolean).join(' → '))
}

const named = (answer: string, path: string, exists: boolean) => (production: Production) => {
  production.repository!.named = [{ answer, path, exists }]
}

describe('the steps of a drill', () => {
  it.each<[string, Rehearsal, RegExp, Given?]>([
    ['the word before it is needed', 'alert', /test alert that holds the word\. → 3fa9c1/],
    ['how a run is found', 'redeploy', /gh run list --workflow deploy\.yml --status success/],
    ['how it is run again', 'redeploy', /→ gh run rerun <number>/],
    [
      'the pipeline by name, where it is clicked',
      'redeploy',
      /Run Deploy \(\.gitlab-ci\.yml\) once more for the commit that is running; it deploys on push to main/,
      {
        change: ({ repository }) =>
          Object.assign(repository!.deploys[0]!, { provider: 'gitlab', file: '.gitlab-ci.yml' }),
      },
    ],
    [
      'the document that is named',
      'restore',
      /Follow docs\/restore\.md\./,
      { handover: { restore: 'docs/restore.md' }, change: named('restore', 'docs/restore.md', true) },
    ],
    [
      'a document that is gone',
      'restore',
      /docs\/gone\.md, and the repository does not have it/,
      { handover: { restore: 'docs/gone.md' }, change: named('restore', 'docs/gone.md', false) },
    ],
    [
      'a link',
      'restore',
      /Follow https:\/\/wiki\.example\/restore\./,
      { handover: { restore: 'https://wiki.example/restore' } },
    ],
    [
      'words',
      'restore',
      /Ask Neon: neon restore main → neon restore main/,
      { handover: { restore: 'Ask Neon: `neon restore main`' } },
    ],
  ])('hold %s', (_, name, expected, given) => {
    expect(steps(name, given).join('\n')).toMatch(expected)
  })

  it('deploy to customers, not to where a release is tried', () => {
    const change = ({ repository }: Production) => {
      const real = repository!.deploys[0]!
      repository!.deploys = [{ ...real, file: '.github/workflows/staging.yml', rehearsal: true }, real]
    }
    expect(steps('redeploy', { change }).join('\n')).toMatch(/deploy\.yml/)
    expect(steps('redeploy', { change }).join('\n')).not.toMatch(/staging/)
  })
})
