// What was seen of production, put together from the facts of all stages: where each thing lives, how it gets there and back. What may
// change without anybody noticing (an address behind a delivery network, a serial, a time to live) is left out.
import { fileName } from '../repo/paths.ts'

export type SeenHost = {
  name: string
  role: string
  /** Where it is hosted, by the name that it leads to or by its headers; null where nothing tells. */
  platform: string | null
  edge: string | null
  /** The first name outside the domain that it leads to; null where it stands at addresses. */
  leadsTo: string | null
  /** Addresses, only where neither a platform nor an edge nor a name of somebody else stands before them. */
  addresses: string[]
  certificate: { issuer: string; expires: string; renews: 'itself' | 'unknown' } | null
}

export type SeenSelector = {
  selector: string
  domain: string
  provider: string | null
  state: string
  /** Digest of the key; null where its service replaces it by itself. */
  key: string | null
}

export type SeenMail = {
  mailServers: string[]
  inbox: string | null
  takesMail: boolean | null
  spf: string | null
  /** Services that SPF lets send. */
  spfServices: string[]
  selectors: SeenSelector[]
  dmarc: string | null
  /** Services that their records, return paths or keys give away. */
  providers: string[]
  /** Services of the repository, by package or variable. */
  repoServices: string[]
}

export type SeenDeploy = {
  file: string
  line: number
  job: string
  name: string
  provider: string
  /** `push to main`, `tag`, `by hand`, `release`. */
  when: string
  /** Branches that set it off; empty where it is no push. */
  branches: string[]
  commands: string[]
  /** Platform that its commands are for, a key of data/platforms.ts; null where they could be for any. */
  platform: string | null
  /** It brings a release to where it is tried, not to customers. */
  rehearsal: boolean
}

/** When a pipeline runs, in a sentence: `on push to main`, `by hand`. */
export const runsWhen = (when: string): string => (/^(?:by|after|when) /.test(when) ? when : `on ${when}`)

/** What one types to start a pipeline by hand; null where it is clicked. */
export const workflowRun = ({ provider, file, when }: SeenDeploy): string | null =>
  provider === 'github' && /by hand/.test(when) ? `gh workflow run ${fileName(file)}` : null

/** What one types to find the runs of a pipeline that went well, and to run one of them again; null where it is clicked. */
export const runAgain = ({ provider, file }: SeenDeploy): { find: string; again: string } | null =>
  provider === 'github'
    ? {
        find: `gh run list --workflow ${fileName(file)} --status success --limit 3`,
        again: 'gh run rerun <number>',
      }
    : null

export type SeenReference = {
  file: string
  line: number
  kind: 'branch' | 'script' | 'npm-script' | 'workflow' | 'file'
  name: string
  exists: boolean
}

export type SeenTag = { name: string; commit: string; at: string }

export type SeenVariable = { name: string; required: boolean; secret: boolean; setIn: string[] }

export type SeenRepository = {
  name: string
  /** Where it is pushed to: `github.com/coachdash/app`; null without a remote that others can reach. */
  remote: string | null
  /** What `git clone` takes. */
  clone: string | null
  defaultBranch: string | null
  branches: string[]
  /** People who committed in the last year, by address. */
  people: string[]
  platforms: { name: string; label: string; file: string; byPush: boolean }[]
  deploys: SeenDeploy[]
  /** Pipelines that take a release back. */
  backJobs: SeenDeploy[]
  /** `run`: what one types. */
  scripts: { file: string; line: number; name: string; does: string; run: string }[]
  documents: { file: string; line: number; topic: string; rehearsed: string | null }[]
  /** File from which its image is built; null where it has none. */
  container: string | null
  /** Migrations that are not released and keep the release before from running. */
  forbids: { file: string; line: number; hazard: string; what: string }[]
  migrationTools: string[]
  /** Kinds of its databases: `postgresql`. */
  databases: string[]
  variables: SeenVariable[]
  /** Names that files of the repository set or hand over: dotenv files, pipelines, platforms. */
  setNames: string[]
  health: { file: string; line: number; text: string }[]
  backups: { file: string; line: number; text: string }[]
  rotations: { name: string | null; rotated: string; by: string; expires: string | null }[]
  tags: SeenTag[]
  /** Branches, scripts and files that the documents on deploying name. */
  references: SeenReference[]
  payment: string | null
  /** Live secrets that lie in the files, by name alone. */
  exposed: string[]
  /** Files that the answers name, and whether they are there. */
  named: { answer: string; path: string; exists: boolean }[]
}

/** What the config says of deploys and backups. */
export type Declared = { by: string | null; rollback: string | null; backup: string | null; restored: string | null }

export type SeenMonitoring = {
  /** `by`: launch-ready, or the tool or provider that it was found at. */
  /** `paused`: somebody turned it off; that our own watcher does not run right now is told apart. */
  monitors: { name: string; kind: string; what: string; by: string; paused: boolean }[]
  alerts: { name: string; kind: string; people: string[] }[]
  /** Test alerts that somebody saw, newest first. */
  proofs: { channel: string; at: string; by: string }[]
  /** Deploys that succeeded, as the monitor was told of them, oldest first. */
  deploys: SeenTag[]
  /** Whether our own watcher looks right now; null where there is none. */
  watching: boolean | null
}

