// Cloudflare encrypts the way to the origin too, and checks its certificate.
import { defineCheck, skip, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { zone: string; now: string; outside?: boolean }

const fix = (data: Data): Fix => ({
  summary: 'Set encryption at Cloudflare to Full (strict)',
  steps: [
    'First give the origin a valid certificate (its hosting’s own, or one of Cloudflare’s origin certificates).',
    'Then: SSL/TLS, Overview, Full (strict).',
  ],
  changes: [
    data.outside
      ? { kind: 'manual', step: `Set encryption of ${data.zone} at Cloudflare to Full (strict).` }
      : { kind: 'setting', provider: 'cloudflare', path: 'ssl', value: 'strict', was: data.now },
  ],
  effortMinutes: 20,
})

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
    off: { status: 'fail', severity: 'blocker', title: 'Cloudflare serves the site without encryption', fix },
    flexible: { status: 'fail', severity: 'blocker', title: 'Cloudflare talks to your server without encryption', fix },
    'full-not-strict': {
      status: 'fail',
      severity: 'medium',
      title: 'Cloudflare does not check who your server is',
      fix,
    },
    strict: { status: 'pass', title: 'Cloudflare checks the origin’s certificate' },
  },
  references: ['https://developers.cloudflare.com/ssl/origin-configuration/ssl-modes/'],
  judge: ({ cloudflareZone, cloudflareOutside }, { subject }) => {
    const outside = cloudflareOutside.ok ? cloudflareOutside.value : null
    if (!cloudflareZone.ok) {
      if (outside?.loops.length)
        return {
          outcome: 'flexible',
          data: { zone: subject.name, now: 'flexible', outside: true },
          evidence: outside.loops.map(host => ({
            label: `https://${host}/`,
            value: 'behind Cloudflare, redirects to itself for ever (seen from outside)',
          })),
        }
      if (outside && outside.behind.length === 0 && !outside.nameServers)
        return skip('the domain is not behind Cloudflare')
      if (cloudflareZone.because)
        return skip('needs a Cloudflare token (cloudflare.token) to tell; from outside nothing shows a fault')
      return unknown(cloudflareZone.message, 'blocker')
    }
    const mode = cloudflareZone.value.settings['ssl']
    if (!mode?.seen)
      return unknown(
        `${mode?.message ?? 'the setting was not read'}${mode?.permission ? `; the token needs ${mode.permission}` : ''}`,
        'blocker',
      )
    const data = { zone: cloudflareZone.value.name, now: mode.value }
    const evidence = [{ label: 'Cloudflare API, setting ssl', value: mode.value }]
    const outcome =
      mode.value === 'off'
        ? 'off'
        : mode.value === 'flexible'
          ? 'flexible'
          : mode.value === 'full'
            ? 'full-not-strict'
            : ['strict', 'origin_pull'].includes(mode.value)
              ? 'strict'
              : null
    return outcome
      ? { outcome, data, evidence }
      : unknown(`Cloudflare reports an encryption mode that is new to us: ${mode.value}`, 'blocker')
  },
  examples: ['off', 'flexible', 'full', 'strict'].map(mode => ({
    name: `mode ${mode}`,
    facts: { cloudflareZone: { ok: true as const, at: '2026-11-25T00:00:00Z', value: zoneWithMode(mode) } },
    expect: mode === 'full' ? ('full-not-strict' as const) : (mode as 'off' | 'flexible' | 'strict'),
  })),
})

/** A zone of which only the encryption mode matters, for the examples. */
function zoneWithMode(mode: string) {
  const unseen = { seen: false as const, reason: 'absent' as const, permission: null, message: '' }
  return {
    id: 'a',
    name: 'example.com',
    plan: 'free website',
    status: 'active',
    permissions: [],
    settings: { ssl: { seen: true as const, value: mode } },
    records: unseen,
    dnssec: unseen,
    phases: {},
    botFightMode: unseen,
    universalCertificate: unseen,
    pageRules: unseen,
  }
}
