// Text is compressed on its way, by a coding that today's browsers take.
import { defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { codings } from '../../facts/http/delivery.example.ts'
import type { Delivered } from '../../facts/http/delivery.ts'
import { bytesInWords, codingOf, isCompressible } from '../../formats/http/compressed.ts'
import { headerValue } from '../../formats/http/headers.ts'
import { addBrotli, compress, type Uncompressed } from './delivery-fixes.ts'

const seen = (answer: Delivered) =>
  httpEvidence(
    answer.url,
    `${headerValue(answer, 'content-encoding') ?? 'not compressed'}, ${bytesInWords(answer.encodedBytes)} sent, ${bytesInWords(answer.decodedBytes)} of text`,
    { header: 'content-encoding' },
  )

export default defineCheck<Uncompressed>()({
  id: 'compression',
  stage: 'perf',
  on: 'host',
  title: 'Text is compressed on its way',
  why: 'Pages, scripts and styles shrink to a quarter when they are compressed (RFC 9110 §8.4); Brotli and Zstandard save another fifth against gzip. Asked for with `Accept-Encoding: gzip, deflate, br, zstd`; answers under 1.4 kB and files that are compressed already are left out.',
  impact: { journey: 'visit', owner: 'Visitors wait for more bytes than they would have to, longest on a phone.' },
  needs: ['delivery'],
  outcomes: {
    off: medium('{host} sends {what} uncompressed', compress),
    'html-only': medium('{host} compresses pages alone, not scripts and styles', compress),
    'no-brotli': low('{host} could send {saved} less with Brotli than with gzip', addBrotli),
    on: pass('{host} compresses its text'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-8.4',
    'https://web.dev/articles/reduce-network-payloads-using-text-compression',
  ],
  judge: ({ delivery }, { subject: { name: host } }) => {
    const pages = delivery.pages.filter(isCompressible)
    const files = delivery.files.filter(isCompressible)
    if (pages.length + files.length === 0) return skip(`${host} sends no text that compression would help`)
    const bare = (answers: readonly Delivered[]) => answers.filter(answer => codingOf(answer) === 'none')
    const [barePages, bareFiles] = [bare(pages), bare(files)]
    const saved = [...barePages, ...bareFiles].reduce((sum, { decodedBytes }) => sum + decodedBytes * 0.7, 0)
    const data = { host, what: 'text', saved: bytesInWords(Math.round(saved)) }
    if (
      barePages.length < pages.length &&
      barePages.length === 0 &&
      bareFiles.length === files.length &&
      files.length > 0
    )
      return {
        outcome: 'html-only',
        data: { ...data, what: 'scripts and styles' },
        evidence: bareFiles.slice(0, 6).map(seen),
      }
    if (barePages.length + bareFiles.length > 0) {
      const what = barePages.length === 0 ? 'some files' : bareFiles.length === 0 && files.length > 0 ? 'pages' : 'text'
      return { outcome: 'off', data: { ...data, what }, evidence: [...barePages, ...bareFiles].slice(0, 6).map(seen) }
    }
    const old = [...pages, ...files].filter(answer => codingOf(answer) === 'old')
    if (old.length < pages.length + files.length)
      return { outcome: 'on', data, evidence: [...pages, ...files].slice(0, 4).map(seen) }
    const less = Math.round(old.reduce((sum, { encodedBytes }) => sum + encodedBytes * 0.15, 0))
    return { outcome: 'no-brotli', data: { ...data, saved: bytesInWords(less) }, evidence: old.slice(0, 6).map(seen) }
  },
  examples: [
    { name: 'Brotli', facts: {}, expect: 'on' },
    { name: 'nothing', facts: { delivery: codings('', '') }, expect: 'off' },
    { name: 'the page alone', facts: { delivery: codings('gzip', '') }, expect: 'html-only' },
    { name: 'gzip', facts: { delivery: codings('gzip', 'gzip') }, expect: 'no-brotli' },
    { name: 'Zstandard', facts: { delivery: codings('zstd', 'gzip') }, expect: 'on' },
    { name: 'nothing to compress', facts: { delivery: { pages: [], files: [] } }, expect: 'skip' },
  ],
})
