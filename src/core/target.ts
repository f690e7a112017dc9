// What is audited: what the user gave, and what the config adds. Pure data, no secrets.

export const hostRoles = ['apex', 'www', 'app', 'marketing', 'api', 'status', 'other'] as const
export type HostRole = (typeof hostRoles)[number]

export const routeKinds = [
  'home',
  'auth',
  'signup',
  'pricing',
  'payment',
  'dashboard',
  'api',
  'webhook',
  'health',
  'page',
] as const
export type RouteKind = (typeof routeKinds)[number]

/** Where a host or route is known from. `how` beside it says the same to people, with what it was found by. */
export type Source = 'domain' | 'config' | 'usual-name' | 'usual-path' | 'link' | 'front-page'

/** A route named in the config. Header values may hold secrets: they are kept by the network side, never here. */
export type TargetRoute = { name: string; url: string; kind: RouteKind; p95Ms?: number; expectStatus?: number[] }

/** A sender named in the config: who sends mail in the domain's name, and how it should authenticate. */
export type TargetSender = {
  name: string
  spf?: string
  dkim: string[]
  from?: string
  returnPath?: string
  ips?: string[]
  bulk?: boolean
  stream?: 'transactional' | 'marketing'
}

export type Suppression = { check: string; outcome?: string; subject?: string; reason: string; until?: string }

/** The config's part that checks may see. Times in milliseconds, names without trailing dots, lower case, A-labels. */
export type Target = {
  /** Domain under audit, null when only a repository is judged. */
  domain: string | null
  /** Canonical URL, when the config says so. */
  canonical: string | null
  /** Hosts named in the config: role → host name. */
  hosts: Readonly<Record<string, string>>
  routes: readonly TargetRoute[]
  senders: readonly TargetSender[]
  /** Records that the config expects: `"www.example.com CNAME"` → data. */
  expectedRecords: Readonly<Record<string, string | readonly string[]>>
  /** Subdomain labels that are intended (`www`, `app`). Null when the config does not say. */
  subdomains: readonly string[] | null
  /** Absolute path of the repository to judge, null when there is none. */
  repo: string | null
  /** Names of the messages that were handed over to be judged. */
  messages?: readonly string[]
  /** Names of the logs that were handed over to be judged. */
  logs?: readonly string[]
  /** Whether --active was given: checks may then post, log in or load. */
  active: boolean
  suppress: readonly Suppression[]
  /** Stage-specific sections of the config, as parsed and with secrets removed (`email`, `deploy`, `monitor`, `handover`, `ai`, `cloudflare`). */
  sections: Readonly<Record<string, unknown>>
}

/** A target with nothing but what is given: for tests, examples and the start of a run. */
export const bareTarget = (given: Partial<Target> = {}): Target => ({
  domain: null,
  canonical: null,
  hosts: {},
  routes: [],
  senders: [],
  expectedRecords: {},
  subdomains: null,
  repo: null,
  active: false,
  suppress: [],
  sections: {},
  ...given,
})

/** Who takes the product to production, as people said in the config (`deploy.by`). */
export const deployedBy = ({ sections }: Pick<Target, 'sections'>): string | undefined =>
  (sections['deploy'] as { by?: string } | undefined)?.by
