// mobile-viewport: pages on a phone.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/mobile-viewport.ts'
import { json, showing } from '../../../src/facts/http/page.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const head = (html: string) => ({
  facts: { page: showing(`<!doctype html><html><head>${html}</head><p>Hello`) },
})

describe('mobile-viewport', () =>
  itJudges(check, [
    [
      'an old way to write it',
      'set',
      head('<meta name="viewport" content="width = device-width; initial-scale = 1.0; maximum-scale=5">'),
    ],
    ['empty', 'missing', head('<meta name="viewport" content="">')],
    ['hardly any zoom', 'zoom-disabled', head('<meta name="viewport" content="width=device-width,maximum-scale=1.0">')],
    [
      'the last of two counts',
      'set',
      head('<meta name="viewport" content="user-scalable=no"><meta name="viewport" content="width=device-width">'),
    ],
    ['leads on', 'skip', head('<meta http-equiv="refresh" content="0; url=/start">')],
    ['an empty page', 'skip', { facts: { page: showing(' ') } }],
    ['no page', 'skip', { facts: { page: json({}) } }],
  ]))
