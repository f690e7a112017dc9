// The server does not list its files to strangers.
import { defineCheck, high, pass, skip, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, setting } from '../../core/fixes.ts'

type Data = { host: string; path: string; count: number; paths: string[] }

const refuse = ({ host, paths }: Data): Fix =>
  fix(
    `Let ${host} answer 403 or 404 where a directory has no page`,
    paths.map(path => setting('web-server', `${host}${path}`, { status: 403 })),
    [
      'In nginx: autoindex off; in Apache: Options -Indexes; in IIS: directoryBrowse enabled="false"; in a bucket: take the permission to list away from everyone.',
      'Look through what was listed for files that nobody should have, and move them out of the public directory.',
    ],
  )

export default defineCheck<Data>()({
  id: 'directory-listing',
  stage: 'audit',
  on: 'host',
  title: 'The server does not list its files',
  why: 'A web server that lists a directory shows backups, invoices and uploads that no page links to. The directories of the front page’s files and five usual ones are asked for; only a server’s own list, by its form, is a finding.',
  impact: { journey: 'data', owner: 'Anyone can browse the files on your server, those of your customers among them.' },
  needs: ['directories'],
  signals: ['data-exposed'],
  outcomes: {
    listed: high('{host} lists its files to everybody (places: {count})', refuse),
    off: pass('{host} does not list its files'),
  },
  references: [
    'https://nginx.org/en/docs/http/ngx_http_autoindex_module.html',
    'https://httpd.apache.org/docs/2.4/mod/core.html#options',
    'https://cwe.mitre.org/data/definitions/548.html',
  ],
  judge: ({ directories: { asked, listed, unanswered } }, { subject: { name: host } }) => {
    const paths = listed.map(item => item.path)
    const data: Data = { host, path: paths[0] ?? '', count: paths.length, paths }
    if (listed.length) {
      const evidence = listed
        .slice(0, 5)
        .map(({ path, names }) => textEvidence(path, names.join(', ') || 'an empty list'))
      return { outcome: 'listed', data, evidence }
    }
    if (asked.length === 0) return skip(`${host} leads to another host and serves no files`)
    const [failed] = unanswered
    if (failed) return unknown(`${failed.path}: ${failed.message}`, 'high')
    return { outcome: 'off', data, evidence: [textEvidence('asked for', asked.join(', '))] }
  },
  examples: [
    { name: 'no list', facts: {}, expect: 'off' },
    {
      name: 'uploads are listed',
      facts: { directories: { listed: [{ path: '/uploads/', names: ['invoice-1.pdf', 'invoice-2.pdf'] }] } },
      expect: 'listed',
    },
    { name: 'leads elsewhere', facts: { directories: { asked: [] } }, expect: 'skip' },
    {
      name: 'one did not answer',
      facts: { directories: { unanswered: [{ path: '/uploads/', message: 'no answer' }] } },
      expect: 'unknown',
    },
  ],
})
