// It is written down how the logs of production are read.
import { defineCheck, low, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { fix, manual, writeFile } from '../../core/fixes.ts'
import { deployedBy } from '../../core/target.ts'
import { frameworks } from '../../data/frameworks.ts'
import { signs } from '../../facts/repo/monitor-signs.example.ts'
import { framework } from '../../facts/repo/stack.example.ts'

type Data = { platform: string; read: string; sure: boolean }

/** Command that shows the logs, by platform. */
const commands: Readonly<Record<string, string>> = {
  fly: 'fly logs',
  heroku: 'heroku logs --tail',
  vercel: 'vercel logs <deployment>',
  netlify: 'netlify logs:function <name>',
  railway: 'railway logs',
  render: 'render logs --tail',
  kamal: 'kamal app logs -f',
  docker: 'docker compose logs --since 1h app',
  kubernetes: 'kubectl logs deploy/app --since=1h',
  cloudflare: 'npx wrangler tail',
}

/** A name that nobody has taken by chance. */
const newDocument = 'docs/reading-the-logs.md'

export default defineCheck<Data>()({
  id: 'log-access',
  stage: 'monitor',
  on: 'repo',
  title: 'It is written down how the logs are read',
  why: 'At three in the morning somebody else than the author of the deployment looks for the log. One line in README or docs is enough: the command, and who has access.',
  impact: {
    journey: 'operate',
    owner: 'An outage lasts as long as it takes to find the one person who knows where the logs are.',
  },
  needs: ['monitorSigns', 'stack', 'deployment'],
  outcomes: {
    undocumented: low('No document says how the logs are read', ({ read, sure }) =>
      fix(
        'Write it down in one line.',
        [
          sure
            ? writeFile(newDocument, `# Reading the logs\n\n\`${read}\`\n`)
            : manual(`In README.md:\n\n## Logs\n\n\`${read}\``),
        ],
        [
          `Say in it how far back \`${read}\` goes, and who has access; link it from the README.`,
          '`launch-ready monitor --out launch-ready` writes monitoring.md with it.',
        ],
        10,
      ),
    ),
    documented: pass('It is written down how the logs are read'),
  },
  references: ['https://12factor.net/logs'],
  judge({ monitorSigns: { logDocuments }, stack, deployment }, { target }) {
    if (deployedBy(target) === 'users') return skip('each user runs it on a host of their own')
    const serves = stack.packages.some(entry => entry.framework !== null && !frameworks[entry.framework]?.isStatic)
    const platform = deployment.platforms[0]?.name ?? 'docker'
    const read = commands[platform] ?? commands['docker']!
    // A command that names nothing of the product yet is for people to finish.
    const sure = deployment.platforms[0] !== undefined && commands[platform] !== undefined && !read.includes('<')
    const data: Data = { platform, read, sure }
    if (logDocuments.length)
      return {
        outcome: 'documented',
        data,
        evidence: logDocuments.slice(0, 3).map(place => fileEvidence(place.file, place.line, place.text)),
      }
    if (!serves) return skip('no server here')
    return {
      outcome: 'undocumented',
      data,
      evidence: [
        textEvidence('read', 'README and documents; looked for a section on logs, and for the commands that show them'),
      ],
      confidence: 'likely',
    }
  },
  examples: [
    { name: 'a line', facts: {}, expect: 'documented' },
    {
      name: 'none',
      facts: { monitorSigns: signs({ logDocuments: [] }), stack: framework('express') },
      expect: 'undocumented',
    },
    {
      name: 'files alone',
      facts: { monitorSigns: signs({ logDocuments: [] }), stack: framework('vite') },
      expect: 'skip',
    },
  ],
})
