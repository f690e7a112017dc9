// Which secrets of a history leaked in one way: told once each, the loss of one file would look like many.

type Leaked = {
  hash: string
  confidence: 'certain' | 'likely' | 'possible'
  places: readonly { path: string }[]
  removed: { id: string } | null
}

const order = { certain: 0, likely: 1, possible: 2 }

/** Secrets that one commit took out of one file; the surest of them, by its hash, speaks for the others. */
export const spokenFor = <Secret extends Leaked>(secrets: readonly Secret[]): Map<string, Secret[]> => {
  const leaks = Map.groupBy(secrets, ({ hash, places, removed }) =>
    removed ? `${places[0]?.path} ${removed.id}` : hash,
  )
  return new Map(
    [...leaks.values()].map(together => {
      const [first, ...others] = together.toSorted((a, b) => order[a.confidence] - order[b.confidence])
      return [first!.hash, others]
    }),
  )
}
