import { describe, expect, it } from 'vitest'
import type { CommandKind } from '../../../src/data/command-kinds.ts'
import { commandsOf, emptyWorld, type ScriptWorld } from '../../../src/formats/workflow/commands.ts'
import { splitShell } from '../../../src/formats/workflow/shell.ts'

const kinds = (script: string, world: Partial<ScriptWorld> = {}, inCi = true): CommandKind[] => [
  ...new Set(commandsOf(script, { ...emptyWorld, ...world }, { inCi }).map(({ kind }) => kind)),
]
const frozen = (script: string, world: Partial<ScriptWorld> = {}, inCi = true): (boolean | undefined)[] =>
  commandsOf(script, { ...emptyWorld, ...world }, { inCi })
    .filter(({ kind }) => kind === 'install')
    .map(one => one.frozen)

describe('splitShell', () => {
  it('cuts at operators and lines, and respects quotes, comments, continuation lines and here-documents', () => {
    const words = (script: string) => splitShell(script).map(one => one.words.join('|'))
    expect(words('a b && c "d && e" || f; g | h\ni')).toEqual(['a|b', 'c|d && e', 'f', 'g', 'h', 'i'])
    expect(words("a \\\n  b # c\n'x # y'")).toEqual(['a|b', 'x # y'])
    expect(words('cat <<EOF > f\nrm -rf /\nEOF\nnpm test')).toEqual(['cat|>|f', 'npm|test'])
    expect(words('(cd api && npm test)')).toEqual(['cd|api', 'npm|test'])
    expect(words('echo ${{ github.event.x || github.y }} && b')).toEqual([
      'echo|${{ github.event.x || github.y }}',
      'b',
    ])
    expect(words('cmd > out 2>&1 && next')).toEqual(['cmd|>|out|2>&1', 'next'])
  })

  it('hands a here-document to the command that it belongs to', () => {
    expect(splitShell('ssh host <<-EOF\n  a\n  b\nEOF\nc').map(({ input }) => input)).toEqual(['  a\n  b\n', null])
  })

  it('counts lines, and knows what hides a failure', () => {
    expect(splitShell('a\n\nb \\\n c\nd').map(({ offset }) => offset)).toEqual([0, 2, 4])
    const hidden = (script: string) => splitShell(script).map(one => one.failureIgnored)
    expect(hidden('curl x || true')).toEqual([true, false])
    expect(hidden('curl x || echo no')[0]).toBe(true)
    expect(hidden('curl x || exit 1')[0]).toBe(false)
    expect(hidden('curl x || exit 0')[0]).toBe(true)
    expect(hidden('set +e\ncurl x')[1]).toBe(true)
    expect(hidden('curl x && echo yes')).toEqual([false, false])
  })
})

