// Environment files that are handed to others to fill in: the file of a self-hosted product, with its defaults.

type Entry = {
  class: string
  kind: string | null
  commented: boolean
  empty: boolean
  local: boolean
  secretName: boolean
}

const isSecret = ({ commented, class: value }: Entry): boolean => !commented && value === 'secret'

/**
 * Whether a file waits to be filled in: two of its secrets or addresses and more are left empty, are a placeholder or name this machine, and
 * what it holds has no provider's shape. Its values are defaults that everybody has; whether one guards something, nobody can tell from here.
 */
export const isTemplate = (path: string, entries: readonly Entry[]): boolean => {
  if (/(?:^|[/._-])(?:prod|production|live|staging)(?=[/._-]|$)/i.test(path)) return false
  const secrets = entries.filter(isSecret)
  if (secrets.length === 0 || secrets.some(({ kind }) => kind !== 'password' && kind !== 'generic')) return false
  const open = entries.filter(
    one => !one.commented && (one.local || (one.secretName && (one.empty || one.class === 'placeholder'))),
  )
  return open.length >= 2 && open.length >= secrets.length
}
