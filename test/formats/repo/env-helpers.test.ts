import { describe, expect, it } from 'vitest'
import { helpersIn, namingCallsIn } from '../../../src/formats/repo/env-helpers.ts'

describe('helpers that read the variable which they are given', () => {
  it.each<[string, string, [string, boolean][]]>([
    [
      'a.ts',
      'export function required(name: string): string {\n  const v = process.env[name]\n  if (!v) throw new Error(name)\n  return v\n}\n',
      [['required', true]],
    ],
    ['a.ts', "const optional = (key: string, other = '') => process.env[key] ?? other\n", [['optional', false]]],
    [
      'a.go',
      'func mustEnv(key string) string {\n\tv, ok := os.LookupEnv(key)\n\tif !ok {\n\t\tlog.Fatalf("no %s", key)\n\t}\n\treturn v\n}\n',
      [['mustEnv', true]],
    ],
    [
      'a.go',
      'func getEnv(key, other string) string {\n\tif v := os.Getenv(key); v != "" {\n\t\treturn v\n\t}\n\treturn other\n}\n',
      [['getEnv', false]],
    ],
    ['a.py', 'def need(name):\n    return os.environ[name]\n', [['need', true]]],
    ['a.rb', 'def need(name)\n  ENV.fetch(name)\nend\n', [['need', true]]],
    [
      'a.php',
      '<?php function need(string $name): string {\n  return getenv($name) ?: throw new E();\n}\n',
      [['need', true]],
    ],
    ['a.ex', 'defp need(name) do\n  System.get_env(name) || raise "no #{name}"\nend\n', [['need', true]]],
    // What stands in the next function is not its own.
    [
      'a.go',
      'func other(key string) string {\n\treturn key\n}\nfunc read(name string) string {\n\treturn os.Getenv(name)\n}\n',
      [['read', false]],
    ],
    ['a.ts', 'function pick(name: string) { return settings[name] }\n', []],
  ])('%s: %s', (path, text, expected) => {
    expect(helpersIn(path, text).map(({ name, strict }) => [name, strict])).toEqual(expected)
  })

  it.each<[string, string, [string, string, boolean][]]>([
    ['a.ts', "export const key = required('STRIPE_SECRET_KEY')\n", [['required', 'STRIPE_SECRET_KEY', false]]],
    [
      'a.ts',
      "import { ConfigService } from '@nestjs/config'\nthis.config.getOrThrow<string>('MAIL_KEY')\n",
      [['getOrThrow', 'MAIL_KEY', false]],
    ],
    ['a.ts', "cache.getOrThrow('MAIL_KEY')\n", []],
    ['a.go', 'port := getEnv("HTTP_PORT", "8080")\n', [['getEnv', 'HTTP_PORT', true]]],
    ['a.ts', "// required('OLD_KEY')\n", []],
    ['a.ts', "/** As `config.getOrThrow('OLD_KEY')` does. */\n", []],
    ['a.ts', "const at = 1 // required('OLD_KEY')\n", []],
    ['a.ts', "load('https://x.example', required('NEW_KEY'))\n", [['required', 'NEW_KEY', false]]],
    ['a.ts', "required('name')\n", []],
    ['a.md', "required('STRIPE_SECRET_KEY')\n", []],
  ])('calls: %s: %s', (path, text, expected) => {
    expect(namingCallsIn(path, text).map(({ helper, variable, second }) => [helper, variable, second])).toEqual(
      expected,
    )
  })
})
