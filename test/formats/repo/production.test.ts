import { describe, expect, it } from 'vitest'
import { deployingBy, noPipelines } from '../../../src/facts/repo/pipelines.example.ts'
import { beginningIn, isNamedForOthers } from '../../../src/formats/repo/audience.ts'
import { type Production, productionOf } from '../../../src/formats/repo/production.ts'
import type { Pipelines } from '../../../src/formats/workflow/seen.ts'

const hosts = { who: 'hosts', file: 'README.md', line: 3, text: 'docker run acme/shop' } as const
const starters = { ...hosts, who: 'starters' } as const
const cap = { name: 'capistrano', file: 'config/deploy.rb', byPush: false }
const fly = { name: 'fly', file: 'fly.toml', byPush: false }
const logs = { name: 'vercel', file: 'package.json', byPush: true }

describe('a production of its makers', () => {
  it.each<[string, Pipelines, Parameters<typeof productionOf>[0]['deployment'], string | undefined, Production]>([
    ['nothing', noPipelines, { platforms: [] }, undefined, 'hidden'],
    ['a job that deploys', deployingBy({}), { platforms: [] }, undefined, 'shown'],
    ['a job that deploys what others run too', deployingBy({}), { platforms: [], audience: hosts }, undefined, 'shown'],
    [
      'a job that deploys to a rehearsal',
      deployingBy({ id: 'deploy', environment: 'staging' }),
      { platforms: [] },
      undefined,
      'hidden',
    ],
    ['the file of a platform', noPipelines, { platforms: [fly] }, undefined, 'shown'],
    [
      'the file of a platform in what others run',
      noPipelines,
      { platforms: [fly], audience: hosts },
      undefined,
      'others',
    ],
    ['a package of a platform', noPipelines, { platforms: [logs] }, undefined, 'hidden'],
    ['what others run', noPipelines, { platforms: [], audience: hosts }, undefined, 'others'],
    [
      'a job that deploys what others begin with',
      deployingBy({}),
      { platforms: [], audience: starters },
      undefined,
      'others',
    ],
    [
      'a recipe that names servers, in what others run',
      noPipelines,
      { platforms: [cap], audience: hosts },
      undefined,
      'shown',
    ],
    ['the config’s word', noPipelines, { platforms: [], audience: hosts }, 'coolify', 'shown'],
    ['the config’s word for users', deployingBy({}), { platforms: [] }, 'users', 'others'],
    [
      'an image in the registry of an account',
      deployingBy({ deploys: false, commands: [], imageTags: ['1234.dkr.ecr.eu-central-1.amazonaws.com/shop:1'] }),
      { platforms: [], audience: hosts },
      undefined,
      'shown',
    ],
    [
      'an image for everybody',
      deployingBy({ deploys: false, commands: [], imageTags: ['ghcr.io/acme/shop:1'] }),
      { platforms: [], audience: hosts },
      undefined,
      'others',
    ],
  ])('%s: %#', (_name, pipelines, deployment, by, expected) =>
    expect(productionOf({ pipelines, deployment }, by)).toBe(expected),
  )
})

describe('what others begin with', () => {
  it.each([
    ['# Acme\n\nA starter kit.\n\n> Acme is an open source template for shops.\n', 5],
    ['# Acme SaaS template\n', 1],
    ['# Acme Multi-Tenant Example\n', 1],
    ['# Acme\n\nSee the example below.\n', null],
    ['# Acme\n\nThis repository only holds the Acme skeleton application.\n', 3],
    ['# Acme\n\nPress “Use this template”.\n', 3],
    ['# Acme\n\n```sh\ncomposer create-project acme/acme\n```\n', 4],
    ['# Acme\n\nnpm create acme@latest -- --template shop\n', 3],
    ['# Acme\n\nShops sell by e-mail; mails are written with a template engine.\n', null],
    ['# Acme\n\nThis uses template literals.\n', null],
    ['# Acme\n\nSend invoices. Each invoice has a template.\n', null],
    ['# ![RealWorld Example App](logo.png)\n', 1],
    ['# Acme\n\nThis is a full-stack example application for tests.\n', 3],
    ['# Build a shop with Next.js and Stripe | Full Tutorial 2023\n', 1],
    ['# Acme - A Modern Fullstack Reddit Clone \n', 1],
    ['# Acme\n\nBuild this project step by step with our detailed tutorial.\n', 3],
    ['# Acme\n\nThis project is part of my [Shops From Scratch](https://acme.test/shops) course.\n', 3],
    ['# Acme\n\nThis application is purely for demonstration and educational purposes.\n', 3],
    ['# Acme\n\nNames in pictures are for demonstration purposes.\n', null],
    ['# Acme\n\nTeachers plan a course, and take part in the course of others.\n', null],
    ['# Acme\n\nAn app for the teachers of a course. A video tutorial is in the manual.\n', null],
    ['# Acme\n\nIn the course of a year, clone the repository.\n', null],
  ])('%j', (text, line) => expect(beginningIn(text)?.line ?? null).toBe(line))

  it.each([
    ['acme-starter', true],
    ['@acme/template-web', true],
    ['restarted', false],
    ['acme', false],
  ])('is named %s', (name, expected) => expect(isNamedForOthers(name)).toBe(expected))
})
