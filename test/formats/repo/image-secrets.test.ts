// Secrets in images, in whatever form they come in, and bases that stay where they are.
import { describe, expect, it } from 'vitest'
import { parseDockerfile } from '../../../src/formats/repo/dockerfile.ts'
import { copiedSecrets, judgeImage } from '../../../src/formats/repo/dockerfile-judge.ts'
import { handedOver } from '../../../src/formats/repo/env-exposure.ts'
import { soundsSecret } from '../../../src/formats/repo/public-names.ts'
import { makeUp } from '../../support/made-up-secrets.ts'

const judged = (lines: string) => judgeImage(parseDockerfile(`FROM node:22.20-alpine\n${lines}\n`))

describe('secrets of an image', () => {
  it.each([
    ['JSON form', 'COPY ["package.json", ".env", "./"]', 'COPY .env'],
    ['a file of one machine', 'COPY package.json .env.production.local ./', 'COPY .env.production.local'],
    ['a folder before it', 'ADD deploy/id_ed25519 /root/', 'COPY id_ed25519'],
    ['a value', `ENV API_SECRET=${makeUp('{A24}', 1)}`, 'ENV API_SECRET'],
    ['a command', `RUN curl -H "X: ${makeUp('gl~pat-{A20}', 2)}" https://a.net`, 'RUN GitLab token'],
  ])('%s', (_name, line, expected) =>
    expect(judged(line).secrets.map(({ how, name }) => `${how} ${name}`)).toEqual([expected]),
  )

  it('tells what is handed in from what stands there', () => {
    expect(judged('ARG NPM_TOKEN').secrets).toMatchObject([{ handed: true }])
    expect(judged('ARG DB_PASSWORD\nENV DB_PASSWORD=$DB_PASSWORD').secrets).toMatchObject([
      { how: 'ENV', handed: true },
    ])
  })

  it.each([
    ['where it goes to', 'COPY docker/settings .env'],
    ['an example', 'COPY .env.example ./'],
    ['from another stage', 'COPY --from=build /app/.env ./'],
    ['a certificate of an authority', 'COPY ca-bundle.pem /etc/ssl/'],
    ['a word', 'ENV PORT="8000" \\\n    SECRET_KEY="rumpelstilz"'],
    ['a default that guards nothing', 'ARG MYSQL_PASSWORD=secret\nENV MYSQL_PASSWORD=$MYSQL_PASSWORD'],
  ])('is none: %s', (_name, line) => expect(judged(line).secrets).toEqual([]))

  it('a template of an environment file goes in without harm', () =>
    expect(copiedSecrets(null, ['.env-template', '.env.example.sail', '.env'])).toEqual(['.env']))
})

describe('a base', () => {
  const moves = (base: string): boolean => judgeImage(parseDockerfile(`FROM ${base}\n`)).mutableBases.length > 0
  it.each(['debian:bookworm-slim', 'ubuntu:noble', 'debian:trixie-20251103', 'node:22-bookworm'])('%s stays', base =>
    expect(moves(base)).toBe(false),
  )
  it('whose tag is handed in is not known', () => {
    const from = (argument: string): boolean =>
      judgeImage(parseDockerfile(`${argument}\nFROM hexpm/elixir:\${VERSION}-alpine\n`)).mutableBases.length > 0
    expect(from('ARG VERSION')).toBe(false)
    expect(from('ARG VERSION=latest')).toBe(true)
  })
  it.each(['debian', 'debian:stable-slim', 'node:lts', 'node:bookworm-slim', 'ubuntu:latest'])('%s moves', base =>
    expect(moves(base)).toBe(true),
  )
})

describe('what reaches the browser', () => {
  it.each([
    [
      'next.config.mjs',
      'export default { env: { STRIPE_SECRET_KEY: process.env.STRIPE_SECRET_KEY } }',
      'env of next.config',
    ],
    ['vite.config.ts', "define: { 'x': JSON.stringify(process.env.STRIPE_SECRET_KEY) }", 'define'],
    ['webpack.config.js', "new webpack.EnvironmentPlugin(['STRIPE_SECRET_KEY'])", 'EnvironmentPlugin'],
    ['app/root.tsx', '__html: `window.ENV = ${JSON.stringify({ KEY: process.env.STRIPE_SECRET_KEY })}`', 'window.ENV'],
    ['app.config.ts', 'export default { extra: { key: process.env.STRIPE_SECRET_KEY } }', 'extra of the app config'],
    ['nuxt.config.ts', 'runtimeConfig: { public: { key: process.env.STRIPE_SECRET_KEY } }', 'runtimeConfig.public'],
  ])('%s', (path, text, by) => expect(handedOver(path, text)).toEqual([{ name: 'STRIPE_SECRET_KEY', line: 1, by }]))
  it('is not what a server reads', () => {
    expect(handedOver('src/env.ts', 'const env = { key: process.env.STRIPE_SECRET_KEY }')).toEqual([])
    expect(handedOver('nuxt.config.ts', 'runtimeConfig: { key: process.env.A_KEY, public: { b: 1 } }')).toEqual([])
  })
  it.each([
    '!!process.env.A_KEY',
    'Boolean(process.env.A_KEY)',
    "Boolean(process.env.ON === 'x' || ((a || b) && (process.env.A_KEY || (c && process.env.B_KEY))))",
    "process.env.A_KEY ? 'live' : 'test'",
    "process.env.A_KEY !== ''",
    "process.env['A_KEY'] === 'x'",
  ])('is not what only asks: %s', value =>
    expect(handedOver('nuxt.config.ts', `runtimeConfig: { public: { key: ${value} } }`)).toEqual([]),
  )
  it.each(["process.env.A_KEY ?? ''", 'process.env.A_KEY?.trim()', "process.env['A_KEY'] || 'x'"])(
    'is the value: %s',
    value =>
      expect(handedOver('nuxt.config.ts', `runtimeConfig: { public: { key: ${value} } }`)).toMatchObject([
        { name: 'A_KEY' },
      ]),
  )
  it('knows names of secrets behind a public prefix', () => {
    for (const name of ['TURSO_AUTH_TOKEN', 'SERVICE_ROLE', 'SUPABASE_SERVICE_ROLE_KEY', 'DB_CONNECTION_STRING'])
      expect(soundsSecret(name), name).toBe(true)
    for (const name of ['MAPBOX_TOKEN_PUBLIC', 'POSTHOG_KEY', 'API_URL', 'AUTH_TOKEN_URL'])
      expect(soundsSecret(name), name).toBe(false)
  })
})
