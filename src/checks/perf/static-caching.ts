// Scripts, styles, fonts and images are kept by the browser, and a new version reaches everybody.
import { defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { fileSending, plainName } from '../../facts/http/delivery.example.ts'
import type { StaticFile } from '../../facts/http/delivery.ts'
import { cachingOf, hasValidator, spanInWords } from '../../formats/http/cache-control.ts'
import { namingOf, type StaticFault, staticFaults } from '../../formats/http/static-file.ts'
import {
  type AboutFiles,
  answer304,
  keepHashed,
  keepPlain,
  sendValidator,
  sendVary,
  takeBackImmutable,
} from './delivery-fixes.ts'

type Fault = StaticFault | 'validator-ignored'

/** A 200 to a request that names the version of the file at hand; a hash in the name makes the question needless. */
const ignoresValidator = ({ url, conditional, headers }: StaticFile): boolean =>
  conditional?.status === 200 && hasValidator({ headers }) && namingOf(url) !== 'hashed'

const faultsOf = (file: StaticFile): Fault[] => [
  ...staticFaults(file.url, file),
  ...(ignoresValidator(file) ? (['validator-ignored'] as const) : []),
]

const keep = (data: AboutFiles) => (namingOf(data.file) === 'plain' ? keepPlain(data) : keepHashed(data))

const seen = (file: StaticFile, fault: Fault) => {
  if (fault === 'validator-ignored')
    return httpEvidence(file.url, 'asked with its own ETag or date, it is sent whole (status 200)')
  if (fault === 'no-vary') return httpEvidence(file.url, 'Content-Encoding without Vary: Accept-Encoding')
  const { written } = cachingOf(file)
  const validator = hasValidator(file) ? '' : '; no ETag, no Last-Modified'
  return httpEvidence(file.url, `${written || 'no Cache-Control'}${validator}`, { header: 'cache-control' })
}

const month = ['cache-control', 'public, max-age=3600'] as [string, string]

export default defineCheck<AboutFiles>()({
  id: 'static-caching',
  stage: 'perf',
  on: 'host',
  title: 'Browsers keep static files, and new versions reach them',
  why: 'A file whose name changes with its content may be kept for a year; one whose name stays must be asked for again, which an ETag makes cheap (RFC 9111 §4.3). Judged over real answers, also to a conditional request; three scripts, two styles, two images and a font stand for the rest.',
  impact: {
    journey: 'visit',
    owner: 'Returning visitors wait for files that they have already.',
  },
  needs: ['delivery'],
  outcomes: {
    'not-cached': medium('{count} of {host}: downloaded anew at every visit', keep),
    'unhashed-immutable': medium('{count} of {host}: kept for good, bugs included', takeBackImmutable, {
      why: 'Whoever was here before keeps this version, with its faults, whatever you deploy.',
    }),
    'no-vary': medium('{count} of {host} compressed without saying so to caches', sendVary, {
      why: 'A cache may hand compressed bytes to a program that cannot read them, or the long form to everybody.',
    }),
    short: low('{count} of {host} could be kept a year: it is {span}', keepHashed),
    'no-validator': low('{count} of {host}: only a whole download shows a change', sendValidator),
    'validator-ignored': low('{count} of {host} sent whole although unchanged', answer304),
    cached: pass('Browsers keep the static files of {host}'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9111',
    'https://www.rfc-editor.org/rfc/rfc8246',
    'https://web.dev/articles/http-cache',
  ],
  judge: ({ delivery: { files } }, { subject: { name: host } }) => {
    if (files.length === 0) return skip(`${host} serves no page with static files of its own`)
    const order: Fault[] = ['not-cached', 'unhashed-immutable', 'no-vary', 'short', 'no-validator', 'validator-ignored']
    const found = order.flatMap(outcome => {
      const these = files.filter(file => faultsOf(file).includes(outcome))
      if (these.length === 0) return []
      const shortest = Math.min(...these.map(file => cachingOf(file).browserSeconds ?? 0))
      const count = these.length === 1 ? 'A file' : `${these.length} files`
      const bare = these.filter(file => namingOf(file.url) === 'plain' && !hasValidator(file)).map(({ url }) => url)
      const data = {
        host,
        file: these[0]!.url,
        files: these.map(({ url }) => url),
        bare,
        count,
        span: spanInWords(shortest),
      }
      return [{ outcome, data, evidence: these.slice(0, 8).map(file => seen(file, outcome)) }]
    })
    if (found.length) return found
    const urls = files.map(({ url }) => url)
    const data = { host, file: urls[0]!, files: urls, bare: [], count: `${files.length} files`, span: '' }
    return { outcome: 'cached', data, evidence: [textEvidence('looked at', urls.join(', '))] }
  },
  examples: [
    { name: 'a hash and a year', facts: {}, expect: 'cached' },
    { name: 'no header at all', facts: { delivery: fileSending([]) }, expect: 'not-cached' },
    { name: 'no-store', facts: { delivery: fileSending([['cache-control', 'no-store']]) }, expect: 'not-cached' },
    { name: 'an hour for a hashed name', facts: { delivery: fileSending([month, ['etag', '"a"']]) }, expect: 'short' },
    {
      name: 'a plain name for good',
      facts: {
        delivery: fileSending(
          [
            ['cache-control', 'max-age=31536000, immutable'],
            ['etag', '"a"'],
          ],
          plainName,
        ),
      },
      expect: 'unhashed-immutable',
    },
    { name: 'a plain name for an hour', facts: { delivery: fileSending([month], plainName) }, expect: 'no-validator' },
    {
      name: 'a plain name asked about each time',
      facts: {
        delivery: fileSending(
          [
            ['cache-control', 'no-cache'],
            ['etag', '"a"'],
          ],
          plainName,
        ),
      },
      expect: 'cached',
    },
    {
      name: 'the question is not heard',
      facts: {
        delivery: fileSending([['etag', '"a"']], {
          ...plainName,
          conditional: { status: 200, headers: [['etag', '"a"']] },
        }),
      },
      expect: 'validator-ignored',
    },
    {
      name: 'gzip without Vary',
      facts: {
        delivery: fileSending([
          ['cache-control', 'max-age=31536000'],
          ['content-encoding', 'gzip'],
        ]),
      },
      expect: 'no-vary',
    },
  ],
})
