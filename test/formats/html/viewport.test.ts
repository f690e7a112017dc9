import { expect, it } from 'vitest'
import { parseViewport } from '../../../src/formats/html/viewport.ts'

it.each([
  ['width=device-width, initial-scale=1', true, false],
  ['width = device-width; initial-scale = 1.0; maximum-scale=5', true, false],
  ['INITIAL-SCALE=1', true, false],
  ['', false, false],
  ['user-scalable=no', false, true],
  ['width=device-width user-scalable=0', true, true],
  ['width=device-width,maximum-scale=1.0', true, true],
  ['width=device-width,maximum-scale=2', true, false],
  ['width=device-width,maximum-scale=-1', true, false],
  ['width=device-width,maximum-scale=yes', true, false],
])('%j fits: %s, forbids zoom: %s', (content, fits, forbidsZoom) =>
  expect(parseViewport(content)).toEqual({ fits, forbidsZoom }),
)
