// Files that must never be served are not served.
import { blocker, defineCheck, high, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { serving } from '../../facts/http/probe-paths.example.ts'
import { stopServing } from './page-fixes.ts'

type Data = { host: string; path: string; paths: string[]; secret: boolean }

/** Kind of exposure → outcome, worst first. */
const outcomes = [
  ['secrets', 'secrets-readable'],
  ['repository', 'repository-readable'],
  ['debug-console', 'debug-console'],
  ['file', 'file-readable'],
] as const

export default defineCheck<Data>()({
  id: 'exposed-files',
  stage: 'audit',
  on: 'host',
  title: 'No file is served that strangers must not read',
  why: 'A bounded list of files that deployments leave behind by mistake is asked for. Redirects are followed, and port 80 is asked too. Status and type prove nothing: the content must be what the path says (a dotenv that parses, a Git HEAD with a ref, a dump with SQL), against what the host answers for a path that cannot exist.',
  impact: { journey: 'data', owner: 'A stranger can read passwords, keys or the source of your product.' },
  needs: ['probePaths'],
  signals: ['data-exposed'],
  outcomes: {
    'secrets-readable': blocker('Anyone can read the secrets in {path}', stopServing),
    'repository-readable': blocker('Anyone can download your source code from {path}', stopServing),
    'debug-console': blocker('A debug console is open to everyone at {path}', stopServing, {
      why: 'A stranger can read settings there, and run code with some consoles.',
    }),
    'file-readable': high('Anyone can read {path}', stopServing, {
      why: 'It was left there by mistake, and whoever asks for it gets it.',
    }),
    none: pass('None of the usual leftovers is served'),
  },
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information',
  ],
  judge: ({ probePaths: { asked, exposed, unanswered, sameAs } }, { subject: { name: host } }) => {
    if (sameAs) return skip(`shows the page of ${sameAs}, where its files are looked for`)
    const faults = outcomes.flatMap(([kind, outcome]) => {
      const found = exposed.filter(item => item.exposure.kind === kind)
      if (!found[0]) return []
      const evidence = found.map(({ url, status, exposure }) =>
        httpEvidence(url, `${status}, ${exposure.proof}`, { status, label: `GET ${url}` }),
      )
      const paths = found.map(item => item.path)
      return [{ outcome, data: { host, path: found[0].path, paths, secret: kind === 'secrets' }, evidence }]
    })
    if (faults.length) return faults
    const [first] = unanswered
    if (first) return unknown(`${unanswered.length} of ${asked} paths gave no answer (${first.path}: ${first.message})`)
    return {
      outcome: 'none',
      data: { host, path: '', paths: [], secret: false },
      evidence: [textEvidence('paths asked', String(asked))],
    }
  },
  examples: [
    { name: 'nothing', facts: {}, expect: 'none' },
    {
      name: 'an environment file',
      facts: { probePaths: serving('/.env', 'secrets', 'an environment file with STRIPE_SECRET_KEY') },
      expect: 'secrets-readable',
    },
    {
      name: 'a host that stops answering',
      facts: { probePaths: { unanswered: [{ path: '/.env', message: 'no answer' }] } },
      expect: 'unknown',
    },
  ],
})
