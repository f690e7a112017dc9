// Cloudflare encrypts the way to the origin too, and checks its certificate.
import { blocker, couldNotSee, defineCheck, medium, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { notApplicable } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual, setting } from '../../core/fixes.ts'
import { withSetting } from '../../facts/cloudflare/cloudflare-zone.example.ts'

type Data = { zone: string; now: string; outside?: boolean }

const strict = ({ zone, now, outside }: Data): Fix =>
  fix(
    'Set encryption at Cloudflare to Full (strict)',
    [
      outside
        ? manual(`Set encryption of ${zone} at Cloudflare to Full (strict).`)
        : setting('cloudflare', 'ssl', 'strict', now),
    ],
    [
      'First give the origin a valid certificate (its hosting’s own, or one of Cloudflare’s origin certificates).',
      'Then: SSL/TLS, Overview, Full (strict).',
    ],
    20,
  )

/** The setting `ssl` of the API → outcome. */
const outcomeOfMode = {
  off: 'off',
  flexible: 'flexible',
  full: 'full-not-strict',
  strict: 'strict',
  origin_pull: 'strict',
} as const

const isMode = (mode: string): mode is keyof typeof outcomeOfMode => Object.hasOwn(outcomeOfMode, mode)

export default defineCheck<Data>()({
  id: 'cloudflare-ssl',
  stage: 'dns',
  on: 'domain',
  title: 'Cloudflare checks the origin’s certificate',
  why: 'Between Cloudflare and the origin the connection can be unencrypted (Off, Flexible), encrypted but unchecked (Full), or checked (Full, strict). The padlock looks the same in all of them. Read from the API where a token is given; from outside, a host that redirects to itself for ever shows Flexible.',
  impact: {
    journey: 'trust',
    owner: 'Passwords and cards travel unprotected on a part of their way although the padlock shows.',
  },
  needs: [],
  wants: ['cloudflareZone', 'cloudflareOutside'],
  signals: { 'certificate-warnings': ['flexible', 'off'] },
  outcomes: {
    off: blocker('Cloudflare serves the site without encryption', strict, {
      why: 'Passwords and cards can be read on the whole way.',
    }),
    flexible: blocker('Cloudflare talks to your server without encryption', strict),
    'full-not-strict': medium('Cloudflare does not check who your server is', strict, {
      why: 'Somebody between Cloudflare and your server could pose as it and read everything.',
    }),
    strict: pass('Cloudflare checks the origin’s certificate'),
  },
  references: ['https://developers.cloudflare.com/ssl/origin-configuration/ssl-modes/'],
  judge: ({ cloudflareZone, cloudflareOutside }, { subject }) => {
    const outside = cloudflareOutside.ok ? cloudflareOutside.value : null
    if (!cloudflareZone.ok) {
      if (outside?.loops.length)
        return {
          outcome: 'flexible',
          data: { zone: subject.name, now: 'flexible', outside: true },
          evidence: outside.loops.map(host =>
            httpEvidence(`https://${host}/`, 'behind Cloudflare, redirects to itself for ever (seen from outside)'),
          ),
        }
      if (outside && outside.behind.length === 0 && !outside.nameServers)
        return skip('the domain is not behind Cloudflare')
      if (cloudflareZone.because)
        return skip('needs a Cloudflare token (cloudflare.token) to tell; from outside nothing shows a fault')
      return couldNotSee(cloudflareZone, 'blocker')
    }
    const part = cloudflareZone.value.settings['ssl']
    if (!part?.seen) {
      const needed = part?.permission ? `; the token needs ${part.permission}` : ''
      return unknown(`${part?.message ?? 'the setting was not read'}${needed}`, 'blocker')
    }
    const mode = part.value
    if (!isMode(mode)) return unknown(`Cloudflare reports an encryption mode that is new to us: ${mode}`, 'blocker')
    return {
      outcome: outcomeOfMode[mode],
      data: { zone: cloudflareZone.value.name, now: mode },
      evidence: [textEvidence('Cloudflare API, setting ssl', mode)],
    }
  },
  examples: [
    { name: 'mode strict', facts: {}, expect: 'strict' },
    { name: 'mode off', facts: { cloudflareZone: withSetting('ssl', 'off') }, expect: 'off' },
    { name: 'mode flexible', facts: { cloudflareZone: withSetting('ssl', 'flexible') }, expect: 'flexible' },
    { name: 'mode full', facts: { cloudflareZone: withSetting('ssl', 'full') }, expect: 'full-not-strict' },
    {
      name: 'no token, and nothing shows a fault',
      facts: { cloudflareZone: notApplicable('no token') },
      expect: 'skip',
    },
  ],
})
