import { expect, it } from 'vitest'
import { latencyOf, medianOf } from '../../../src/formats/http/latency.ts'

it.each([
  [[], 0],
  [[5], 5],
  [[9, 1, 5], 5],
  [[4, 1, 2, 3], 2.5],
])('the median of %j is %d', (values, median) => expect(medianOf(values)).toBe(median))

const ten = (value: number): number[] => Array(10).fill(value)

it.each<[string, number[], object]>([
  ['steady', ten(80), { median: 80, worst: 80, verdict: 'steady' }],
  ['slow', ten(1001), { median: 1001, worst: 1001, verdict: 'slow' }],
  ['a second', ten(1000), { median: 1000, worst: 1000, verdict: 'steady' }],
  ['five slow ones', ten(1200).slice(5), { median: 1200, worst: 1200, verdict: 'slow' }],
  ['four slow ones', ten(1200).slice(6), { median: 1200, worst: 1200, verdict: 'few' }],
  ['one late', ten(80).with(3, 1900), { median: 80, worst: 1900, verdict: 'spikes' }],
  ['one late within three medians', ten(700).with(3, 2100), { median: 700, worst: 2100, verdict: 'steady' }],
  ['one late, but within a second', ten(80).with(3, 1000), { median: 80, worst: 1000, verdict: 'steady' }],
  ['one late of three', [80, 90, 4000], { median: 90, worst: 4000, verdict: 'spikes' }],
  ['two', [80, 4000], { median: 2040, worst: 4000, verdict: 'few' }],
  ['none', [], { median: 0, worst: 0, verdict: 'few' }],
])('%s', (_name, milliseconds, expected) => expect(latencyOf(milliseconds, 10)).toEqual(expected))
