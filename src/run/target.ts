// The config's part that checks may see.
import type { Config } from '../config/schema.ts'
import type { Target } from '../core/target.ts'
import { viewOfSection } from '../formats/monitor/section.ts'

const plain = (section: unknown): unknown => (section === undefined ? undefined : JSON.parse(JSON.stringify(section)))

const emailSection = (email: Config['email']): unknown =>
  plain(
    email && {
      sends: email.sends,
      receives: email.receives,
      reports: email.reports === undefined ? undefined : email.reports.replace(/\/\/[^@/]*@/, '//'),
      blocklists: email.blocklists,
      flows: email.flows?.map(({ name, kind, arrivesWithin, link, from, inbox }) => ({
        name,
        kind,
        arrivesWithin,
        link,
        from,
        inbox,
      })),
    },
  )

const deploySection = (deploy: Config['deploy']): unknown =>
  plain(
    deploy && {
      environments: deploy.environments,
      by: deploy.by,
      rollback: deploy.rollback,
      backup: deploy.backup,
      restored: deploy.restored,
      since: deploy.since,
      ledger: deploy.ledger,
      smoke: deploy.smoke !== undefined,
    },
  )

/** What the checks may see of the config: no header values, no passwords, no tokens. */
export const targetOf = (
  config: Config,
  given: { domain: string | null; repo: string | null; active: boolean; messages?: readonly string[] },
): Target => ({
  domain: given.domain,
  canonical: config.canonical ?? null,
  hosts: config.hosts,
  routes: config.routes.map(route => ({
    name: route.name,
    url: new URL(route.url).href,
    kind: route.kind,
    p95Ms: route.p95,
    expectStatus: route.expectStatus === undefined ? undefined : [route.expectStatus].flat(),
  })),
  senders: (config.email?.senders ?? []).map(sender => ({ ...sender, dkim: sender.dkim ?? [] })),
  expectedRecords: config.dns?.expected ?? {},
  subdomains: config.dns?.subdomains ?? null,
  repo: given.repo,
  messages: given.messages,
  active: given.active,
  suppress: config.suppress.map(item => ({ ...item, reason: item.reason ?? '' })),
  sections: {
    dns: plain(config.dns),
    email: emailSection(config.email),
    cloudflare: config.cloudflare
      ? { token: config.cloudflare.token ? 'given' : undefined, zone: config.cloudflare.zone }
      : undefined,
    deploy: deploySection(config.deploy),
    monitor: plain(config.monitor && viewOfSection(config.monitor)),
    ai: config.ai ? { endpoint: new URL(config.ai.endpoint).origin } : undefined,
    audit: config.audit ? { browser: config.audit.browser, rateLimit: config.audit.rateLimit?.url } : undefined,
    perf: plain(config.perf && { budgets: config.perf.budgets, pages: config.perf.pages, users: config.perf.users }),
    flows: config.flows?.map(flow => ({ name: flow.name, kind: flow.kind })),
  },
})
