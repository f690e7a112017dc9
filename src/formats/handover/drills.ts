// The steps of each drill, in the words of the product's own platform and repository.
import type { PlatformOperations } from '../../data/platform-operations.ts'
import { type Production, runsWhen, workflowRun } from './production.ts'
import { operatedBy, waysBack } from './runs-at.ts'
import type { Handover, Rehearsal } from './schema.ts'

export type DrillStep = { text: string; command: string | null }

/** What the machine looks at while a person does the steps. */
export type Watch = 'version-stays' | 'version-goes-back' | 'keys' | 'page' | 'test-alert' | 'word'

export type Drill = { name: Rehearsal; title: string; steps: DrillStep[]; watch: Watch }

const step = (text: string, command: string | null = null): DrillStep => ({ text, command })

/** `handover drill <word>`: what it rehearses. */
export const drillWords: Readonly<Record<string, Rehearsal>> = {
  redeploy: 'redeploy',
  rollback: 'rollback',
  'rotate-key': 'keyRotation',
  restore: 'restore',
  alert: 'alert',
}

const worded = (text: string): DrillStep => {
  const command = /`([^`]+)`/.exec(text)?.[1] ?? null
  return step(text.replaceAll('`', ''), command)
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
}

type Make = (product: Product) => Drill

const redeploy: Make = ({ repository, at, handover, script }) => {
  const deploy = repository?.deploys[0]
  return {
    name: 'redeploy',
    title: 'Deploy the commit that is running once more',
    watch: 'version-stays',
    steps: [
      step('Say in the team channel that you deploy.'),
      deploy
        ? step(
            `Run ${deploy.name} (${deploy.file}) once more for the commit that is running; it deploys ${runsWhen(deploy.when)}.`,
            null,
          )
        : script('deploy')
          ? step('Run the script that is made for it.', script('deploy')!.run)
          : step(handover.deploy?.how ?? 'Deploy as the handover says.', at?.deploy ?? null),
      step('Wait until it is through, then go on.'),
    ],
  }
}

const rollback: Make = ({ repository, handover, script, back }) => {
  return {
    name: 'rollback',
    title: 'Take the release back to the one before, then bring it forward again',
    watch: 'version-goes-back',
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
          : back.map(worded)),
      ...(!repository?.backJobs.length && !script('rollback') && back.length === 0
        ? [step(handover.rollback ?? 'Take the release back as the handover says.')]
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
      step('Make the new key at its provider. The old one stays for now.'),
      step('Set the new one where the product reads it.', at?.setVariable ?? null),
      step('Deploy, so that it is read.', at?.deploy ?? null),
      step('Take the old key back at its provider.'),
    ],
  }
}

const restore: Make = ({ handover, script }) => {
  return {
    name: 'restore',
    title: 'Bring a backup back, into a database beside the real one',
    watch: 'page',
    steps: [
      step('Make an empty database beside the real one. Never restore over it.'),
      script('restore')
        ? step('Run the script that is made for it, against the empty one.', script('restore')!.run)
        : step(handover.restore ?? 'Bring the newest backup into it, as the handover says.'),
      step('Count the rows of the table that customers would miss first, and compare.'),
      step('Let a copy of the product read it, or look into it by hand.'),
    ],
  }
}

const alert: Make = ({ tells }) => {
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
      step('In the tool that watches the product, send a test alert that holds the word below.'),
      step('Whoever is called reads it on the phone that rings at night, and says the word.'),
    ],
  }
}

const drills: Readonly<Record<Rehearsal, Make>> = { redeploy, rollback, keyRotation, restore, alert }

export const drillOf = (name: Rehearsal, production: Production | null, handover: Handover, tells = false): Drill => {
  const repository = production?.repository ?? null
  const at = (production && operatedBy(production, handover))?.operations ?? null
  const back = production ? waysBack(production, handover).flatMap(({ steps }) => steps) : []
  const script: Product['script'] = does => repository?.scripts.find(item => item.does === does)
  return drills[name]({ repository, at, handover, script, back, tells })
}
