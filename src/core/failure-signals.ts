// What the owner would notice after launch, per stage, and which findings bring it about (CATALOGUE.md, "Failure signals").
import type { Finding, Report } from './report.ts'
import type { Stage } from './stage.ts'

type Signal = { stage: Stage; signal: string; checks: readonly string[]; outcomes?: readonly string[] }

const signals: readonly Signal[] = [
  {
    stage: 'audit',
    signal: 'Customers cannot sign up reliably.',
    checks: [
      'domain-resolution',
      'route-status',
      'latency-spike',
      'flow',
      'login-form',
      'mixed-content',
      'broken-links',
      'javascript-errors',
      'development-endpoint',
      'certificate',
      'placeholder-page',
    ],
  },
  {
    stage: 'audit',
    signal: 'Emails go to spam or fail.',
    checks: [
      'mx',
      'spf-record',
      'spf-lookups',
      'spf-senders',
      'spf-all',
      'spf-includes',
      'dkim-key',
      'dkim-selectors',
      'dmarc-record',
      'dmarc-alignment',
      'provider-requirements',
      'blocklist',
      'reverse-dns',
    ],
  },
  {
    stage: 'audit',
    signal: 'Every deploy needs manual fixes.',
    checks: [
      'production-build',
      'lockfile',
      'deploy-path',
      'continuous-integration',
      'runtime-version',
      'migration-step',
      'env-inventory',
    ],
  },
  {
    stage: 'dns',
    signal: 'Duplicate pages show up across domains.',
    checks: ['canonical-host', 'subdomain-conflict'],
    outcomes: ['both-serve', 'canonical-tag-disagrees', 'same-content'],
  },
  {
    stage: 'dns',
    signal: 'Visitors see certificate warnings or redirect loops.',
    checks: ['certificate', 'canonical-host', 'cloudflare-ssl', 'dnssec', 'caa', 'https-redirect'],
    outcomes: [
      'expired',
      'not-yet-valid',
      'name-mismatch',
      'self-signed',
      'untrusted',
      'incomplete-chain',
      'revoked',
      'unreachable',
      'loop',
      'chain',
      'certificate-before-redirect',
      'flexible',
      'off',
      'bogus',
      'excludes-issuer',
      'insecure-hop',
      'expires-soon',
    ],
  },
  {
    stage: 'dns',
    signal: 'Marketing links break.',
    checks: ['canonical-host', 'broken-links', 'subdomain-dangling'],
    outcomes: [
      'path-lost',
      'query-lost',
      'apex-missing',
      'www-missing',
      'internal-broken',
      'signup-or-payment-broken',
      'target-missing',
      'unclaimed',
    ],
  },
  {
    stage: 'email',
    signal: 'Trial users never verify their accounts.',
    checks: [
      'spf-record',
      'spf-lookups',
      'spf-senders',
      'dkim-key',
      'dmarc-alignment',
      'mail-flow',
      'message-authentication',
      'sender-identity',
      'provider-requirements',
    ],
  },
  {
    stage: 'email',
    signal: 'Customers say "I never got the email".',
    checks: [
      'spf-record',
      'spf-lookups',
      'spf-senders',
      'spf-includes',
      'dkim-key',
      'dkim-selectors',
      'dmarc-record',
      'dmarc-alignment',
      'mail-flow',
      'message-form',
      'mx',
      'blocklist',
    ],
  },
  {
    stage: 'deploy',
    signal: 'One bad deploy takes down onboarding or billing.',
    checks: ['rollback', 'smoke-test', 'migration-hazard', 'migration-step', 'deploy-path', 'production-build'],
  },
  {
    stage: 'deploy',
    signal: 'Someone patches production by hand.',
    checks: ['deploy-path', 'continuous-integration', 'migration-history', 'rollback'],
  },
  {
    stage: 'perf',
    signal: 'Pages take more than 2.5 seconds.',
    checks: ['page-load', 'latency-spike', 'bundle-size', 'images'],
  },
  {
    stage: 'perf',
    signal: 'Core actions take more than a second.',
    checks: ['route-latency', 'latency-spike', 'error-rate'],
  },
  {
    stage: 'monitor',
    signal: 'You learn of outages from customers.',
    checks: ['uptime-monitor', 'alert-channel', 'alert-delivery', 'health-signal', 'error-tracking'],
  },
  {
    stage: 'handover',
    signal: 'The founder cannot explain where production lives.',
    checks: ['handover-document', 'hosting-access', 'domain-access', 'deploy-knowledge'],
  },
]

/** Signals tripped by findings of medium severity or worse that are not suppressed. */
export const failureSignals = (findings: readonly Finding[]): Report['failureSignals'] =>
  signals.flatMap(({ stage, signal, checks, outcomes }) => {
    const hit = findings.filter(
      finding =>
        !finding.suppressed &&
        finding.severity !== 'low' &&
        (finding.severity !== 'medium' || outcomes !== undefined) &&
        checks.includes(finding.check) &&
        (outcomes === undefined || outcomes.includes(finding.outcome)),
    )
    return hit.length ? [{ stage, signal, findings: hit.map(finding => finding.id) }] : []
  })
