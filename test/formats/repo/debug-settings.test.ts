// Debug mode written into settings, and settings that decide it elsewhere.
import { describe, expect, it } from 'vitest'
import { debugSetting } from '../../../src/formats/repo/debug-settings.ts'

describe('debugSetting', () => {
  it.each<[string, string, string, string[] | Record<string, string>, number | null]>([
    ['Django', 'shop/settings.py', 'import os\nDEBUG = True\n', [], 2],
    ['Django, off', 'shop/settings.py', 'DEBUG = False\n', [], null],
    ['Django, by a variable', 'shop/settings.py', 'DEBUG = env("DEBUG")\n', [], null],
    ['Django, switched off below', 'shop/settings.py', 'DEBUG = True\nif LIVE:\n    DEBUG = False\n', [], null],
    ['Django, local settings', 'shop/settings.py', 'DEBUG = True\nfrom .local_settings import *\n', [], null],
    [
      'Django, settings of its own for production',
      'shop/settings/base.py',
      'DEBUG = True\n',
      ['shop/settings/production.py'],
      null,
    ],
    [
      'Django, those of production',
      'shop/settings/production.py',
      'DEBUG = True\n',
      ['shop/settings/production.py'],
      1,
    ],
    ['Django, those of laptops', 'shop/settings/local.py', 'DEBUG = True\n', [], null],
    [
      'Django, switched off by a module of production under a name of its own',
      'shop/settings/base.py',
      'DEBUG = True\n',
      { 'shop/settings/berlin.py': 'from shop.settings.base import *\n\nDEBUG = TEMPLATE_DEBUG = False\n' },
      null,
    ],
    [
      'Django, a module beside it that says nothing of it',
      'shop/settings/base.py',
      'DEBUG = True\n',
      { 'shop/settings/berlin.py': 'from shop.settings.base import *\n' },
      1,
    ],
    [
      'Django, a project to develop with, which prints its mail',
      'tryout/settings.py',
      "DEBUG = True\nEMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'\n",
      { Procfile: 'web: gunicorn shop.wsgi\n' },
      null,
    ],
    [
      'Django, the same where production starts it',
      'shop/settings.py',
      "DEBUG = True\nEMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'\n",
      { Procfile: 'web: gunicorn shop.wsgi\n' },
      1,
    ],
    ['Rails', 'config/environments/production.rb', 'x do\n  config.consider_all_requests_local = true\nend\n', [], 2],
    [
      'Rails, development',
      'config/environments/development.rb',
      '  config.consider_all_requests_local = true\n',
      [],
      null,
    ],
    ['Phoenix', 'config/prod.exs', 'config :a, AWeb.Endpoint, debug_errors: true\n', [], 1],
    ['Laravel', 'config/app.php', "<?php return [\n    'debug' => true,\n];\n", [], 2],
    ['Django, on by default', 'a/settings.py', 'DEBUG = os.getenv("DEBUG", "True") == "True"\n', [], 1],
    ['Django, on by default (environ)', 'a/settings.py', 'X = 1\nDEBUG = env.bool("DEBUG", default=True)\n', [], 2],
    ['Django, on by default (decouple)', 'a/settings.py', 'DEBUG = config("DEBUG", default=True, cast=bool)\n', [], 1],
    ['Django, off by default', 'a/settings.py', 'DEBUG = os.getenv("DEBUG", "False") == "True"\n', [], null],
    [
      'Django, on by default, then decided',
      'a/settings.py',
      'DEBUG = env("DEBUG", default=True)\nDEBUG = False\n',
      [],
      null,
    ],
    ['Laravel, on by default', 'config/app.php', "'debug' => (bool) env('APP_DEBUG', true),\n", [], 1],
    ['Laravel, by a variable', 'config/app.php', "'debug' => (bool) env('APP_DEBUG', false),\n", [], null],
  ])('%s', (_what, path, text, given, line) => {
    const files: Record<string, string> = Array.isArray(given) ? Object.fromEntries(given.map(one => [one, ''])) : given
    const beside = { paths: Object.keys(files), read: (one: string) => files[one] ?? null }
    expect(debugSetting(path, text, beside)?.line ?? null).toBe(line)
  })
})
