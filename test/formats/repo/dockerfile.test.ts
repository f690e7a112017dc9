import { describe, expect, it } from 'vitest'
import {
  assignments,
  expand,
  isDockerignored,
  parseDockerfile,
  parseDockerignore,
  parseImage,
} from '../../../src/formats/repo/dockerfile.ts'
import { judgeImage } from '../../../src/formats/repo/dockerfile-judge.ts'
import { parseProcfile } from '../../../src/formats/repo/procfile.ts'

const judge = (text: string) => judgeImage(parseDockerfile(text))

describe('Dockerfile', () => {
  it('is read into stages: continuation lines, comments within, here-documents, flags, JSON form, ARG in FROM', () => {
    const file = parseDockerfile(`# syntax=docker/dockerfile:1
ARG NODE=24.3
FROM --platform=linux/amd64 node:\${NODE}-alpine AS base
RUN apk add \\
  # a comment

  curl && \\
  echo done
COPY --from=other --chown=1:1 a b
RUN <<EOF
npm ci
npm run build
EOF
from base as final
CMD ["node", "server.js"]
`)
    expect(file.stages.map(({ name, base, on }) => [name, base, on])).toEqual([
      ['base', 'node:24.3-alpine', null],
      ['final', 'base', 0],
    ])
    expect(file.stages[0]!.instructions[0]).toMatchObject({ line: 4, endLine: 8, value: 'apk add curl && echo done' })
    expect(file.stages[0]!.instructions[1]!.flags).toEqual({ from: 'other', chown: '1:1' })
    expect(file.stages[0]!.instructions[2]).toMatchObject({
      line: 10,
      endLine: 13,
      heredocs: ['npm ci\nnpm run build'],
    })
    expect(file.stages[1]!.instructions[0]!.json).toEqual(['node', 'server.js'])
    expect(parseDockerfile('RUN x').problem).toBe('it has no FROM')
    expect(parseDockerfile('# escape=`\nFROM a:1\nRUN a `\n b').stages[0]!.instructions[0]!.value).toBe('a b')
  })

  it('reads images, assignments and expansions', () => {
    expect(parseImage('registry:5000/a/b:1@sha256:x')).toEqual({
      repository: 'registry:5000/a/b',
      tag: '1',
      digest: 'sha256:x',
    })
    expect(parseImage('registry:5000/a')).toEqual({ repository: 'registry:5000/a', tag: null, digest: null })
    expect(assignments('A=1 B="two words" C=')).toEqual([
      ['A', '1'],
      ['B', 'two words'],
      ['C', ''],
    ])
    expect(assignments('NAME some value')).toEqual([['NAME', 'some value']])
    expect(expand('$A-${B:-x}-${C:+y}-$D', { A: '1', C: '2' })).toBe('1-x-y-$D')
  })

  it('says which bases move', () => {
    const moving = (base: string) => judge(`FROM ${base}`).mutableBases.length
    expect(['node', 'node:latest', 'node:lts-alpine', 'node:alpine', 'nginx:stable'].map(moving)).toEqual([
      1, 1, 1, 1, 1,
    ])
    expect(
      [
        'node:24',
        'node:24.3-alpine',
        `node@sha256:${'a'.repeat(64)}`,
        'scratch',
        'gcr.io/distroless/static-debian12:nonroot',
      ].map(moving),
    ).toEqual([0, 0, 0, 0, 0])
    expect(judge('FROM node:24 AS a\nFROM a').mutableBases).toEqual([])
  })

  it('finds secrets that stay in the image, not placeholders, public ones, or those of a stage that is left behind', () => {
    const secrets = (text: string) => judge(text).secrets.map(({ line, how, name }) => `${line} ${how} ${name}`)
    expect(secrets('FROM a:1\nENV API_KEY=abc123def\nENV NODE_ENV=production')).toEqual(['2 ENV API_KEY'])
    expect(secrets('FROM a:1\nARG NPM_TOKEN\nRUN npm ci')).toEqual(['2 ARG NPM_TOKEN'])
    expect(secrets('FROM a:1\nARG DB_PASSWORD\nENV DB_PASSWORD=$DB_PASSWORD')).toEqual(['3 ENV DB_PASSWORD'])
    expect(secrets('FROM a:1\nCOPY .env .')).toEqual(['2 COPY .env'])
    expect(secrets('FROM a:1\nCOPY .env.example .env')).toEqual([])
    expect(secrets('FROM a:1 AS build\nARG NPM_TOKEN\nRUN npm ci\nFROM b:1\nCOPY --from=build /a /a')).toEqual([])
    expect(
      secrets(
        'FROM a:1\nENV SECRET_KEY_BASE=dummy NEXT_PUBLIC_API_KEY=x SECRET_KEY_BASE_DUMMY=1 DATABASE_URL=postgres://localhost/x',
      ),
    ).toEqual([])
  })

  it('knows who the container runs as', () => {
    expect(judge('FROM a:1\nUSER app:app').user).toBe('app')
    expect(judge('FROM a:1\nUSER app\nUSER root').user).toBeNull()
    expect(judge('FROM a:1 AS b\nUSER 1000\nFROM b').user).toBe('1000')
    expect(judge('FROM nginx:1.29').stepsDown).toBe(true)
    expect(judge('FROM cgr.dev/chainguard/node:24').stepsDown).toBe(true)
    expect(judge('FROM node:24\nENTRYPOINT ["gosu", "app", "node"]').stepsDown).toBe(true)
    expect(judge('FROM node:24').stepsDown).toBe(false)
    expect(judge('FROM a:1\nHEALTHCHECK NONE').healthcheck).toBe(false)
  })

  it('.dockerignore: the last rule that matches decides', () => {
    const ignored = (rules: string, path: string) => isDockerignored(parseDockerignore(rules), path)
    expect(ignored('.env*\n!.env.example', '.env')).toBe(true)
    expect(ignored('.env*\n!.env.example', '.env.example')).toBe(false)
    expect(ignored('# .env', '.env')).toBe(false)
    expect(ignored('**/.env', 'api/.env')).toBe(true)
    expect(ignored('node_modules', 'node_modules/a')).toBe(true)
    expect(ignored('*', 'a/b')).toBe(true)
    expect(ignored('[', '.env')).toBe(false)
  })

  it('Procfile', () => {
    expect(parseProcfile('# a\nweb: node server.js\nrelease:  npm run migrate\nnot a process\n')).toEqual([
      { name: 'web', command: 'node server.js', line: 2 },
      { name: 'release', command: 'npm run migrate', line: 3 },
    ])
  })
})
