// Settings that production replaces, and settings that it takes as they are.
import { describe, expect, it } from 'vitest'
import { isOverridden } from '../../../src/formats/secrets/overridden.ts'

const judged = (files: Record<string, string>, path: string, variable = 'SECRET_KEY', line = 1): boolean =>
  isOverridden({ path, line, variable }, { paths: Object.keys(files), read: one => files[one] ?? null })

const base = { 'shop/settings/base.py': 'SECRET_KEY = "x"\n' }
const classes = (more: string): string => `class Config:\n    SECRET_KEY = "x"\n\n\nclass ${more}\n`

describe('a value of shared settings', () => {
  it.each<[string, Record<string, string>, string, string, number, boolean]>([
    [
      'that production reads from a file',
      {
        ...base,
        'shop/settings/prod.py':
          'from .base import *\ntry:\n    SECRET_KEY = read()\nexcept OSError:\n    SECRET_KEY = made()\n',
      },
      'shop/settings/base.py',
      'SECRET_KEY',
      1,
      true,
    ],
    [
      'through another module',
      {
        ...base,
        'shop/settings/common.py': 'from shop.settings.base import *\n',
        'shop/settings/production.py': 'from .common import *\nSECRET_KEY: str = env("S")\n',
      },
      'shop/settings/base.py',
      'SECRET_KEY',
      1,
      true,
    ],
    [
      'that the settings of the image, elsewhere, read from the environment',
      {
        'settings/common.py': 'SECRET_KEY = "x"\n',
        'docker/config.py': 'from .common import *\nSECRET_KEY = os.getenv("S")\n',
        'docker/Dockerfile': 'ENV DJANGO_SETTINGS_MODULE=settings.config\n',
        'shop/wsgi.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.common")\n',
      },
      'settings/common.py',
      'SECRET_KEY',
      1,
      true,
    ],
    [
      'that the settings of production to copy set anew',
      {
        'settings/common.py': 'SECRET_KEY = "x"\n',
        'settings/config.py.prod.example': 'from .common import *\nSECRET_KEY = "y"\n',
      },
      'settings/common.py',
      'SECRET_KEY',
      1,
      true,
    ],
    [
      'of which settings elsewhere take another of that name',
      {
        'shop/settings/common.py': 'SECRET_KEY = "x"\n',
        'docker/config.py': 'from blog.settings.common import *\nSECRET_KEY = os.getenv("S")\n',
      },
      'shop/settings/common.py',
      'SECRET_KEY',
      1,
      false,
    ],
    [
      'behind which each server runs its own',
      {
        'shop/settings.py': 'SECRET_KEY = "x"\nwith open(join(here, "local_settings.py")) as f:\n    exec(f.read())\n',
      },
      'shop/settings.py',
      'SECRET_KEY',
      1,
      true,
    ],
    [
      'of each server, that are in git',
      {
        'shop/settings.py': 'SECRET_KEY = "x"\nfrom .local_settings import *\n',
        'shop/local_settings.py': 'DEBUG = True\n',
      },
      'shop/settings.py',
      'SECRET_KEY',
      1,
      false,
    ],
    [
      'that production leaves',
      { ...base, 'shop/settings/prod.py': 'from .base import *\nDEBUG = False\n' },
      'shop/settings/base.py',
      'SECRET_KEY',
      1,
      false,
    ],
    [
      'that only tests replace',
      { ...base, 'shop/settings/tests.py': 'from .base import *\nSECRET_KEY = "y"\n' },
      'shop/settings/base.py',
      'SECRET_KEY',
      1,
      false,
    ],
    [
      'of a module that production does not take',
      { ...base, 'shop/settings/prod.py': 'SECRET_KEY = env("S")\n' },
      'shop/settings/base.py',
      'SECRET_KEY',
      1,
      false,
    ],
    [
      'of the module that the server names',
      {
        ...base,
        'shop/settings/prod.py': 'from .base import *\nSECRET_KEY = env("S")\n',
        'shop/wsgi.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.base")\n',
      },
      'shop/settings/base.py',
      'SECRET_KEY',
      1,
      false,
    ],
    [
      'of modules that take each other',
      {
        ...base,
        'shop/settings/prod.py': 'from .live import *\nSECRET_KEY = 1\n',
        'shop/settings/live.py': 'from .prod import *\n',
      },
      'shop/settings/base.py',
      'SECRET_KEY',
      1,
      false,
    ],
    [
      'of a class that production replaces',
      { 'config.py': classes('ProductionConfig(Config):\n    SECRET_KEY = os.environ["S"]') },
      'config.py',
      'SECRET_KEY',
      2,
      true,
    ],
    [
      'of a class that production keeps',
      { 'config.py': classes('ProductionConfig(Config):\n    DEBUG = False') },
      'config.py',
      'SECRET_KEY',
      2,
      false,
    ],
    [
      'of Elixir that is set when it starts',
      { 'config/config.exs': 'x', 'config/runtime.exs': 'config :shop, secret_key_base: System.fetch_env!("S")\n' },
      'config/config.exs',
      'secret_key_base',
      1,
      true,
    ],
    [
      'of node-config with a variable',
      { 'config/default.json': '{}', 'config/custom-environment-variables.json': '{ "jwtSecret": "JWT_SECRET" }' },
      'config/default.json',
      'jwtSecret',
      1,
      true,
    ],
    [
      'of Figaro that the deployed containers are handed',
      { 'config/application.yml': 'X', 'compose-production.yml': '      - GITHUB_APP_SECRET=${GITHUB_APP_SECRET}\n' },
      'config/application.yml',
      'GITHUB_APP_SECRET',
      1,
      true,
    ],
    [
      'of Figaro that a laptop is handed',
      { 'config/application.yml': 'X', 'compose.override.yml': '      - GITHUB_APP_SECRET=${GITHUB_APP_SECRET}\n' },
      'config/application.yml',
      'GITHUB_APP_SECRET',
      1,
      false,
    ],
    [
      'of node-config alone',
      { 'config/default.json': '{}', 'config/production.json': '{ "port": 1 }' },
      'config/default.json',
      'jwtSecret',
      1,
      false,
    ],
  ])('%s', (_what, files, path, variable, line, expected) => {
    expect(judged(files, path, variable, line)).toBe(expected)
  })
})
