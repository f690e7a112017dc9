// Platforms, CI systems and package managers are known by one table each.
import { describe, expect, it } from 'vitest'
import { ciOf, ciProviderOf, isUnreadCi } from '../../src/data/ci-systems.ts'
import { lockCommandOf, lockFiles, lockNameOf, raiseCommandOf } from '../../src/data/package-managers.ts'
import { isPlatformVariable } from '../../src/data/platform-variables.ts'
import { platformOfDependency, platformOfFile, rollbackWays } from '../../src/data/platforms.ts'

describe('platforms', () => {
  it.each<[string, string | null]>([
    ['vercel.json', 'vercel'],
    ['apps/api/fly.staging.toml', 'fly'],
    ['Procfile', 'heroku'],
    ['.do/app.yaml', 'digitalocean'],
    ['app.yaml', 'app-engine'],
    ['config/deploy.yml', 'kamal'],
    ['config/deploy.rb', 'capistrano'],
    ['k8s/deployment.yaml', 'kubernetes'],
    ['compose.prod.yml', 'compose'],
    ['docker-compose.yml', null],
    ['README.md', null],
  ])('%s shows %s', (path, platform) => {
    expect(platformOfFile(path)).toBe(platform)
  })

  it('are known by dependencies, variables and a way back', () => {
    expect(platformOfDependency('@astrojs/netlify')).toBe('netlify')
    expect(platformOfDependency('next')).toBeNull()
    for (const name of [
      'VERCEL',
      'VERCEL_URL',
      'FLY_REGION',
      'GITHUB_SHA',
      'CI_COMMIT_SHA',
      'NODE_ENV',
      'npm_package_name',
    ])
      expect(isPlatformVariable(name), name).toBe(true)
    for (const name of ['STRIPE_SECRET_KEY', 'VERCELLO', 'DATABASE_URL'])
      expect(isPlatformVariable(name), name).toBe(false)
    expect(rollbackWays['fly']).toMatchObject({ label: 'Fly.io', immutable: true })
    expect(rollbackWays['pm2']).toBeUndefined()
  })
})

describe('CI systems', () => {
  it.each<[string, string | null, string | null, boolean]>([
    ['.github/workflows/ci.yml', 'github', 'github', false],
    ['.forgejo/workflows/ci.yml', 'forgejo', 'github', false],
    ['.gitlab/ci/build.yml', 'gitlab', 'gitlab', false],
    ['.buildkite/pipeline.deploy.yml', 'buildkite', 'buildkite', false],
    ['.woodpecker/test.yml', 'woodpecker', null, true],
    ['Jenkinsfile', 'jenkins', null, true],
    ['ci.yml', null, null, false],
  ])('%s', (path, system, provider, unread) => {
    expect([ciOf(path), ciProviderOf(path), isUnreadCi(path)]).toEqual([system, provider, unread])
  })
})

describe('package managers', () => {
  it.each<[string, string, string | null, string]>([
    ['package-lock.json', 'send', '1.0.0', 'npm update send'],
    ['gems.locked', 'rails', null, 'bundle update --conservative rails'],
    ['go.sum', 'github.com/a/b', '1.2.3', 'go get github.com/a/b@v1.2.3'],
    ['go.sum', 'github.com/a/b', null, 'go get github.com/a/b@vlatest'],
    ['uv.lock', '$&', null, 'uv lock --upgrade-package $&'],
    ['unknown.lock', 'a', null, 'npm update a'],
  ])('%s raises %s', (lock, name, version, command) => {
    expect(raiseCommandOf(lock, name, version)).toBe(command)
  })

  it('know their locks', () => {
    expect(lockFiles['pnpm-lock.yaml']).toEqual({ kind: 'pnpm', ecosystem: 'npm', manifest: 'package.json' })
    expect([lockNameOf('bundler'), lockNameOf('deno')]).toEqual(['Gemfile.lock', 'package-lock.json'])
    expect(lockCommandOf('pip')).toMatch(/^pip-compile/)
    expect(lockCommandOf('composer')).toBe('composer update --lock')
  })
})
