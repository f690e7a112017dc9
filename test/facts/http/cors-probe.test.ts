import { expect, it } from 'vitest'
import { lookalikes } from '../../../src/facts/http/cors-probe.ts'

it.each([
  [
    'api.example.com',
    ['https://api.example.com.launch-ready.invalid', 'https://launchreadyexample.com', 'https://apixexample.com'],
  ],
  ['v1.api.example.com', ['https://v1.api.example.com.launch-ready.invalid', 'https://launchreadyexample.com']],
  ['example.com', ['https://example.com.launch-ready.invalid', 'https://launchreadyexample.com']],
])('names that pass for %s', (host, expected) => expect(lookalikes(host, 'example.com')).toEqual(expected))
