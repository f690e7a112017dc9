// What documents say about a deploy, and whether it was tried.
import { describe, expect, it } from 'vitest'
import { documentTopics, isDeployDocument } from '../../../src/formats/repo/deploy-documents.ts'

describe('documents', () => {
  it.each<[string, boolean]>([
    ['README.md', true],
    ['docs/any/thing.md', true],
    ['ops/rollback.txt', true],
    ['CHANGELOG.md', false],
    ['src/index.ts', false],
    ['docs/changelog.md', false],
    ['web/src/features/search/README.md', false],
  ])('%s: %s', (path, expected) => {
    expect(isDeployDocument(path)).toBe(expected)
  })

  it.each<[string, string, string, string[]]>([
    [
      'a document of its own',
      'docs/rollback.md',
      '# Rollback\n\nSteps.\n\nRehearsed on: 2026-10-02\n',
      ['rollback 1 2026-10-02'],
    ],
    [
      'a section',
      'README.md',
      '# App\n\n## Backups\n\nNightly.\n\n## Other\n\nTested on 2026-01-01\n',
      ['backup 3 null'],
    ],
    [
      'a date in its section',
      'README.md',
      '# App\n\n## Backups\n\nRestore tested 3 Nov 2026\n\n## Other\n',
      ['backup 3 3 Nov 2026', 'restore 5 3 Nov 2026'],
    ],
    ['a mention', 'README.md', 'We deploy with make.\n', ['deploy 1 null']],
    ['a link alone', 'README.md', '[Deploy](https://x.example)\n', []],
  ])('%s', (_name, file, text, expected) => {
    expect(documentTopics(file, text).map(({ topic, line, rehearsed }) => `${topic} ${line} ${rehearsed}`)).toEqual(
      expected,
    )
  })
})

describe('words that mean something else', () => {
  it.each([
    ['backup', 'Save your backup codes before you leave this page.', false],
    ['backup', 'A backup of the database is made every night.', true],
    ['backup', 'Automate backups of your databases with our product.', false],
    ['backup', 'Back up with `pg_dump`.', true],
    ['rollback', 'The transaction is rolled back when a line fails.', false],
    ['rollback', 'Roll back with `fly deploy --image`.', true],
  ])('%s: %s', (topic, row, isTold) => {
    const found = documentTopics('docs/guide.md', `# Guide\n\n${row}\n`).map(one => one.topic)
    expect(found.includes(topic as never)).toBe(isTold)
  })
})
