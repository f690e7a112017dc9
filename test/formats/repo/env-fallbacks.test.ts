import { describe, expect, it } from 'vitest'
import { openFallbacks } from '../../../src/formats/repo/env-fallbacks.ts'

const at = (path: string, text: string, name: string): number[] => {
  const reads = text.split('\n').flatMap((one, index) => (one.includes(name) ? [{ name, line: index + 1 }] : []))
  return openFallbacks(path, text, reads).map(({ line }) => line)
}

describe('openFallbacks', () => {
  it.each([
    ['src/auth.ts', `export const secret = process.env.JWT_SECRET || 'supersecret'`, 'JWT_SECRET'],
    ['src/auth.ts', `sign(user, process.env['SESSION_SECRET'] ?? "keyboard cat")`, 'SESSION_SECRET'],
    ['src/auth.ts', `jwt({ secret: process.env.JWT_SECRET ?? 'secret' })`, 'JWT_SECRET'],
    ['src/env.ts', `  AUTH_SECRET: z.string().min(8).default('change-me-now'),`, 'AUTH_SECRET'],
    ['app/__init__.py', `app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "dev")`, 'SECRET_KEY'],
    ['project/settings.py', `SECRET_KEY = config("SECRET_KEY", default="django-insecure-k3y")`, 'SECRET_KEY'],
    ['app/main.py', `KEY = os.getenv("JWT_SECRET_KEY") or "not so secret"`, 'JWT_SECRET_KEY'],
    ['config/jwt.php', `return ['secret' => env('JWT_SECRET', 'abc123')];`, 'JWT_SECRET'],
    ['config/initializers/jwt.rb', `KEY = ENV.fetch("JWT_SECRET") { "hmac" }`, 'JWT_SECRET'],
    ['config/initializers/jwt.rb', `KEY = ENV['JWT_SECRET'] || 'hmac'`, 'JWT_SECRET'],
  ])('%s: %s', (path, text, name) => expect(at(path, text, name).length).toBeGreaterThan(0))

  it.each([
    ['nothing behind it', 'src/auth.ts', `const secret = process.env.JWT_SECRET || ''`, 'JWT_SECRET'],
    ['of a provider', 'src/auth.ts', `id(process.env.GOOGLE_CLIENT_SECRET || 'none')`, 'GOOGLE_CLIENT_SECRET'],
    ['a key that is public', 'src/maps.ts', `load(process.env.MAPS_KEY || 'demo')`, 'MAPS_KEY'],
    ['of another variable', 'src/auth.ts', `process.env.JWT_SECRET || process.env.SECRET`, 'JWT_SECRET'],
    ['made up at the start', 'src/auth.ts', `process.env.JWT_SECRET ?? randomBytes(32).toString('hex')`, 'JWT_SECRET'],
    ['of a laptop', 'config/dev.py', `SECRET_KEY = os.environ.get("SECRET_KEY", "dev")`, 'SECRET_KEY'],
    ['of tests', 'src/tests/app.ts', `process.env.JWT_SECRET || 'test'`, 'JWT_SECRET'],
    [
      'production stops',
      'src/auth.ts',
      `if (isProduction && !process.env.JWT_SECRET) throw new Error('no secret')\nexport const s = process.env.JWT_SECRET || 'dev-only'`,
      'JWT_SECRET',
    ],
    [
      'it is looked for',
      'app/config.py',
      `SECRET_KEY = os.environ.get("SECRET_KEY", "changethis")\n\n\n\n\n\n\n\nif SECRET_KEY == "changethis":\n    warn()`,
      'SECRET_KEY',
    ],
    ['put together', 'src/a.ts', 'process.env.JWT_SECRET || `${host}-key`', 'JWT_SECRET'],
  ])('is silent: %s', (_what, path, text, name) => expect(at(path, text, name)).toEqual([]))
})
