// Values of a Kubernetes Secret, which stand there in base64: no cipher, only another spelling.

/** `index` and `length` bound the encoded value in the text. */
export type EncodedValue = { name: string; encoded: string; decoded: string; index: number; length: number }

const isSecret = /^kind:\s*["']?Secret\b/m

/** Whether a text is the manifest of a Secret. Most texts do not even have the word, which is found faster. */
export const holdsSecret = (text: string): boolean => text.includes('kind:') && isSecret.test(text)

export const encodedValues = function* (text: string): Generator<EncodedValue> {
  for (const match of text.matchAll(
    /^[ \t]+["']?([\w.-]{1,100})["']?:[ \t]*["']?([A-Za-z0-9+/]{8,16000}={0,2})["']?[ \t]*\r?$/gm,
  )) {
    const [whole, name, encoded] = match as unknown as [string, string, string]
    if (encoded.length % 4 !== 0) continue
    const decoded = Buffer.from(encoded, 'base64').toString('utf8')
    if (/[^\t\n\r\x20-\x7e]/.test(decoded)) continue
    yield {
      name,
      encoded,
      decoded: decoded.trim(),
      index: match.index + whole.indexOf(encoded),
      length: encoded.length,
    }
  }
}
