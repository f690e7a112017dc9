import { describe, expect, it } from 'vitest'
import { pinsOfBases, readPins } from '../../../src/formats/repo/version-pins.ts'

describe('what hosts of functions and programs run', () => {
  it.each([
    ['app.yaml', 'runtime: python38\n', 'python', '3.8', 1],
    ['app.yaml', 'runtime: nodejs16\n', 'node', '16', 1],
    ['serverless.yml', 'provider:\n  name: aws\n  runtime: nodejs18.x\n', 'node', '18', 3],
    ['api/template.yaml', 'Resources:\n  Web:\n    Properties:\n      Runtime: python3.9\n', 'python', '3.9', 4],
    ['infra/functions.tf', 'resource "aws_lambda_function" "web" {\n  runtime = "ruby2.7"\n}\n', 'ruby', '2.7', 2],
    ['firebase.json', '{ "functions": { "runtime": "nodejs18" } }', 'node', '18', 1],
  ])('%s: %j', (file, text, runtime, version, line) =>
    expect(readPins(file, text)).toMatchObject([{ runtime, values: [version], line, role: 'pin' }]),
  )

  it('says nothing of a comment or of another runtime', () => {
    expect(readPins('serverless.yml', '# runtime: nodejs16.x\nprovider: { runtime: provided.al2023 }\n')).toEqual([])
  })
})

describe('Node.js of a stage', () => {
  const bases = [{ line: 1, base: 'node:18-slim' }]
  it.each([
    ['only builds before pages', 'nginx:1.27', false, 'pipeline'],
    ['only builds before another language', 'acme/our-python-base:3.13', false, 'pipeline'],
    ['runs where it is put there', 'python:3.13', true, 'image'],
    ['runs in its own', 'node:18-slim', false, 'image'],
    ['runs in a base of which nobody knows', 'registry.acme.example/base', false, 'image'],
  ])('%s', (_name, under, hasNode, role) =>
    expect(pinsOfBases('Dockerfile', bases, { under, hasNode })).toMatchObject([{ values: ['18'], role }]),
  )

  it('is named by distroless too', () => {
    const under = 'gcr.io/distroless/nodejs18-debian12:nonroot'
    const found = pinsOfBases('Dockerfile', [{ line: 4, base: under }], { under, hasNode: false })
    expect(found).toMatchObject([{ runtime: 'node', values: ['18'], role: 'image' }])
  })
})
