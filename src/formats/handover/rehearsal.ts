// What was rehearsed, and how one knows: a drill's record, a commit that was deployed twice, or a date that somebody wrote down.
import type { Production, SeenTag } from './production.ts'
import type { DrillRecord, Handover, Rehearsal } from './schema.ts'

export const rehearsalDays = 90
const dayMs = 86_400_000

export const rehearsalWords: Readonly<Record<Rehearsal, string>> = {
  redeploy: 'a deploy',
  rollback: 'a rollback',
  keyRotation: 'replacing a key',
  restore: 'restoring a backup',
  alert: 'a test alert',
}

/** How `handover drill` calls it. */
export const drillNames: Readonly<Record<Rehearsal, string>> = {
  redeploy: 'redeploy',
  rollback: 'rollback',
  keyRotation: 'rotate-key',
  restore: 'restore',
  alert: 'alert',
}

export type Proof = { at: string; by: 'drill' | 'tags' | 'deploys' | 'test-alert'; seen: string }

/** Tags that name a deploy or release, oldest first. */
const deployTags = (production: Production) =>
  (production.repository?.tags ?? [])
    .filter(({ name }) => /deploy|release|prod|^v?\d/i.test(name))
    .sort((a, b) => (a.at < b.at ? -1 : 1))

/** Whether two ids name one commit, of whatever length they are. */
const isSame = (a: string, b: string): boolean => a.length >= 7 && b.length >= 7 && (a.startsWith(b) || b.startsWith(a))

/** The last deploy of a commit that had been deployed before: of an earlier one (a rollback), or of the same (a redeploy). */
const twiceDeployed = (
  tags: readonly SeenTag[],
  wanted: 'redeploy' | 'rollback',
  by: 'tags' | 'deploys',
): Proof | null => {
  for (let at = tags.length - 1; at > 0; at--) {
    const { commit, name, at: when } = tags[at]!
    const before = tags.slice(0, at).findLastIndex(tag => isSame(tag.commit, commit))
    if (before < 0) continue
    const isBack = tags.slice(before + 1, at).some(tag => !isSame(tag.commit, commit))
    if (isBack === (wanted === 'rollback') || wanted === 'redeploy')
      return { at: when, by, seen: `${tags[before]!.name} and ${name} are the same commit, ${commit}` }
  }
  return null
}

/** The newest proof; a drill that a person only vouches for is none. */
export const proofOf = (name: Rehearsal, production: Production, drills: readonly DrillRecord[]): Proof | null => {
  const recorded = drills
    .filter(({ drill, proof }) => drill === name && proof === 'seen')
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ at, by, seen }): Proof => ({ at, by: 'drill', seen: `${by}: ${seen}` }))
  const deploys = production.monitoring?.deploys ?? []
  const twice =
    name === 'redeploy' || name === 'rollback'
      ? [twiceDeployed(deployTags(production), name, 'tags'), twiceDeployed(deploys, name, 'deploys')]
      : []
  // A test alert that somebody saw is what the drill looks for.
  const alerts = name === 'alert' ? (production.monitoring?.proofs ?? []) : []
  const seen = alerts.map(
    ({ channel, at, by }): Proof => ({ at, by: 'test-alert', seen: `a test alert to ${channel} was seen (${by})` }),
  )
  return (
    [...recorded, ...seen, ...twice.filter(proof => proof !== null)].sort((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null
  )
}

export type RehearsalState = {
  outcome: 'undocumented' | 'never' | 'stale' | 'done' | 'claimed'
  /** Day of the proof, or of the claim. */
  at: string | null
  days: number | null
  seen: string
}

const daysSince = (at: string, now: number): number => Math.floor((now - Date.parse(at)) / dayMs)

/** How well a procedure is known: written down, tried, and lately. */
export const stateOf = (
  name: Rehearsal,
  {
    documented,
    production,
    handover,
    drills,
  }: { documented: boolean; production: Production; handover: Handover; drills: readonly DrillRecord[] },
  now: number,
): RehearsalState => {
  const proof = proofOf(name, production, drills)
  const said = drills.filter(({ drill, proof: kind }) => drill === name && kind === 'said').at(-1)
  const claim = handover.rehearsed?.[name] ?? said?.at.slice(0, 10) ?? null
  if (proof) {
    const days = daysSince(proof.at, now)
    const outcome = days > rehearsalDays ? 'stale' : documented ? 'done' : 'undocumented'
    return { outcome, at: proof.at.slice(0, 10), days, seen: proof.seen }
  }
  if (!documented) return { outcome: 'undocumented', at: claim, days: null, seen: 'nothing says how it is done' }
  if (claim === null) return { outcome: 'never', at: null, days: null, seen: 'no rehearsal is recorded' }
  const days = daysSince(claim, now)
  const seen = `somebody says ${claim}; no drill is recorded`
  return { outcome: days > rehearsalDays ? 'stale' : 'claimed', at: claim, days, seen }
}

/** Whether a procedure is written down anywhere. */
export const isDocumented = (name: Rehearsal, production: Production, handover: Handover): boolean => {
  const { repository } = production
  const topics = (repository?.documents ?? []).map(({ topic }) => topic)
  const scripts = (repository?.scripts ?? []).map(({ does }) => does)
  const missing = (answer: string): boolean =>
    (repository?.named ?? []).some(one => one.answer === answer && !one.exists)
  switch (name) {
    case 'redeploy':
      return (
        (handover.deploy?.how !== undefined && !missing('deploy.how')) ||
        topics.includes('deploy') ||
        scripts.includes('deploy') ||
        (repository?.deploys.length ?? 0) > 0 ||
        (repository?.platforms.some(({ byPush }) => byPush) ?? false)
      )
    case 'rollback':
      return (
        (handover.rollback !== undefined && !missing('rollback')) ||
        topics.includes('rollback') ||
        scripts.includes('rollback') ||
        (repository?.backJobs.length ?? 0) > 0
      )
    case 'restore':
      return (
        (handover.restore !== undefined && !missing('restore')) ||
        topics.includes('restore') ||
        scripts.includes('restore')
      )
    case 'keyRotation':
      return (handover.keyRotation !== undefined && !missing('keyRotation')) || (handover.secrets?.length ?? 0) > 0
    case 'alert':
      return (production.monitoring?.alerts.length ?? 0) > 0 || (handover.links?.length ?? 0) > 0
  }
}
