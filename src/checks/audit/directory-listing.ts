// The server does not list its files to strangers.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { host: string; path: string; count: number; paths: string[] }

const fix = (data: Data): Fix => ({
  summary: `Let ${data.host} answer 403 or 404 where a directory has no page`,
  steps: [
    'In nginx: autoindex off; in Apache: Options -Indexes; in IIS: directoryBrowse enabled="false"; in a bucket: take the permission to list away from everyone.',
    'Look through what was listed for files that nobody should have, and move them out of the public directory.',
  ],
  changes: data.paths.map(path => ({
    kind: 'setting' as const,
    provider: 'web-server',
    path: `${data.host}${path}`,
    value: { status: 403 },
  })),
  effortMinutes: 15,
})

const seen = (...listed: { path: string; names: string[] }[]) => ({
  asked: ['/assets/', '/uploads/'],
  listed,
  unanswered: [],
})

export default defineCheck<Data>()({
  id: 'directory-listing',
  stage: 'audit',
  on: 'host',
  title: 'The server does not list its files',
  why: 'A web server that lists a directory shows backups, invoices and uploads that no page links to. The directories of the front page’s files and five usual ones are asked for; only a server’s own list, by its form, is a finding.',
  impact: { journey: 'data', owner: 'Anyone can browse the files on your server, those of your customers among them.' },
  needs: ['directories'],
  outcomes: {
    listed: { status: 'fail', severity: 'high', title: '{host} lists its files to everybody (places: {count})', fix },
    off: { status: 'pass', title: '{host} does not list its files' },
  },
  references: [
    'https://nginx.org/en/docs/http/ngx_http_autoindex_module.html',
    'https://httpd.apache.org/docs/2.4/mod/core.html#options',
    'https://cwe.mitre.org/data/definitions/548.html',
  ],
  judge: ({ directories }, { subject }) => {
    const { asked, listed, unanswered } = directories
    const paths = listed.map(item => item.path)
    const data: Data = { host: subject.name, path: paths[0] ?? '', count: paths.length, paths }
    if (listed.length)
      return {
        outcome: 'listed',
        data,
        evidence: listed
          .slice(0, 5)
          .map(({ path, names }) => ({ label: path, value: names.join(', ') || 'an empty list' })),
      }
    if (asked.length === 0) return { skip: `${subject.name} leads to another host and serves no files` }
    const failed = unanswered[0]
    if (failed) return { unknown: `${failed.path}: ${failed.message}`, couldBe: 'high' }
    return { outcome: 'off', data, evidence: [{ label: 'asked for', value: asked.join(', ') }] }
  },
  examples: [
    { name: 'no list', facts: { directories: seen() }, expect: 'off' },
    {
      name: 'uploads are listed',
      facts: { directories: seen({ path: '/uploads/', names: ['invoice-1.pdf', 'invoice-2.pdf'] }) },
      expect: 'listed',
    },
    { name: 'leads elsewhere', facts: { directories: { asked: [], listed: [], unanswered: [] } }, expect: 'skip' },
    {
      name: 'one did not answer',
      facts: { directories: { ...seen(), unanswered: [{ path: '/uploads/', message: 'no answer' }] } },
      expect: 'unknown',
    },
  ],
})
