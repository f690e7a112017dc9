// Exit codes of the contract.

export const exitCodes = {
  /** Judged, and nothing at or above --fail-on. */
  ok: 0,
  /** Judged, and something at or above --fail-on. */
  found: 1,
  /** The command line or the config is wrong; nothing was run. */
  usage: 2,
  /** Nothing found, but a check that could have found something could not be judged. */
  couldNotTell: 3,
  /** A defect of the tool itself. */
  defect: 4,
  interrupted: 130,
} as const

/** Thrown by a command to end with a code after it has said all there is to say. */
export class Exit extends Error {
  override name = 'Exit'
  readonly code: number
  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}
