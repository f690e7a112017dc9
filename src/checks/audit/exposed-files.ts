// Files that must never be served are not served.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { host: string; path: string; paths: string[]; secret: boolean }

const fix = (data: Data): Fix => ({
  summary: `Stop serving ${data.paths.join(', ')}${data.secret ? ', and replace every secret in it' : ''}`,
  steps: [
    `Take ${data.paths.join(', ')} out of the folder that the web server publishes, or answer with 404.`,
    ...(data.secret
      ? [
          'Treat every password and key in it as known to strangers: make new ones, deploy them, then revoke the old ones.',
        ]
      : []),
    'Check the access log for who has read it.',
  ],
  changes: [
    ...data.paths.map(path => ({
      kind: 'setting' as const,
      provider: 'web-server',
      path: `${data.host}${path}`,
      value: { status: 404 },
    })),
    ...(data.secret
      ? [{ kind: 'manual' as const, step: `Replace every secret that ${data.paths.join(', ')} holds.` }]
      : []),
  ],
  effortMinutes: data.secret ? 60 : 15,
})

const outcomeOf = {
  secrets: 'secrets-readable',
  repository: 'repository-readable',
  'debug-console': 'debug-console',
  file: 'file-readable',
} as const

export default defineCheck<Data>()({
  id: 'exposed-files',
  stage: 'audit',
  on: 'host',
  title: 'No file is served that strangers must not read',
  why: 'A bounded list of files that deployments leave behind by mistake is asked for. A status 200 proves nothing: the content must be what the path says (a dotenv that parses, a Git HEAD with a ref, a dump with SQL), against what the host answers for a path that cannot exist.',
  impact: { journey: 'data', owner: 'A stranger can read passwords, keys or the source of your product.' },
  needs: ['probePaths'],
  signals: ['data-exposed'],
  outcomes: {
    'secrets-readable': { status: 'fail', severity: 'blocker', title: 'Anyone can read the secrets in {path}', fix },
    'repository-readable': {
      status: 'fail',
      severity: 'blocker',
      title: 'Anyone can download your source code from {path}',
      fix,
    },
    'debug-console': {
      status: 'fail',
      severity: 'blocker',
      title: 'A debug console is open to everyone at {path}',
      fix,
    },
    'file-readable': { status: 'fail', severity: 'high', title: 'Anyone can read {path}', fix },
    none: { status: 'pass', title: 'None of the usual leftovers is served' },
  },
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information',
  ],
  judge: ({ probePaths }, { subject }) => {
    const faults = (['secrets', 'repository', 'debug-console', 'file'] as const).flatMap(kind => {
      const found = probePaths.exposed.filter(item => item.exposure.kind === kind)
      if (!found[0]) return []
      return [
        {
          outcome: outcomeOf[kind],
          data: {
            host: subject.name,
            path: found[0].path,
            paths: found.map(item => item.path),
            secret: kind === 'secrets',
          },
          evidence: found.map(({ path, status, exposure }) => ({
            label: `GET ${probePaths.scheme}://${subject.name}${path}`,
            value: `${status}, ${exposure.proof}`,
          })),
        },
      ]
    })
    if (faults.length) return faults
    const { unanswered } = probePaths
    if (unanswered[0])
      return {
        unknown: `${unanswered.length} of ${probePaths.asked} paths gave no answer (${unanswered[0].path}: ${unanswered[0].message})`,
      }
    return {
      outcome: 'none',
      data: { host: subject.name, path: '', paths: [], secret: false },
      evidence: [{ label: 'paths asked', value: String(probePaths.asked) }],
    }
  },
  examples: [
    {
      name: 'nothing',
      facts: { probePaths: { scheme: 'https', asked: 50, exposed: [], unanswered: [], blank: null } },
      expect: 'none',
    },
    {
      name: 'an environment file',
      facts: {
        probePaths: {
          scheme: 'https',
          asked: 50,
          exposed: [
            {
              path: '/.env',
              status: 200,
              exposure: { kind: 'secrets', proof: 'an environment file with STRIPE_SECRET_KEY' },
            },
          ],
          unanswered: [],
          blank: null,
        },
      },
      expect: 'secrets-readable',
    },
    {
      name: 'a Git folder',
      facts: {
        probePaths: {
          scheme: 'https',
          asked: 50,
          exposed: [
            {
              path: '/.git/HEAD',
              status: 200,
              exposure: { kind: 'repository', proof: 'Git HEAD says "ref: refs/heads/main"' },
            },
          ],
          unanswered: [],
          blank: null,
        },
      },
      expect: 'repository-readable',
    },
    {
      name: 'a console',
      facts: {
        probePaths: {
          scheme: 'https',
          asked: 50,
          exposed: [{ path: '/console', status: 200, exposure: { kind: 'debug-console', proof: 'Werkzeug console' } }],
          unanswered: [],
          blank: null,
        },
      },
      expect: 'debug-console',
    },
    {
      name: 'a folder listing',
      facts: {
        probePaths: {
          scheme: 'https',
          asked: 50,
          exposed: [
            {
              path: '/.DS_Store',
              status: 200,
              exposure: { kind: 'file', proof: 'a macOS folder listing (.DS_Store)' },
            },
          ],
          unanswered: [],
          blank: null,
        },
      },
      expect: 'file-readable',
    },
    {
      name: 'a host that stops answering',
      facts: {
        probePaths: {
          scheme: 'https',
          asked: 50,
          exposed: [],
          unanswered: [{ path: '/.env', message: 'no answer' }],
          blank: null,
        },
      },
      expect: 'unknown',
    },
  ],
})
