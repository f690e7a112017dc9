import { describe, expect, it } from 'vitest'
import { askingHealth } from '../../../src/formats/monitor/asking-health.ts'

/** The lines that a patch puts in. */
const added = (text: string, line: number): string[] | null =>
  askingHealth('server.js', text, line)
    ?.split('\n')
    .filter(row => /^\+(?!\+\+)/.test(row))
    .map(row => row.slice(1)) ?? null

const pool = "import { pool } from './db.js'\n"

describe('a health handler asks the database first', () => {
  it.each<[string, string, string[]]>([
    [
      'below its head, with a client of another file',
      `${pool}app.get('/health', (req, res) => {\n  res.json({ ok: true })\n})\n`,
      [
        '  try {',
        "    await pool.query('SELECT 1')",
        '    res.json({ ok: true })',
        '  } catch {',
        "    res.status(503).send({ status: 'down' })",
        '  }',
        '})',
      ],
    ],
    [
      'on one line, with semicolons',
      `const db = new Pool();\nrouter.get("/healthz", (_, res) => res.sendStatus(200));\n`,
      [
        '  try {',
        "    await db.query('SELECT 1');",
        '    res.sendStatus(200);',
        '  } catch {',
        "    res.status(503).send({ status: 'down' });",
        '  }',
        '});',
      ],
    ],
    [
      'with what it gives back',
      `const prisma = new PrismaClient()\nfastify.get('/up', async (request, reply) => {\n  return reply.send('ok')\n})\n`,
      [
        '  try {',
        '    await prisma.$queryRaw`SELECT 1`',
        "    return reply.send('ok')",
        '  } catch {',
        "    return reply.status(503).send({ status: 'down' })",
        '  }',
        '})',
      ],
    ],
  ])('%s', (_name, text, written) => {
    const [head, ...rest] = added(text, 2)!
    expect(head).toMatch(/^\w+\.get\(['"]\/\w+['"], async \(.*\) => \{$/)
    expect(rest).toEqual(written)
  })

  it.each<[string, string]>([
    ['no client is at hand', "import express from 'express'\napp.get('/health', (req, res) => res.send('ok'))\n"],
    ['it does more than answer', `${pool}app.get('/health', (req, res) => {\n  count += 1\n  res.send('ok')\n})\n`],
    ['a middleware stands before it', `${pool}app.get('/health', guard, (req, res) => res.send('ok'))\n`],
    ['another framework answers', `${pool}app.get('/health', c => c.json({ ok: true }))\n`],
    ['the file ends', `${pool}app.get('/health', (req, res) => {`],
  ])('is left to people where %s', (_name, text) => expect(added(text, 2)).toBeNull())
})
