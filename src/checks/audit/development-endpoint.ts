// The pages call no address of a developer's machine.
import { defineCheck } from '../../core/check.ts'
import type { BundleEndpoint } from '../../facts/http/bundles.ts'
import { bundles, isStagingHost, notRead, readEvidence } from './bundle-examples.ts'

type Data = { host: string; endpoint: string; url: string; count: number; urls: string[] }

const words: Record<BundleEndpoint['kind'], string> = {
  local: 'exists on the developer’s machine alone',
  private: 'is inside a private network',
  tunnel: 'is a tunnel to somebody’s machine',
  preview: 'is a preview deployment',
  'plain-http': 'is asked without encryption, which browsers block',
}

const endpoint = (given: Partial<BundleEndpoint> = {}): BundleEndpoint => ({
  endpoint: 'http://localhost:3000',
  kind: 'local',
  by: 'setting',
  url: 'https://example.com/assets/app.js',
  ...given,
})

export default defineCheck<Data>()({
  id: 'development-endpoint',
  stage: 'audit',
  on: 'host',
  title: 'The pages call no address of a developer’s machine',
  why: 'An address like http://localhost:3000, a tunnel or a preview deployment gets into production when a variable is not set in the build. It works for the developer and for nobody else. Only literals that are called, or that are the one value of a setting, count; defaults inside libraries do not.',
  impact: { journey: 'signup', owner: 'Forms and buttons work on your machine and fail for every customer.' },
  needs: ['bundles'],
  signals: ['signup-unreliable'],
  outcomes: {
    present: {
      status: 'fail',
      severity: 'blocker',
      title: 'Customers cannot reach {endpoint}',
      fix: data => ({
        summary: 'Build with the address of the production server',
        steps: [
          `Find where the source names ${data.endpoint}; it is mostly the fallback for an environment variable that the build did not get.`,
          'Set that variable in the production environment of the platform that builds the site, and make the build fail when it is missing.',
          'Deploy anew, then sign up once from a phone on a mobile network.',
        ],
        changes: data.urls.map(url => ({
          kind: 'manual' as const,
          step: `Replace ${data.endpoint} in ${url} by the address of the production server and build again.`,
        })),
        effortMinutes: 30,
      }),
    },
    none: { status: 'pass', title: 'Pages call production addresses alone' },
  },
  references: ['https://vite.dev/guide/env-and-mode', 'https://nextjs.org/docs/app/guides/environment-variables'],
  judge: ({ bundles: seen }, { subject }) => {
    if (isStagingHost(subject.name)) return { skip: 'a host made for trying things out' }
    const found = [...new Set(seen.endpoints.map(item => item.endpoint))].sort().slice(0, 10)
    if (found.length)
      return found.map(name => {
        const used = seen.endpoints.filter(item => item.endpoint === name)
        return {
          outcome: 'present' as const,
          data: {
            host: subject.name,
            endpoint: name.length > 46 ? `${name.slice(0, 45)}…` : name,
            url: used[0]!.url,
            count: used.length,
            urls: used.slice(0, 5).map(item => item.url),
          },
          evidence: used.slice(0, 5).map(item => ({ label: item.url, value: `${name} ${words[item.kind]}` })),
          key: name,
        }
      })
    return (
      notRead(seen, 'blocker') ?? {
        outcome: 'none',
        data: { host: subject.name, endpoint: '', url: '', count: 0, urls: [] },
        evidence: readEvidence(seen),
      }
    )
  },
  examples: [
    { name: 'none', facts: { bundles: bundles() }, expect: 'none' },
    { name: 'the developer’s machine', facts: { bundles: bundles({ endpoints: [endpoint()] }) }, expect: 'present' },
    {
      name: 'a tunnel with a long name',
      facts: {
        bundles: bundles({
          endpoints: [endpoint({ endpoint: 'https://a1b2-203-0-113-7.eu.ngrok-free.app', kind: 'tunnel', by: 'call' })],
        }),
      },
      expect: 'present',
    },
    {
      name: 'a staging host',
      subject: { kind: 'host', name: 'app.staging.example.com' },
      facts: { bundles: bundles({ endpoints: [endpoint({ kind: 'preview' })] }) },
      expect: 'skip',
    },
    {
      name: 'a script that gave no answer',
      facts: { bundles: bundles({ unread: [{ url: 'https://example.com/app.js', message: 'no answer' }] }) },
      expect: 'unknown',
    },
  ],
})