export type Unseen = { part: string; why: string; command: string }

export type Production = {
  domain: string
  registration: { registrar: string | null; expires: string | null; states: string[] } | null
  dns: { nameServers: string[]; provider: string | null; edit: string | null } | null
  hosts: SeenHost[]
  routes: { name: string; kind: string; url: string }[]
  mail: SeenMail | null
  repository: SeenRepository | null
  monitoring: SeenMonitoring | null
  performance: { file: string; recorded: string | null; routes: { url: string; p95: number | null }[] } | null
  declared: Declared
  unseen: Unseen[]
}

const soundHost = (name: string, role: string): SeenHost => ({
  name,
  role,
  platform: 'Vercel',
  edge: null,
  leadsTo: 'cname.vercel-dns.com',
  addresses: [],
  certificate: { issuer: "Let's Encrypt", expires: '2027-01-20', renews: 'itself' },
})

const soundRepository = (): SeenRepository => ({
  name: 'example',
  remote: 'github.com/example/app',
  clone: 'https://github.com/example/app.git',
  defaultBranch: 'main',
  branches: ['main'],
  people: ['ada@example.com', 'grace@example.com'],
  platforms: [{ name: 'vercel', label: 'Vercel', file: 'vercel.json', byPush: true }],
  deploys: [
    {
      file: '.github/workflows/deploy.yml',
      line: 12,
      job: 'deploy',
      name: 'Deploy',
      provider: 'github',
      when: 'push to main',
      branches: ['main'],
      commands: ['vercel deploy --prod'],
      platform: 'vercel',
      rehearsal: false,
    },
  ],
  backJobs: [],
  scripts: [],
  documents: [
    { file: 'docs/deploy.md', line: 1, topic: 'deploy', rehearsed: null },
    { file: 'docs/rollback.md', line: 1, topic: 'rollback', rehearsed: null },
    { file: 'docs/restore.md', line: 1, topic: 'restore', rehearsed: null },
  ],
  container: null,
  forbids: [],
  migrationTools: ['prisma'],
  databases: ['postgresql'],
  variables: [
    { name: 'DATABASE_URL', required: true, secret: true, setIn: ['.env.example'] },
    { name: 'STRIPE_SECRET_KEY', required: true, secret: true, setIn: ['.env.example'] },
  ],
  setNames: ['DATABASE_URL', 'STRIPE_SECRET_KEY', 'VERCEL_TOKEN'],
  health: [{ file: 'app/api/health/route.ts', line: 1, text: 'GET /api/health' }],
  backups: [],
  rotations: [],
  tags: [
    { name: 'deploy-12', commit: 'aaaaaaaaaaaa', at: '2026-10-30T10:00:00Z' },
    { name: 'deploy-13', commit: 'bbbbbbbbbbbb', at: '2026-11-01T10:00:00Z' },
    { name: 'deploy-14', commit: 'aaaaaaaaaaaa', at: '2026-11-02T10:00:00Z' },
  ],
  references: [{ file: 'docs/deploy.md', line: 4, kind: 'branch', name: 'main', exists: true }],
  payment: 'Stripe',
  exposed: [],
  named: [{ answer: 'rollback', path: 'docs/rollback.md', exists: true }],
})

/** Production as a well-kept product shows it: for examples and tests. */
export const soundProduction = (): Production => ({
  domain: 'example.com',
  registration: { registrar: 'Gandi SAS', expires: '2027-11-01', states: ['client transfer prohibited'] },
  dns: { nameServers: ['ns1.gandi.net', 'ns2.gandi.net'], provider: 'Gandi', edit: 'https://admin.gandi.net' },
  hosts: [soundHost('example.com', 'apex'), soundHost('app.example.com', 'app')],
  routes: [{ name: 'login', kind: 'auth', url: 'https://app.example.com/login' }],
  mail: {
    mailServers: ['smtp.google.com'],
    inbox: 'Google Workspace',
    takesMail: true,
    spf: 'v=spf1 include:_spf.google.com include:spf.mtasv.net -all',
    spfServices: ['Google Workspace', 'Postmark'],
    selectors: [
      { selector: '20240101pm', domain: 'example.com', provider: 'Postmark', state: 'found', key: '5b1f0d7c2a94' },
      { selector: 'google', domain: 'example.com', provider: 'Google Workspace', state: 'found', key: '9e0c44d1b7f2' },
    ],
    dmarc: 'v=DMARC1; p=reject; rua=mailto:dmarc@example.com',
    providers: ['Google Workspace', 'Postmark'],
    repoServices: ['Postmark'],
  },
  repository: soundRepository(),
  monitoring: {
    monitors: [{ name: 'app', kind: 'http', what: 'https://app.example.com/', by: 'launch-ready', paused: false }],
    alerts: [
      { name: 'team', kind: 'slack', people: [] },
      { name: 'founder', kind: 'email', people: ['ada@example.com', 'grace@example.com'] },
    ],
    proofs: [],
    deploys: [],
    watching: true,
  },
  performance: null,
  declared: { by: null, rollback: null, backup: null, restored: null },
  unseen: [],
})
