// The steps of each drill, in the words of the product's own platform and repository.
import type { PlatformOperations } from '../../data/platform-operations.ts'
import { type Production, runAgain, runsWhen, type SeenDeploy, workflowRun } from './production.ts'
import { operatedBy, waysBack } from './runs-at.ts'
import type { Handover, Rehearsal } from './schema.ts'

export type DrillStep = { text: string; command: string | null }

/** What the machine looks at while a person does the steps. */
export type Watch = 'version-stays' | 'version-goes-back' | 'keys' | 'page' | 'test-alert' | 'word'

/** `after`: what is left to do once it was looked at, seen or not. */
export type Drill = { name: Rehearsal; title: string; steps: DrillStep[]; watch: Watch; after?: string }

const step = (text: string, command: string | null = null): DrillStep => ({ text, command })

/** `handover drill <word>`: what it rehearses. */
export const drillWords: Readonly<Record<string, Rehearsal>> = {
  redeploy: 'redeploy',
  rollback: 'rollback',
  'rotate-key': 'keyRotation',
  restore: 'restore',
  alert: 'alert',
}

const worded = (text: string, usual: string | null = null): DrillStep => {
  const command = /`([^`]+)`/.exec(text)?.[1] ?? usual
  return step(text.replaceAll('`', ''), command)
}

/** What somebody answered as a step: a document or a link is followed, words are said as they are. */
const told = (
  value: string,
  answer: string,
  repository: Production['repository'],
  usual: string | null = null,
): DrillStep => {
  const file = repository?.named.find(one => one.answer === answer)
  if (file && !file.exists)
    return step(`The answers name ${file.path}, and the repository does not have it: do it as you know it.`, usual)
  return file || URL.canParse(value) ? step(`Follow ${file?.path ?? value}.`, usual) : worded(value, usual)
}

type Product = {
  repository: Production['repository']
  at: PlatformOperations | null
  handover: Handover
  script: (does: string) => { run: string } | undefined
  /** The steps that take a release back, of each platform. */
  back: readonly string[]
  /** Our own monitor tells people, so that its test alerts can be seen. */
  tells: boolean
  /** What a test alert of another tool carries. */
  word: string
}

type Make = (product: Product) => Drill

const onceMore = (deploy: SeenDeploy): DrillStep[] => {
  const typed = runAgain(deploy)
  const name = `${deploy.name} (${deploy.file})`
  return typed
    ? [
        step(`Find the run of ${name} that brought what is running.`, typed.find),
        step('Run it once more: the newest of that commit.', typed.again),
      ]
    : [step(`Run ${name} once more for the commit that is running; it deploys ${runsWhen(deploy.when)}.`)]
}

const redeploy: Make = ({ repository, at, handover, script }) => {
  const deploy = repository?.deploys.find(({ rehearsal }) => !rehearsal)
  return {
    name: 'redeploy',
    title: 'Deploy the commit that is running once more',
    watch: 'version-stays',
    steps: [
      step('Say in the team channel that you deploy.'),
      ...(deploy
        ? onceMore(deploy)
        : script('deploy')
          ? [step('Run the script that is made for it.', script('deploy')!.run)]
          : handover.deploy?.how
            ? [told(handover.deploy.how, 'deploy.how', repository, at?.deploy ?? null)]
            : [step('Deploy as the handover says.', at?.deploy ?? null)]),
      step('Wait until it is through, then go on.'),
    ],
  }
}

const rollback: Make = ({ repository, handover, script, back }) => {
  return {
    name: 'rollback',
    title: 'Take the release back to the one before, then bring it forward again',
    watch: 'version-goes-back',
    after: 'Bring the newest release forward again, where production still runs the one before it.',
    steps: [
      step('Say in the team channel that you take the release back.'),
      ...(repository?.forbids.length
        ? [
            step(
              `Stop: ${repository.forbids.length} migrations keep the release before from running; see the handover.`,
            ),
          ]
        : []),
      ...(repository?.backJobs[0]
        ? [step(`Run the workflow "${repository.backJobs[0].name}".`, workflowRun(repository.backJobs[0]))]
        : script('rollback')
          ? [step('Run the script that is made for it.', script('rollback')!.run)]
          : back.map(text => worded(text))),
      ...(!repository?.backJobs.length && !script('rollback') && back.length === 0
        ? [
            handover.rollback
              ? told(handover.rollback, 'rollback', repository)
              : step('Take the release back as the handover says.'),
          ]
        : []),
    ],
  }
}

const keyRotation: Make = ({ at }) => {
  return {
    name: 'keyRotation',
    title: 'Replace one key',
    watch: 'keys',
    steps: [
      step('Make the new key at its provider, if that is not done yet. The old one stays for now.'),
      step('Set the new one where the product reads it.', at?.setVariable ?? null),
      step('Deploy, so that it is read.', at?.deploy ?? null),
      step('Take the old key back at its provider.'),
    ],
  }
}

const restore: Make = ({ repository, handover, script }) => {
  return {
    name: 'restore',
    title: 'Bring a backup back, into a database beside the real one',
    watch: 'page',
    steps: [
      step('Make an empty database beside the real one. Never restore over it.'),
      script('restore')
        ? step('Run the script that is made for it, against the empty one.', script('restore')!.run)
        : handover.restore
          ? told(handover.restore, 'restore', repository)
          : step('Bring the newest backup into it, as the handover says.'),
      step('Count the rows of the table that customers would miss first, and compare.'),
      step('Let a copy of the product read it, or look into it by hand.'),
    ],
  }
}

const alert: Make = ({ tells, word }) => {
  if (tells)
    return {
      name: 'alert',
      title: 'Send a test alert and see who gets it',
      watch: 'test-alert',
      steps: [
        step('Send a test alert through the real path.', 'launch-ready monitor test-alert'),
        step(
          'Whoever is called opens its link on the phone that rings at night, or reads its word to you.',
          'launch-ready monitor test-alert --ack <word>',
        ),
      ],
    }
  return {
    name: 'alert',
    title: 'Send a test alert and see who gets it',
    watch: 'word',
    steps: [
      step('In the tool that watches the product, send a test alert that holds the word.', word),
      step('Whoever is called reads it on the phone that rings at night, and says the word.'),
    ],
  }
}

const drills: Readonly<Record<Rehearsal, Make>> = { redeploy, rollback, keyRotation, restore, alert }

/** What of a drill its steps need, and production does not show. */
export type DrillWays = Pick<Product, 'tells' | 'word'>

export const drillOf = (name: Rehearsal, production: Production | null, handover: Handover, ways: DrillWays): Drill => {
  const repository = production?.repository ?? null
  const at = (production && operatedBy(production, handover))?.operations ?? null
  const back = production ? waysBack(production, handover).flatMap(({ steps }) => steps) : []
  const script: Product['script'] = does => repository?.scripts.find(item => item.does === does)
  return drills[name]({ repository, at, handover, script, back, ...ways })
}
