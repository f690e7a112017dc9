// How each language reads a variable, and what the variable is called.
import { describe, expect, it } from 'vitest'
import { readingOf, variableName } from '../../../src/formats/secrets/reading.ts'

describe('readingOf', () => {
  it.each([
    ['src/a.ts', 'process.env.KEY'],
    ['a.vue', 'process.env.KEY'],
    ['a.py', 'os.environ["KEY"]'],
    ['a.rb', 'ENV.fetch("KEY")'],
    ['a.php', "getenv('KEY')"],
    ['a.go', 'os.Getenv("KEY")'],
    ['a.exs', 'System.fetch_env!("KEY")'],
    ['a.rs', 'std::env::var("KEY")'],
    ['compose.yaml', '${KEY}'],
    ['a.tf', '${KEY}'],
    ['web/Dockerfile', 'nothing (the platform sets KEY at run time)'],
    ['a.swift', 'a read of the variable KEY'],
  ])('%s: %s', (path, expected) => {
    expect(readingOf(path, 'KEY')).toBe(expected)
  })
})

describe('variableName', () => {
  it.each([
    ['stripeSecretKey', 'STRIPE_SECRET_KEY'],
    ['config.stripe-key', 'STRIPE_KEY'],
    ['$apiKey', 'API_KEY'],
    ['Stripe live secret key', 'STRIPE_LIVE_SECRET_KEY'],
  ])('%s: %s', (name, expected) => {
    expect(variableName(name)).toBe(expected)
  })
})
