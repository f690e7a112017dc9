import { expect, it } from 'vitest'
import { framingOf } from '../../../src/formats/http/framing.ts'

const [csp, xfo] = ['content-security-policy', 'x-frame-options']

it.each<[string[], string[], boolean, string, string]>([
  [[], [], false, xfo, 'SAMEORIGIN'],
  [[], ['DENY'], true, xfo, 'SAMEORIGIN'],
  [[], [' sameorigin '], true, xfo, 'SAMEORIGIN'],
  [[], ['nonsense, deny'], true, xfo, 'SAMEORIGIN'],
  [[], ['ALLOW-FROM https://partner.example'], false, xfo, 'SAMEORIGIN'],
  [["default-src 'self'"], ['DENY'], true, xfo, 'SAMEORIGIN'],
  [["frame-ancestors 'none'"], [], true, csp, "frame-ancestors 'self'"],
  [['frame-ancestors *'], ['DENY'], false, csp, "frame-ancestors 'self'"],
  [
    ["default-src 'self'; frame-ancestors https:; base-uri 'none'", 'img-src *'],
    [],
    false,
    csp,
    "default-src 'self'; frame-ancestors 'self'; base-uri 'none', img-src *",
  ],
])('%j, %j: limited %s', (policies, options, limited, header, closing) =>
  expect(framingOf(policies, options)).toEqual({ limited, header, closing }),
)
