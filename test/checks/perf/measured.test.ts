// What is measured, at the edge of what is worth a word: images, third-parties and route-latency on both sides of it.
import { expect, it } from 'vitest'
import images from '../../../src/checks/perf/images.ts'
import routeLatency from '../../../src/checks/perf/route-latency.ts'
import thirdParties from '../../../src/checks/perf/third-parties.ts'
import { pageRequest, photo, speed } from '../../../src/facts/browser/page-speed.example.ts'
import { samplesOf } from '../../../src/facts/http/route-timings.example.ts'
import { judgeExample, outcomesOf } from '../../support/judge-example.ts'

const picture = (edge: number, bytes: number) =>
  photo({ url: 'https://example.com/team.webp', natural: [edge, edge], shown: [100, 100], bytes })

it.each([
  ['a picture at twice its place, for a screen of twice the density', picture(200, 400_000), ['lean']],
  ['four times too many pixels, of few bytes', picture(400, 30_000), ['lean']],
  ['four times too many pixels, of many bytes', picture(400, 300_000), ['oversized']],
  ['a drawing is none', photo({ url: 'https://example.com/logo.svg', natural: [4000, 4000] }), ['skip']],
])('images: %s', (_name, image, expected) => {
  const facts = { pageSpeed: speed({ ratio: 2, images: [image] }) }
  expect(outcomesOf(images, { facts })).toEqual(expected)
})

const askingOthers = (count: number) =>
  speed({
    requests: [
      pageRequest(),
      ...Array.from({ length: count }, (_, at) => `tags${at}.example`).flatMap(third => [
        pageRequest({ url: `https://${third}/a.js`, kind: 'script', third }),
        pageRequest({ url: `https://${third}/b.js`, kind: 'script', third }),
      ]),
    ],
  })

it.each([
  [8, ['few']],
  [9, ['many']],
])('third-parties: two files of each of %i other sites', (count, expected) => {
  expect(outcomesOf(thirdParties, { facts: { pageSpeed: askingOthers(count) } })).toEqual(expected)
})

it('route-latency: too-few-samples is unknown, may be a blocker, and says how many there are', () => {
  const { results, unknowns } = judgeExample(routeLatency, { facts: { routeTimings: { samples: samplesOf(20, 200) } } })
  expect(results.map(({ status }) => status)).toEqual(['unknown'])
  expect(results[0]!.reason).toMatch(/\b20\b/)
  expect(unknowns.map(({ couldBe }) => couldBe)).toEqual(['blocker'])
})