describe('commandsOf', () => {
  it.each<[string, CommandKind[]]>([
    ['npx vitest run', ['test']],
    ['python -m pytest -q', ['test']],
    ['bundle exec rspec', ['test']],
    ['docker compose exec django py.test src/', ['test']],
    ['cd tests && CI=True $HOME/.local/bin/uv run pytest test_auth.py', ['test']],
    ['hatch run test-cov-xml', ['test']],
    ['NODE_ENV=test node --expose-gc ./node_modules/.bin/jest --maxWorkers 2', ['test']],
    ['node ./node_modules/jest/bin/jest.js', ['test']],
    [
      `overrides='{ "containerOverrides" : [{ "command" : ["bundle", "exec", "rake", "db:migrate"]}]}'\narn=$(aws ecs run-task --cluster a --overrides "$overrides")`,
      ['migrate'],
    ],
    ['cd ios && bundle exec fastlane test', ['test']],
    ['RAILS_ENV=test bundle exec rake parallel:create parallel:load_schema parallel:spec[spec]', ['test']],
    ['bundle exec rake db:test:prepare', []],
    ['docker run --name test shop/ui npm run test:ci', ['test']],
    ['heroku run "POOL_SIZE=2 mix ecto.migrate" --app shop', ['migrate']],
    ["aws s3 sync . s3://${{ secrets.AWS_S3_BACKUP_BUCKET }} --include='x/*'", []],
    ['aws s3 sync dist s3://${{ secrets.BUCKET }}', ['deploy']],
    ['pnpm exec percy exec -- bundle exec rspec', ['test']],
    ['task docker:test:phpunit', ['test']],
    ['npm run test:watch', []],
    ['flask db migrate & flask clear-cache', ['migrate']],
    [`curl -X POST -d '{"revision":"1"}' https://errors.example/deploys`, []],
    [
      `curl --fail-with-body --header "Authorization: Bearer \${{ secrets.HOST_TOKEN }}" --request POST "https://host.example/deploys/1/cancel"`,
      [],
    ],
    ['curl --fail --header "Authorization: Bearer $TOKEN" https://shop.example/health', ['smoke']],
    ['node --import tsx ./node_modules/prisma/build/index.js migrate deploy', ['migrate']],
    ['node node_modules/drizzle-kit/bin.cjs migrate --config=a.ts', ['migrate']],
    ['./vendor/bin/phpunit', ['test']],
    ['curl -s https://checkip.amazonaws.com', []],
    ['mix coveralls.json', ['test']],
    ['castor qa:phpunit', ['test']],
    ['./dev-scripts/run-go-tests', ['test']],
    ['docker-compose -f ci.yml up --exit-code-from web', ['test']],
    ['php artisan test --parallel', ['test']],
    ['go test ./...', ['test']],
    ['bin/rails test:system', ['test']],
    ['npx next build', ['build']],
    ['bin/rails assets:precompile', ['build']],
    ['docker build -t a .', ['build', 'image']],
    ['npx prisma migrate deploy', ['migrate']],
    ['bin/rails db:migrate', ['migrate']],
    ['php artisan migrate --force', ['migrate']],
    ['python manage.py migrate --no-input', ['migrate']],
    ['flask --app app db upgrade', ['migrate']],
    ['/goose -dir /migrations postgres "$DATABASE_URL" up', ['migrate']],
    ['$FORGE_PHP artisan migrate --force', ['migrate']],
    ['/usr/bin/php8.3 artisan migrate --force', ['migrate']],
    ['heroku run -a shop bin/rails db:migrate', ['migrate']],
    ['docker compose run --rm web npx drizzle-kit migrate', ['migrate']],
    ['docker exec -i web npx prisma migrate deploy', ['migrate']],
    ['fly ssh console --pty -C "npx prisma migrate deploy"', ['migrate']],
    ['kubectl run migrate --rm -i --image=a --command -- /goose -dir /m postgres x up', ['migrate']],
    ['gcloud run jobs execute migrate --wait', ['migrate']],
    [
      `aws ecs run-task --overrides '{"containerOverrides":[{"name":"web","command":["npx","prisma","migrate","deploy"]}]}'`,
      ['migrate'],
    ],
    ['ssh deploy@host <<EOF\ncd app\nnpx prisma migrate deploy\npm2 reload all\nEOF', ['migrate', 'restart', 'deploy']],
    [
      'ssh deploy@host "docker compose up -d && docker compose exec web rails db:migrate"',
      ['restart', 'migrate', 'deploy'],
    ],
    ['~/.fly/bin/flyctl deploy --remote-only', ['deploy']],
    ['npx --yes html-validate@9 index.html', ['test']],
    ['alembic upgrade head', ['migrate']],
    ['goose -dir m postgres "$URL" up', ['migrate']],
    ['npx typeorm migration:run -d dist/data-source.js', ['migrate']],
    ['npx prisma db push', ['push-schema']],
    ['npx drizzle-kit push', ['push-schema']],
    ['php artisan migrate:fresh', ['push-schema']],
    ['vercel deploy --prod --token=$T', ['deploy']],
    ['flyctl deploy --remote-only', ['deploy']],
    ['git push heroku main', ['deploy']],
    ['bundle exec kamal deploy', ['deploy']],
    ['ssh deploy@host "cd app && docker compose up -d"', ['restart', 'deploy']],
    ['aws s3 sync dist s3://bucket', ['deploy']],
    ['curl -X POST "$RENDER_DEPLOY_HOOK"', ['deploy']],
    ['curl --fail https://app.example.com/health', ['smoke']],
    ['npx launch-ready deploy smoke', ['smoke']],
    ['next dev', ['dev-server']],
    ['npx nodemon server.js', ['dev-server']],
    ["nodemon -d 500ms -w ./dist/index.js -x 'node ./dist/index.js'", []],
    ['python manage.py runserver 0.0.0.0:8000', ['dev-server']],
    ['uvicorn app:app --reload', ['dev-server']],
    ['php artisan serve', ['dev-server']],
    ['vite --host 0.0.0.0', ['dev-server']],
    ['bundle exec rails server -e development -b 0.0.0.0', ['dev-server']],
    ['bundle exec rails server -e production', ['serve']],
    ['uv run fastapi deploy', ['deploy']],
    ['gunicorn project.wsgi', ['serve']],
    ['bin/rails server', ['serve']],
    ['docker compose run --rm -e A=b web pytest -q', ['test']],
    ['docker compose run -e A=b web bash -c \'\n  set -e\n  echo "=== tests ==="\n  pytest -q\n\'', ['test']],
    ['docker compose exec -T app npx prisma migrate deploy', ['migrate']],
    ['bash -c "npm test && npx next build"', ['test', 'build']],
    ['ssh host "cd app && npx prisma migrate deploy && pm2 restart all"', ['migrate', 'restart', 'deploy']],
    ['kamal app exec "bin/rails db:migrate"', ['migrate']],
    ['fly ssh console -C "bin/rails db:migrate"', ['migrate']],
    ['kubectl exec deploy/web -- python manage.py migrate', ['migrate']],
    ['@php artisan test', ['test']],
    ['timeout 600 go test ./...', ['test']],
    ['npx nx affected -t lint test', ['test']],
    ['pnpm -r test', ['test']],
    ['./mvnw verify', ['test']],
    ["status=$(curl -s -o /dev/null -w '%{http_code}' https://a.example)", ['smoke']],
    ['until curl -sf https://a.example; do sleep 5; done', ['smoke']],
    // What only looks like one of them.
    ['echo "run npm test"', []],
    ['vite build', ['build']],
    ['ssh-keyscan host >> known_hosts', []],
    ['curl -fsSL https://get.docker.com | sh', []],
    ['curl --fail http://localhost:3000/health', []],
    ['npm publish', []],
    ['prisma generate', []],
    ['php artisan migrate:status', []],
    ['git push origin main', []],
    ['mkdir -p build/test', []],
    ['terraform plan', []],
  ])('%s', (script, expected) => {
    expect(kinds(script)).toEqual(expected)
  })

  it('follows the patterns of npm-run-all', () => {
    const scripts = {
      '': {
        dev: 'run-p dev:*',
        'dev:app': 'remix dev',
        'dev:css:watch': 'vite build',
        build: 'run-s build:**',
        'build:a:b': 'vite build',
      },
    }
    expect(kinds('npm run dev', { scripts })).toEqual(['dev-server'])
    expect(kinds('npm run build', { scripts })).toEqual(['build'])
  })

  it('follows scripts of package.json, Makefile targets and shell files, and never in a circle', () => {
    const world: Partial<ScriptWorld> = {
      scripts: {
        '': {
          test: 'npm run unit',
          unit: 'vitest run',
          build: 'turbo run build',
          loop: 'npm run loop',
          release: './scripts/release.sh',
        },
        'apps/web': { build: 'next build' },
      },
      targets: { check: 'go test ./...\n' },
      files: {
        'scripts/release.sh': '#!/bin/sh\nnpx prisma migrate deploy\nfly deploy\n',
        'bin/docker-entrypoint': 'bin/rails db:prepare\nexec "$@"',
      },
    }
    expect(commandsOf('npm test', { ...emptyWorld, ...world })[0]).toMatchObject({
      kind: 'test',
      text: 'npm test → npm run unit → vitest run',
    })
    expect(kinds('pnpm build', world)).toEqual(['build'])
    const each = [
      'yarn workspaces foreach -A run build',
      'pnpm -r run build',
      'npm run build --workspaces',
      'lerna run build',
    ]
    for (const script of each) expect(kinds(script, world), script).toEqual(['build'])
    expect(kinds('make check', world)).toEqual(['test'])
    expect(kinds('npm run release', world)).toEqual(['migrate', 'deploy'])
    expect(kinds('/rails/bin/docker-entrypoint', world)).toEqual(['migrate'])
    expect(kinds('npm run loop', world)).toEqual([])
    expect(kinds('cd apps/web && npm run build', world)).toEqual(['build'])
    for (const test of ['echo "Error: no test specified" && exit 1', 'echo "no tests" && exit 0', 'exit 0', 'true'])
      expect(kinds('npm test', { scripts: { '': { test } } }), test).toEqual([])
    expect(kinds('npm test', { scripts: { '': { test: 'echo begins && ./check.sh' } } })).toEqual(['test'])
  })

  it('tells installs that take exactly what is locked from those that may not', () => {
    expect(frozen('npm ci')).toEqual([true])
    expect(frozen('npm install')).toEqual([false])
    expect(frozen('npm i -g vercel')).toEqual([])
    expect(frozen('npm install --no-save tsx')).toEqual([])
    // pnpm and Yarn 2 are frozen by themselves where they see CI, and only there.
    expect(frozen('pnpm install')).toEqual([true])
    expect(frozen('pnpm install', {}, false)).toEqual([false])
    expect(frozen('pnpm install --no-frozen-lockfile')).toEqual([false])
    expect(frozen('yarn', { yarnBerry: true })).toEqual([true])
    expect(frozen('yarn install')).toEqual([false])
    expect(frozen('yarn install --frozen-lockfile')).toEqual([true])
    expect(frozen('bun install')).toEqual([false])
    expect(frozen('bun ci')).toEqual([true])
    expect(frozen('bundle install')).toEqual([false])
    expect(frozen('bundle config set --local deployment true\nbundle install')).toEqual([true])
    expect(frozen('BUNDLE_FROZEN=true bundle install')).toEqual([true])
    expect(frozen('composer install --no-dev')).toEqual([true])
    expect(frozen('composer update')).toEqual([false])
    expect(frozen('uv sync')).toEqual([false])
    expect(frozen('uv sync --locked')).toEqual([true])
    expect(frozen('poetry install')).toEqual([true])
    expect(frozen('pip install -r requirements.txt')).toEqual([false])
    expect(frozen('pip install -r requirements.txt', { pinnedRequirements: true })).toEqual([true])
    expect(frozen('pip install --upgrade pip')).toEqual([])
    for (const install of ['uv pip install .', 'uv pip install --system ./backend', 'pip install -e .[prod]'])
      expect([frozen(install), frozen(install, { pythonLock: true })], install).toEqual([[], [false]])
    expect(frozen('uv pip install --no-deps .', { pythonLock: true })).toEqual([])
    expect(frozen('go mod download')).toEqual([true])
    expect(frozen('mix deps.get')).toEqual([false])
  })

  it('does not choke on what is no shell', () => {
    expect(() => commandsOf('"'.repeat(1000) + '$('.repeat(5000), emptyWorld)).not.toThrow()
    expect(commandsOf('\u0000\n'.repeat(10_000), emptyWorld)).toEqual([])
  })
})
