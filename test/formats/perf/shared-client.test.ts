import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedClient } from '../../../src/formats/perf/shared-client.ts'
import { makeRepo } from '../../support/repo.ts'

const applied = (source: string, line: number): string | null => {
  const patch = sharedClient('route.ts', source, line)
  if (patch === null) return null
  const repo = makeRepo({ 'route.ts': source })
  execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: repo.root, input: patch })
  return readFileSync(join(repo.root, 'route.ts'), 'utf8')
}

const route = (made: string, before = "import { PrismaClient } from '@prisma/client'\n"): string =>
  `${before}\nexport async function GET() {\n${made}\n  return Response.json(await db.user.findMany())\n}\n`

describe('a client that each request makes', () => {
  it.each([
    ['  const db = new PrismaClient()', 'const db = new PrismaClient()'],
    ['  const db = new Pool({ connectionString: process.env.DATABASE_URL!, max: 5 })', undefined],
  ])('is made once, behind the imports: %s', (made, moved = made.trim()) => {
    const source = route(made)
    expect(applied(source, 4)).toBe(
      `import { PrismaClient } from '@prisma/client'\n\n${moved}\n\nexport async function GET() {\n  return Response.json(await db.user.findMany())\n}\n`,
    )
    expect(applied(source.replaceAll('\n', '\r\n'), 4)).toContain(`client'\r\n\r\n${moved}\r\n\r\nexport`)
  })

  it.each([
    ['what it needs comes with the request', route('  const db = new Pool({ host: request.host })'), 4],
    ['the handler closes it', route('  const db = new PrismaClient()\n  await db.$disconnect()'), 4],
    ['it stands on several lines', route('  const db = new Pool({\n    max: 5,\n  })'), 4],
    ['the name is taken', route('  const db = new PrismaClient()', "import a from 'a'\nconst db = 1\n"), 5],
    ['nothing is imported', route('  const db = new PrismaClient()', '// nothing\n'), 4],
  ])('is left to people where %s', (_why, source, line) => {
    expect(sharedClient('route.ts', source, line)).toBe(null)
  })
})
