// Pictures are sent in the size and the form in which a phone needs them.
import { defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { photo, speed } from '../../facts/browser/page-speed.example.ts'
import { bytesInWords } from '../../formats/http/compressed.ts'
import { isLegacy, type PageImage, wastedBytes } from '../../formats/perf/page-runs.ts'
import { routeName } from '../audit/served-page.ts'
import { newFormat, type Pictures, sizePictures, smallerPictures } from './page-fixes.ts'

/** Bytes that are worth a word. */
const worth = { wasted: 50_000, legacy: 50_000 }

const seen = ({ url, natural, shown, bytes }: PageImage) =>
  httpEvidence(url, `${natural.join(' × ')} pixels, ${bytesInWords(bytes)}, shown at ${shown.join(' × ')}`)

const sum = (images: readonly PageImage[], of: (image: PageImage) => number): number =>
  images.reduce((total, image) => total + of(image), 0)

export default defineCheck<Pictures>()({
  id: 'images',
  stage: 'perf',
  on: 'route',
  measured: true,
  title: 'Pictures fit the place where they are shown',
  why: 'Opened as a phone: each picture’s own pixels beside those of its place at the screen’s density, its bytes on the wire, and whether its place is kept before it is there. Vector pictures and small ones are left out.',
  impact: {
    journey: 'visit',
    owner: 'Visitors wait for picture data that makes nothing sharper, and on a phone they pay for it.',
  },
  needs: ['pageSpeed'],
  outcomes: {
    oversized: medium('Pictures on {page} weigh {wasted} more than they have to', smallerPictures),
    'legacy-format': low('{count} on {page} would be smaller as WebP', newFormat),
    'no-dimensions': low('{count} on {page} without a size: text moves when it comes', sizePictures, {
      why: 'What people read or want to tap moves away when the picture arrives.',
    }),
    lean: pass('The pictures of {page} fit their places'),
  },
  references: [
    'https://web.dev/articles/serve-responsive-images',
    'https://web.dev/articles/optimize-cls#images-without-dimensions',
  ],
  judge: ({ pageSpeed: { median } }, { subject }) => {
    const images = median.images.filter(({ url }) => !/\.svg$/i.test(url))
    if (images.length === 0) return skip('it shows no pictures')
    const wasted = (image: PageImage): number => wastedBytes(image, median.ratio)
    const large = images.filter(image => wasted(image) > 10_000).sort((a, b) => wasted(b) - wasted(a))
    const old = images.filter(isLegacy)
    const unsized = images.filter(({ sized, shown }) => !sized && shown[0] > 1)
    const about = (list: readonly PageImage[]): Pictures => ({
      page: `the ${routeName(subject)} page`,
      wasted: bytesInWords(sum(list, wasted)),
      count: list.length === 1 ? 'A picture' : `${list.length} pictures`,
      first: list[0]?.url ?? images[0]!.url,
    })
    const outcome = <K extends string>(key: K, list: readonly PageImage[]) => ({
      outcome: key,
      data: about(list),
      evidence: list.slice(0, 6).map(seen),
    })
    const found = [
      ...(sum(large, wasted) > worth.wasted ? [outcome('oversized', large)] : []),
      ...(sum(old, ({ bytes }) => bytes) > worth.legacy ? [outcome('legacy-format', old)] : []),
      ...(unsized.length ? [outcome('no-dimensions', unsized)] : []),
    ]
    return found.length ? found : outcome('lean', images)
  },
  examples: [
    { name: 'a photo that fits', facts: { pageSpeed: speed({ images: [photo()] }) }, expect: 'lean' },
    {
      name: 'far too large',
      facts: { pageSpeed: speed({ images: [photo({ natural: [3000, 2000], bytes: 600_000 })] }) },
      expect: 'oversized',
    },
    {
      name: 'a large photograph',
      facts: { pageSpeed: speed({ images: [photo({ url: 'https://example.com/team.jpg', bytes: 90_000 })] }) },
      expect: 'legacy-format',
    },
    {
      name: 'no place kept',
      facts: { pageSpeed: speed({ images: [photo({ sized: false })] }) },
      expect: 'no-dimensions',
    },
    { name: 'no pictures', facts: {}, expect: 'skip' },
  ],
})
