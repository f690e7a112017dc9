import { expect, it } from 'vitest'
import { journeyOf } from '../../../src/formats/http/route-impact.ts'

it.each([
  ['payment', 'payment'],
  ['webhook', 'payment'],
  ['signup', 'signup'],
  ['pricing', 'signup'],
  ['auth', 'login'],
  ['dashboard', 'login'],
  ['api', 'login'],
  ['home', 'visit'],
  ['page', 'visit'],
  [undefined, 'visit'],
])('a route of kind %s breaks the journey %s', (kind, journey) => expect(journeyOf(kind)).toBe(journey))
