// What a detector is handed: the text, where it comes from, and how its class depends on that.
import type { Found, SecretClass } from '../hit.ts'
import type { PathKind } from '../path-kind.ts'

export type Looked = {
  text: string
  path: string
  /** A file of a repository; else what a browser is sent. */
  repo: boolean
  kind: PathKind
}

/** Judges one place of a text: what stands at `index`, or null. Pure. */
export type Detector = (at: Looked, index: number, literal: string) => Found | null

/** The class of a secret where it stands: among tests it is an example, unless a checksum proves it real. */
export const classIn = ({ repo, kind }: Looked, given: SecretClass, proven = false): SecretClass => {
  if (given === 'public' || given === 'encrypted' || given === 'placeholder' || !repo) return given
  return kind === 'test' && !proven ? 'documentation' : given
}

/** A live secret where it stands, or the example of a manual. */
export const liveIn = (at: Looked): SecretClass => (at.kind === 'documentation' ? 'documentation' : classIn(at, 'live'))
