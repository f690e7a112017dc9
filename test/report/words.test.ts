// The glossary: every acronym that a report uses on its own behalf has its plain word.
import { describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.generated.ts'
import { glossary, termsIn } from '../../src/report/shared/glossary.ts'

describe('the glossary', () => {
  it('names each term once, and explains none by itself', () => {
    const terms = glossary.map(({ term }) => term.toLowerCase())
    expect(new Set(terms).size).toBe(terms.length)
    for (const { meaning } of glossary) expect(meaning).toMatch(/^[^A-Z].*\.$/)
  })

  it('finds a term in the words around it, in the order of the alphabet', () => {
    const terms = (text: string): string[] => termsIn(text).map(({ term }) => term)
    expect(terms('Roll back the migration in the pipeline')).toEqual(['CI', 'Migration', 'Rollback'])
    expect(terms('npm ci')).toEqual([])
    expect(terms('The page answers with status 502 on port 8443')).toEqual(['Port', 'Status code'])
    expect(terms('.env is in git')).toEqual(['Environment variable'])
    expect(terms('support for a reporter')).toEqual([])
  })

  it('has every acronym that stands in a title', () => {
    // Names of products, formats and methods that are said as they are.
    const names = new Set('AI CSS HTML JSON PDF SQL URL URLs GET POST HEAD UTC OK ID JWT XML CONCURRENTLY'.split(' '))
    const titles = checks.flatMap(check => [
      check.title,
      check.impact.owner,
      ...Object.values(check.outcomes).map(({ title }) => title),
    ])
    const acronyms = titles.flatMap(
      title => title.replace(/\{[^}]*\}/g, '').match(/\b[A-Z][A-Z0-9-]*[A-Z0-9]\b/g) ?? [],
    )
    const unknown = [...new Set(acronyms)].filter(word => !names.has(word) && !termsIn(word).length).sort()
    expect(unknown).toEqual([])
  })
})
