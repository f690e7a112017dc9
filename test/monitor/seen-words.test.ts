// What is seen is told in words that somebody understands who was asleep a minute ago.
import { expect, it } from 'vitest'
import { seenInWords } from '../../src/monitor/seen-words.ts'

it.each([
  ['500 in 6 ms', 'the application fails and shows an error instead of the page (500 in 6 ms)'],
  ['502 in 31 ms', 'the front server is there, but the application behind it gives no answer (502 in 31 ms)'],
  ['503 in 9 ms', 'it says that it is out of service or has too much to do (503 in 9 ms)'],
  ['504 in 60000 ms', 'the front server is there, but the application behind it gives no answer (504 in 60000 ms)'],
  ['404 in 5 ms', 'the page is not there any more (404 in 5 ms)'],
  ['403 in 5 ms, expected 200', 'it turns visitors away (403 in 5 ms, expected 200)'],
  ['418 in 5 ms', 'it refuses the request (418 in 5 ms)'],
  ['302 in 5 ms', 'it leads elsewhere instead of showing the page (302 in 5 ms)'],
  ['200 in 5 ms, expected 204', 'it answers, but not as expected (200 in 5 ms, expected 204)'],
  ['200 in 31 ms, but the page lacks "Log in"', 'it answers (status 200), but the page lacks "Log in"'],
  [
    '200 in 31 ms, but the page says "Fatal error"',
    'it answers (status 200), but the page says "Fatal error", which it must not',
  ],
  ['200 in 4210 ms, slower than 2.0 s', 'it answers, but only after 4.2 seconds; everything over 2.0 s counts as slow'],
  ['STARTTLS is not offered', 'the mail server takes no encrypted mail: STARTTLS is not offered'],
  ['the certificate ends in 3 days', 'the certificate ends in 3 days and was not renewed yet'],
  ['the certificate ends in -2 days', 'the certificate ended 2 days ago'],
  ['it has never reported in 3 h', 'the job has not reported once in 3 h: it does not run, or does not say so'],
  ['last reported 3 h ago, expected every 60 min', 'the job last reported 3 h ago and should every 60 min'],
  ['the last run failed', 'the job ran and reported that it failed'],
  ['app.example.com did not answer within 5 s', 'app.example.com did not answer within 5 s'],
])('%s', (detail, words) => {
  expect(seenInWords(detail)).toBe(words)
})
