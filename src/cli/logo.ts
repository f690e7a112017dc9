// The logo of the cover: a file beside the config or a data URI of it, read before anything is run.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../config/errors.ts'

/** What the HTML report takes, in bytes. */
const largest = 150_000

const wrongType = 'the logo must be a PNG, JPEG, SVG, WebP or GIF file.'

/** How a file of each kind begins (for WebP, where its name stands). */
const kinds: { type: string; name: string; is: (bytes: Buffer) => boolean }[] = [
  { type: 'png', name: 'PNG', is: bytes => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')) },
  { type: 'jpeg', name: 'JPEG', is: bytes => bytes[0] === 0xff && bytes[1] === 0xd8 },
  { type: 'gif', name: 'GIF', is: bytes => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6)) },
  { type: 'webp', name: 'WebP', is: bytes => bytes.toString('latin1', 8, 12) === 'WEBP' },
  { type: 'svg+xml', name: 'SVG', is: bytes => /<svg[\s>]/.test(bytes.toString('utf8')) },
]

/** A data URI for the cover. A relative path is looked for beside the config, then here. Throws UsageError. */
export const readLogo = (given: string, config: string | null, cwd: string): string => {
  const uri = /^data:image\/([a-z+]+);base64,([A-Za-z0-9+/]+={0,2})$/.exec(given)
  if (given.startsWith('data:') && !uri) throw new UsageError(`report.logo: ${wrongType}`)
  const named = uri?.[1] ?? /\.(png|jpe?g|svg|webp|gif)$/i.exec(given)?.[1]?.toLowerCase().replace(/^jpg$/, 'jpeg')
  const kind = kinds.find(({ type }) => type.replace('+xml', '') === named?.replace('+xml', ''))
  const where = uri ? 'report.logo' : given
  if (!kind) throw new UsageError(`${where}: ${wrongType}`)
  let bytes: Buffer
  if (uri) bytes = Buffer.from(uri[2]!, 'base64')
  else {
    const beside = resolve(cwd, config === null ? '.' : dirname(config), given)
    try {
      bytes = readFileSync(existsSync(beside) ? beside : resolve(cwd, given))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      throw new UsageError(
        `${where}: the logo cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}.`,
      )
    }
  }
  if (bytes.length > largest) throw new UsageError(`${where}: the logo is larger than 150 kB; a cover needs no more.`)
  if (!kind.is(bytes)) throw new UsageError(`${where}: the logo is no ${kind.name}, whatever its name.`)
  return `data:image/${kind.type};base64,${bytes.toString('base64')}`
}
