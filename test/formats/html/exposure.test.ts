import { describe, expect, it } from 'vitest'
import { exposureProbes } from '../../../src/data/exposure-probes.ts'
import { classifyExposure } from '../../../src/formats/html/exposure.ts'
import { makeUp } from '../../support/made-up-secrets.ts'

const kindOf = (path: string, body: string): string | null => {
  const probe = exposureProbes.find(item => item.path === path)!
  return classifyExposure(probe, body)?.kind ?? null
}
const password = makeUp('{A16}')
const google = makeUp('AI~za{s35}')

describe('exposed files prove themselves', () => {
  it.each([
    ['/.env', `db_host=10.0.0.3\ndb_user=shop\ndb_password=${password}\n`, 'secrets'],
    ['/.env', `\u00ef\u00bb\u00bfDATABASE_PASSWORD=${password}\n`, 'secrets'],
    ['/.git-credentials', `https://ada:${password}@git.example.com\n`, 'secrets'],
    ['/.env.prod', `DATABASE_PASSWORD=${password}\n`, 'secrets'],
    ['/.git/index', `DIRC\u0000\u0000\u0000\u0002${'\u0000'.repeat(60)}`, 'repository'],
    ['/id_ed25519', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n', 'secrets'],
    [
      '/terraform.tfstate',
      `{"version":4,"terraform_version":"1.9.5","resources":[{"attributes":{"password":"${password}"}}]}`,
      'secrets',
    ],
    ['/terraform.tfstate', '{\n  "version": 4,\n  "terraform_version": "1.9.5",\n  "outputs": {}', 'file'],
    [
      '/appsettings.json',
      `{"ConnectionStrings":{"Default":"Server=db;User Id=shop;Password=${password};"}}`,
      'secrets',
    ],
    [
      '/web.config',
      `<?xml version="1.0"?><configuration><connectionStrings><add connectionString="Server=db;Password=${password};" /></connectionStrings></configuration>`,
      'secrets',
    ],
    ['/config.json', `{"db":{"host":"10.0.0.3","user":"shop","password":"${password}"}}`, 'secrets'],
    ['/config.json', `{"stripe":{"secretKey":"${makeUp('sk_~live_51{A97}')}"}}`, 'secrets'],
    ['/config.yml', `database:\n  user: shop\n  password: ${password}\n`, 'secrets'],
    ['/config.php', `<?php\n$db_password = '${password}';\n`, 'secrets'],
    ['/config.php', '<?php\nrequire "start.php";\n', 'file'],
    ['/.env', `export DB_PASSWORD="${password}"\r\n# note\r\nMODE=production\r\n`, 'secrets'],
    ['/.env.example', `DB_PASSWORD=${password}\n`, 'secrets'],
    ['/.netrc', `machine github.com\nlogin shop\npassword ${password}\n`, 'secrets'],
    ['/.docker/config.json', `{"auths":{"registry.example.com":{"auth":"${btoa(`shop:${password}`)}"}}}`, 'secrets'],
    ['/.bash_history', `cd /var/www\nmysql -u root -p${password} shop\n`, 'secrets'],
    ['/.bash_history', 'cd /var/www\ngit pull\nls -la\n', 'file'],
    ['/wp-content/debug.log', '[30-Nov-2026 10:00:00 UTC] PHP Fatal error:  Uncaught Error in a.php:3\n', 'file'],
    ['/.env', 'NEXT_PUBLIC_API=https://api.example.com\nMODE=production\n', 'file'],
    ['/.env', 'SENTRY_DSN=https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/1\n', 'file'],
    ['/backup.sql', "INSERT INTO `users` (`id`)\nVALUES (1,'ada');\n", 'secrets'],
    ['/dump.sql', '-- PostgreSQL database dump\n', 'secrets'],
    ['/backup.sql.gz', '-- MySQL dump 10.13\n', 'secrets'],
    ['/.npmrc', `//registry.npmjs.org/:_authToken=${makeUp('npm_{A36}')}\n`, 'secrets'],
    ['/config.yml', 'password: k3ttle9\n', 'secrets'],
    ['/docker-compose.yml', 'services:\n  web:\n    image: nginx\n', 'file'],
    ['/console', '<title>Console // Werkzeug Debugger</title><script>var EVALEX = true</script>', 'debug-console'],
    ['/telescope', '<title>Telescope - Shop</title><script>window.Telescope = {}</script>', 'debug-console'],
    ['/.env~', `DB_PASSWORD=${password}\n`, 'secrets'],
    ['/database.sql.gz', '\u001f\u008b\u0008', 'secrets'],
    ['/elmah.axd', '<title>Error log for ROOT on WEB (Page #1)</title><p>Powered by ELMAH</p>', 'debug-console'],
    ['/_profiler/', '<title>Symfony Profiler</title>', 'debug-console'],
  ])('%s: %s', (path, body, kind) => expect(kindOf(path, body)).toBe(kind))
  it.each([
    [
      '/config.json',
      `{"apiUrl":"https://api.example.com","firebase":{"apiKey":"${google}","authDomain":"x"},"sentryDsn":"https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/1"}`,
    ],
    ['/config.json', `{"stripePublishableKey":"${makeUp('pk_~live_{A24}')}","posthogToken":"${makeUp('ph~c_{A43}')}"}`],
    [
      '/config.json',
      '{"auth0":{"clientId":"abc"},"tokenUrl":"https://login.example.com/token","webhookUrl":"https://api.example.com/hook"}',
    ],
    ['/config.yml', 'backend:\n  name: git-gateway\nmedia_folder: static/img\n'],
    ['/config.yml', `title: My blog\ngoogle_api_key: ${google}\n`],
    ['/web.config', '<configuration><system.webServer><rewrite><rules/></rewrite></system.webServer></configuration>'],
    ['/.env', 'error=not_found'],
    ['/.env', 'status = 404\nmessage = not here'],
    ['/.env', '{"error":"not found"}'],
    ['/.env', 'Not Found'],
    ['/backup.sql', 'Sorry, you cannot INSERT INTO our systems.'],
    ['/console', '<title>Acme Console</title><p>Interactive Console for your store</p>'],
    ['/telescope', '<title>Telescopes</title><p>A Laravel Telescope for stargazers</p>'],
    ['/server-status', '<h1>Server status</h1><p>All systems operational</p>'],
    ['/actuator', '{"_links":{"self":{"href":"http://x/actuator"},"health":{"href":"http://x/actuator/health"}}}'],
    ['/.npmrc', 'registry=https://registry.example.com/\n'],
    ['/.npmrc', '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n'],
    ['/config.json', '{"routes":{"reset_password":"/reset-password","password":"/account/password"}}'],
    [
      '/config.json',
      '{"texts":{"password":"Passwort eingeben","forgot_password":"Passwort-vergessen-1?","secret":"auth.secret.label"}}',
    ],
    ['/config.json', '{"validation":{"password":"required|min:8","password_policy":"length(12) and digits(2)"}}'],
    [
      '/config.json',
      '{"realm":"shop","auth-server-url":"https://id.example.com/","ssl-required":"external","resource":"web","public-client":true,"confidential-port":0}',
    ],
    ['/config.json', '{"passwordHash":{"secret":"{{ vault.secret }}"},"password":"${DB_PASSWORD}"}'],
    ['/id_rsa', '<div>Your key begins with -----BEGIN OPENSSH PRIVATE KEY-----</div>'],
    ['/wp-config.php', ''],
  ])('nothing at %s: %s', (path, body) => expect(kindOf(path, body)).toBe(null))
})
