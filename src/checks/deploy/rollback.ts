// A bad release can be taken back, somebody wrote down how, and it was tried.
import { ask, defineCheck, high, medium, type OutcomeHolds, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { rollbackWays } from '../../data/platforms.ts'
import { noContainers } from '../../facts/repo/containers.example.ts'
import { byHand, exampleDeployment, exampleDocument, noDeployment } from '../../facts/repo/deployment.example.ts'
import { deployingBy, exampleCommand, noPipelines } from '../../facts/repo/pipelines.example.ts'
import { saysNone } from '../../formats/handover/names.ts'
import type { DeployDocument } from '../../formats/repo/deploy-documents.ts'
import { productionOf } from '../../formats/repo/production.ts'
import { deployedTo, deployJobs, imageReleases } from '../../formats/workflow/jobs.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { keepingNone } from './keeping-releases.ts'
import { assuming, evidenceOf, filesIn, unshown } from './places.ts'
import { keepReleases, type Released, rehearse, tagReleases, writeRollback } from './release-fixes.ts'

const data = (places: Place[], way = ''): Released => ({ places, files: filesIn(places), way })

const looked = textEvidence(
  'looked for',
  'a platform that keeps releases, images tagged by commit, a rollback script, a document',
)
const question = {
  id: 'rollback',
  text: 'How is a bad release taken back: by a platform, an image’s tag, a document’s steps?',
  answer: 'deploy.rollback',
}

const unseenRelease = 'what the server keeps of the release before'

/** What nobody wrote down of releases that others run. */
const asTheirs = <F extends { outcome: string }>(one: F) =>
  one.outcome === 'none' ? one : { ...one, severity: 'low' as const }

/** A deploy to no known platform. */
const pushing = exampleCommand('deploy', 24, './deploy.sh acme/shop:latest')
/** Who speaks of it in passing tells nobody how it is done. */
const saysHow = ({ topic, how, rehearsed }: DeployDocument): boolean =>
  topic === 'rollback' && (how || rehearsed !== null)

const vercel = exampleDeployment({ platforms: [{ name: 'vercel', file: 'vercel.json', byPush: true }] })

export default defineCheck<Released>()({
  id: 'rollback',
  stage: 'deploy',
  on: 'repo',
  title: 'A bad release can be taken back in minutes, by a written and tried way',
  why: 'When a deploy breaks signup or billing, the fastest repair is the release before it. That needs releases that are kept as they were built, steps that somebody else can follow, and one rehearsal. Judged by the platforms, image tags, scripts and documents of the repository.',
  impact: {
    journey: 'operate',
    owner: 'One bad deploy keeps customers out until the fault is found, instead of for minutes.',
  },
  needs: ['deployment', 'pipelines', 'containers'],
  signals: ['bad-deploy', 'patched-by-hand'],
  checklist: { section: 'release', order: 3, line: 'A release can be taken back by a written and tried way' },
  outcomes: {
    none: high('A bad release cannot be taken back', keepReleases),
    undocumented: medium('Nobody wrote down how to take a release back', writeRollback, {
      why: 'On the bad day only whoever remembers the steps can take a release back.',
    }),
    'mutable-artifact': medium('Each release overwrites the one before: {files}', tagReleases, {
      why: 'The release before is gone as soon as a new one is built: there is nothing to go back to.',
    }),
    'never-rehearsed': medium('Nobody wrote down that taking a release back was tried', rehearse, {
      why: 'A way that nobody has tried takes longer, or fails, on the day that it is needed.',
    }),
    ready: pass('A bad release can be taken back'),
  },
  references: ['https://sre.google/sre-book/release-engineering/', 'https://12factor.net/build-release-run'],
  judge({ deployment, pipelines, containers }, { target }) {
    const { rollback: named, by } = (target.sections['deploy'] ?? {}) as { rollback?: string; by?: string }
    if (by === 'users') return skip('each user runs it on a host of their own')
    if (named !== undefined && saysNone(named))
      return { outcome: 'none', data: data([]), evidence: [textEvidence('config', `deploy.rollback: ${named}`)] }
    const scripts = deployment.scripts.filter(({ does }) => does === 'deploy')
    const jobs = deployJobs(pipelines)
    const shipped = [...jobs, ...deployment.platforms, ...containers.containers, ...scripts]
    const production = productionOf({ pipelines, deployment }, by)
    if (shipped.length === 0 && named === undefined)
      return skip('nothing here says how it is deployed: see deploy-path')
    const documents = deployment.documents.filter(document => saysHow(document) || document.file === named)
    const script = deployment.scripts.find(({ does }) => does === 'rollback')
    const candidates = [named, by, ...deployedTo(pipelines), ...deployment.platforms.map(({ name }) => name)]
    const platform = candidates.find(name => name !== undefined && rollbackWays[name])
    const { kept, moving } = imageReleases(pipelines, deployment.images)
    const way = platform ?? (kept ? 'docker' : undefined)
    const overwritten = moving.length > 0 && !kept && !(platform && rollbackWays[platform]!.immutable)
    const found: OutcomeHolds<'mutable-artifact' | 'none' | 'undocumented' | 'never-rehearsed', Released>[] = []
    if (overwritten)
      found.push({ outcome: 'mutable-artifact', data: data(moving, 'docker'), evidence: evidenceOf(moving) })
    const at = documents.map(({ file, line, text }) => ({ file, line, text }))
    const tried = documents.filter(({ rehearsed }) => rehearsed !== null)
    if (!way && !script && documents.length === 0) {
      if (overwritten) return found
      const seen = keepingNone(jobs, scripts)
      if (!seen.length) return ask(question, 'The repository does not show what keeps the releases')
      const none = { outcome: 'none' as const, data: data([]), evidence: [...seen, looked] }
      found.push(assuming(none, production === 'others' ? unshown.others : unseenRelease))
    } else if (documents.length === 0) {
      const label = way ? rollbackWays[way]!.label : (script?.file ?? '')
      found.push({ outcome: 'undocumented', data: data([], way), evidence: [textEvidence('way', label)] })
    } else if (tried.length === 0)
      found.push({ outcome: 'never-rehearsed', data: data(at, way), evidence: evidenceOf(at) })
    // How a release is taken back where others run the product is for them to write down.
    if (found.length) return production === 'others' ? found.map(asTheirs) : found
    const evidence = tried.map(({ file, line, rehearsed }) => fileEvidence(file, line, `rehearsed ${rehearsed}`))
    return { outcome: 'ready', data: data(at, way), evidence }
  },
  examples: [
    { name: 'written and rehearsed', facts: {}, expect: 'ready' },
    {
      name: 'a VPS and nothing else',
      facts: { deployment: byHand, pipelines: noPipelines, containers: noContainers },
      expect: 'none',
    },
    { name: 'the platform can, nobody wrote how', facts: { deployment: vercel }, expect: 'undocumented' },
    {
      name: 'the platform can, and a sentence praises that',
      facts: { deployment: { ...vercel, documents: [{ ...exampleDocument('rollback', null), how: false }] } },
      expect: 'undocumented',
    },
    {
      name: 'written, never tried',
      facts: { deployment: { documents: [exampleDocument('rollback', null)] } },
      expect: 'never-rehearsed',
    },
    {
      name: 'only latest',
      facts: {
        deployment: noDeployment,
        pipelines: deployingBy({ commands: [pushing], imageTags: ['acme/shop:latest'] }),
      },
      expect: 'mutable-artifact',
    },
  ],
})
