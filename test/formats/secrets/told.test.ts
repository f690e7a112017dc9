import { describe, expect, it } from 'vitest'
import { scanText } from '../../../src/formats/secrets/scan.ts'
import { makeUp, makeUpJwt } from '../../support/made-up-secrets.ts'

const told = (path: string, text: string): string[] =>
  scanText(text, { path, where: 'repo' }).map(one => `${one.rule} ${one.class} ${one.confidence}`)

describe('what looks like a secret', () => {
  const refresh = makeUp('1//0{A72}', 4)
  it('is none amid the Base64 of a picture', () => {
    const picture = `${makeUp('{A400}', 5)}${refresh}${makeUp('{A90}', 6)}`
    const live = told('src/mail.ts', `const token = '${refresh}'\n`)
    expect(live).toHaveLength(1)
    expect(live[0]).toContain(' live ')
    expect(
      told('web/icon.svg', `<image href="data:image/png;base64,${picture}"/>\n`).filter(one => one.includes('live')),
    ).toEqual([])
  })

  it('is one behind words, whatever their number, and on a line of its own', () => {
    const words =
      'here is what opens the mail of our customers and nobody else may ever see it so keep it to yourself please '
    for (const before of [`// ${words.repeat(2)}`, `${makeUp('{A90}', 6)}\n`])
      expect(told('src/mail.ts', `${before}${refresh}\n`).filter(one => one.includes(' live '))).toHaveLength(1)
  })

  it('is an example where its Base64 is text', () => {
    const signing = (body: string) => `HOOK_SECRETS: "v1,whsec_${Buffer.from(body, 'latin1').toString('base64')}"\n`
    expect(told('compose.yml', signing('This is how a secret looks here'))).not.toContainEqual(
      expect.stringContaining('live'),
    )
    expect(told('compose.yml', `HOOK_SECRETS: "v1,whsec_${makeUp('{A43}', 8)}="\n`)).toContainEqual(
      expect.stringContaining('live'),
    )
  })

  it('is made for browsers where it is a signed token in a page', () => {
    const token = makeUpJwt({ acc_id: 5381, app_id: 10619 })
    expect(told('views/stories.blade.php', `<script>stories.init({ token: "${token}" })</script>\n`)).toEqual([
      'signed-token live possible',
    ])
    expect(told('src/stories.ts', `stories.init({ token: "${token}" })\n`)).toEqual(['signed-token live likely'])
  })

  it('is to be filled in where it says in words what it is', () => {
    expect(told('.env.production', 'SMTP_PASSWORD=16-digit-app-password\n')).not.toContainEqual(
      expect.stringContaining('live'),
    )
    expect(told('.env.production', `SMTP_PASSWORD=${makeUp('Qv{d3}!{A9}', 22)}\n`)).toContainEqual(
      expect.stringContaining('live'),
    )
  })

  it('is of a laptop where no hosted project bears its name', () => {
    const key = (ref: string) =>
      `const key = '${makeUpJwt({ iss: 'supabase', ref, role: 'service_role', iat: 1, exp: 4e9 })}'\n`
    expect(told('scripts/fill.ts', key('StudentManager'))).toEqual(['supabase-service-role live possible'])
    expect(told('scripts/fill.ts', key('abcdefghijklmnopqrst'))).toEqual(['supabase-service-role live certain'])
  })
})
