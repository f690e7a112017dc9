// Diffs of the monitor stage: what they put into a file, and where they leave it alone.
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { optionPatches } from '../../../src/formats/monitor/error-tracking.ts'
import {
  canaryPaths,
  firstList,
  fullerList,
  leaksOf,
  pinoList,
  railsList,
  withoutBody,
} from '../../../src/formats/monitor/redact-lists.ts'
import { tellingWords } from '../../../src/formats/monitor/telling-words.ts'

const lineAdded = (patch: string | null | undefined): string | null =>
  patch
    ?.split('\n')
    .find(line => /^\+(?!\+)/.test(line))
    ?.slice(1) ?? null

describe('lists of loggers', () => {
  it.each([
    'const log = pino()',
    'const log = pino({ level: "info" })',
    "const log = pino({ redact: ['password'] })",
    "const log = pino({ redact: { paths: ['*.token'], censor: '*' } })",
    "const hidden = ['token']; const log = pino({ redact: hidden })",
  ])('%s lets no canary through afterwards', text => {
    const list = pinoList(text)
    const patch = list ? fullerList('log.js', text, { logger: 'pino', ...list }) : firstList('log.js', text)
    const { entries } = pinoList(lineAdded(patch)!)!
    expect(leaksOf({ logger: 'pino', entries })).toEqual([])
    // By pino itself.
    const lines: string[] = []
    const log = pino({ redact: entries }, { write: line => void lines.push(line) })
    for (const path of canaryPaths)
      log.info(path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), 'canary-4711') as object)
    expect(lines.join('')).not.toContain('canary-4711')
  })

  it.each([
    ['Rails.application.config.filter_parameters += [:passw]', true],
    ['Rails.application.config.filter_parameters << :passw', false],
  ])('%s', (text, isMended) => {
    const patch = fullerList('config/initializers/filter.rb', text, { logger: 'rails', ...railsList(text)! })
    const list = railsList(lineAdded(patch) ?? text)!
    expect(leaksOf({ logger: 'rails', entries: list.entries }).length === 0).toBe(isMended)
  })

  it.each(['const log = pino(options)', "import pino from 'pino'"])('%s is left to people', text => {
    expect(firstList('log.js', text)).toBeNull()
  })
})

describe('bodies', () => {
  it.each([
    ['console.log(req.body)', 'console.log({ method: req.method, url: req.url })'],
    ["logger.info('login', request.body)", "logger.info('login', { method: request.method, url: request.url })"],
    ['console.log(`got $' + '{req.body}`)', null],
    ['console.log(req.body)\nconsole.log(req.body)', null],
  ])('%s', (text, expected) => expect(lineAdded(withoutBody('server.js', `${text}\n`))).toBe(expected))
})

describe('release and environment', () => {
  const said = { release: 'VARIABLE', environment: 'MODE' }
  it.each([
    ['instrument.js', "Sentry.init({ dsn: '' })", 'Sentry', "Sentry.init({ release: VARIABLE, dsn: '' })"],
    ['instrument.ts', 'Sentry.init({\n  dsn,\n})', 'Sentry', 'Sentry.init({ release: VARIABLE,'],
    ['a.js', 'const rollbar = new Rollbar({})', 'Rollbar', 'const rollbar = new Rollbar({ codeVersion: VARIABLE,})'],
    ['a.js', "import * as Sentry from '@sentry/browser'\nSentry.init({})", 'Sentry', null],
    ['a.py', 'sentry_sdk.init(dsn="")', 'Sentry', null],
    ['a.js', 'Sentry.init(options)', 'Sentry', null],
  ])('%s: %s', (file, text, tool, expected) => {
    expect(lineAdded(optionPatches(file, text, tool, said).release)).toBe(expected)
  })
  it('says no release that the platform does not tell', () => {
    expect(Object.keys(optionPatches('a.js', 'Sentry.init({})', 'Sentry', { ...said, release: null }))).toEqual([
      'environment',
    ])
  })
})

describe('words by which a page is told from an error page', () => {
  it.each([
    ['<h1>Plans for coaches</h1>', 'Plans for coaches'],
    ['<h1>Plans &amp; payments</h1><h2>Every client</h2>', 'Every client'],
    ['<h1>7 days free</h1>', null],
    ['<div id="root"></div>', null],
  ])('%s', (html, expected) => expect(tellingWords(`<!doctype html>${html}`, 'https://a.example/')).toBe(expected))
})
