// Which secrets of a history leaked in one way: told once each, the loss of one file would look like many.

type Leaked = {
  hash: string
  rule: string
  kind: string
  confidence: 'certain' | 'likely' | 'possible'
  places: readonly { path: string }[]
  removed: { id: string } | null
}

const order = { certain: 0, likely: 1, possible: 2 }

/**
 * Secrets that one commit took out of one file, private keys that one commit took out or that stood in one file, and tokens of one kind, which
 * are replaced in one place at their provider; the surest of them, by its hash, speaks for the others.
 */
export const spokenFor = <Secret extends Leaked>(secrets: readonly Secret[]): Map<string, Secret[]> => {
  const leaks = Map.groupBy(secrets, ({ hash, kind, places, removed }) =>
    removed ? `${kind === 'private-key' ? kind : places[0]?.path} ${removed.id}` : hash,
  )
  const spoken = [...leaks.values()].map(together =>
    together.toSorted((a, b) => order[a.confidence] - order[b.confidence]),
  )
  // Of one file, versions of one key follow one another: whoever makes a new one looks at what became of the others.
  const joined = Map.groupBy(spoken, ([first]) => {
    const { kind, rule, hash, places } = first!
    if (kind === 'token') return rule
    return kind === 'private-key' || kind === 'service-role' || kind === 'password'
      ? `${rule} ${places[0]?.path}`
      : hash
  })
  return new Map(
    [...joined.values()].map(groups => {
      const [first, ...others] = groups.toSorted(([a], [b]) => order[a!.confidence] - order[b!.confidence]).flat()
      return [first!.hash, others]
    }),
  )
}
