// What is wrong with container images that are shipped: rules over what their Dockerfiles make of them.
import type { Place } from '../workflow/seen.ts'
import type { ImageFacts } from './dockerfile-judge.ts'

/** Worst first. */
export const imageFaultKinds = [
  'secrets-in-image',
  'handed-secrets',
  'open-arguments',
  'mutable-base',
  'root',
  'no-dockerignore',
  'no-healthcheck',
] as const
export type ImageFaultKind = (typeof imageFaultKinds)[number]

/** An image with its file, what keeps files out of it, and how it starts. */
export type Image = Omit<ImageFacts, 'runs' | 'beforeStart'> & {
  file: string
  dockerignore: string | null
  copiedEnvironment: string[]
  start: string | null
  startLine: number
}

const ignoreFault = ({ file, copiesAll, copiedEnvironment, dockerignore }: Image): Place[] => {
  if (copiesAll === null || (dockerignore !== null && copiedEnvironment.length === 0)) return []
  const goesIn = copiedEnvironment.length ? `: ${copiedEnvironment.slice(0, 3).join(', ')} goes in` : ''
  const why = dockerignore === null ? 'no .dockerignore' : `${dockerignore} does not keep it out`
  return [{ file, line: copiesAll, text: `${why}${goesIn}` }]
}

/** Secrets that stand in an image, those whose values something hands in when it is built, and those that nothing here hands in. */
const secretPlaces =
  (isHanded: boolean, isGiven: boolean) =>
  ({ file, secrets }: Image): Place[] =>
    secrets
      .filter(({ handed = false, given = false }) => handed === isHanded && given === isGiven)
      .map(({ line, how, name }) => ({ file, line, text: `${how} ${name}` }))

const finders: Readonly<Record<ImageFaultKind, (image: Image, isWatched: boolean) => Place[]>> = {
  'secrets-in-image': secretPlaces(false, false),
  'handed-secrets': secretPlaces(true, true),
  'open-arguments': secretPlaces(true, false),
  'mutable-base': ({ file, mutableBases }) => mutableBases.map(({ line, base }) => ({ file, line, text: base })),
  root: ({ file, user, stepsDown, userLine, bases }) =>
    user === null && !stepsDown
      ? [{ file, line: userLine, text: `no USER; base ${bases.at(-1)?.base ?? 'unknown'}` }]
      : [],
  'no-dockerignore': ignoreFault,
  'no-healthcheck': ({ file, healthcheck, start, startLine }, isWatched) =>
    isWatched || healthcheck || start === null
      ? []
      : [{ file, line: startLine, text: 'no HEALTHCHECK, and no health check of a platform' }],
}

/** The places of each fault, worst first; faults without a place are left out. `isWatched`: a platform asks whether the program is well. */
export const imageFaults = (
  images: readonly Image[],
  isWatched: boolean,
): { fault: ImageFaultKind; places: Place[] }[] =>
  imageFaultKinds
    .map(fault => ({ fault, places: images.flatMap(image => finders[fault](image, isWatched)) }))
    .filter(({ places }) => places.length > 0)
