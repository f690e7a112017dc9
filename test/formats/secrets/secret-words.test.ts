// A kind of secret within a sentence.
import { describe, expect, it } from 'vitest'
import { newSecret, theSecret } from '../../../src/formats/secrets/secret-words.ts'

describe('a secret in a sentence', () => {
  it.each([
    ['Stripe live key', 'the Stripe live key', 'new Stripe live key'],
    ['your application secret', 'your application’s secret', 'new secret for your application'],
    ['your servers private key', 'your servers’ private key', 'new private key for your servers'],
  ])('%s', (name, the, fresh) => expect([theSecret(name), newSecret(name)]).toEqual([the, fresh]))
})
