// Branches of code that run for those alone who work on the product.
import { describe, expect, it } from 'vitest'
import { standsInDevelopment } from '../../../src/formats/secrets/branch.ts'

const at = (text: string): boolean => standsInDevelopment(text, text.indexOf('KEY'))

describe('a branch for development', () => {
  it.each([
    "if Rails.env.development? || Rails.env.test?\n  a = 1\n\n  KEY = 'x'\nend",
    "if (process.env.NODE_ENV === 'development') {\n  set('KEY')\n}",
    "if (process.env.NODE_ENV !== 'production') {\n  set('KEY')\n}",
    "unless Rails.env.production?\n  KEY = 'x'\nend",
    'if not PRODUCTION:\n    KEY = "x"\n',
    'if (!settings.isProduction) {\n  use("KEY")\n}',
    'def a():\n    if settings.DEBUG:\n        KEY = "x"\n',
    'if config_env() == :dev do\n  config :a,\n    b: "KEY"\nend',
    'if (__DEV__) {\n  for (;;) {\n    use("KEY")\n  }\n}',
    "case env\nwhen 'test'\n  KEY = 1",
  ])('%s', text => {
    expect(at(text)).toBe(true)
  })
})

describe('no branch for development', () => {
  it.each([
    "KEY = 'x'",
    "if Rails.env.development?\n  a = 1\nend\nKEY = 'x'",
    "if Rails.env.development?\n  a = 1\nend\nb do\n  KEY = 'x'\nend",
    "if (process.env.NODE_ENV === 'production') {\n  set('KEY')\n}",
    'if PRODUCTION:\n    KEY = "x"\n',
    'if not PRODUCTION_READY.is_set(a):\n    KEY = "x"\n',
    'if (user.isTestimonial) {\n  set("KEY")\n}',
    "module.exports = {\n  development: {},\n  key: 'KEY'\n}",
  ])('%s', text => {
    expect(at(text)).toBe(false)
  })
})
