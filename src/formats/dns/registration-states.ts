// EPP states of a registration as RDAP words them (RFC 8056): which of them keep a domain from working, or from being moved away.

/** The state for which the registry does not publish the domain, or soon deletes it; null where there is none. */
export const holdOf = (states: readonly string[]): string | null =>
  states.find(state => /\bhold$|redemption period|pending delete|^inactive$/.test(state)) ?? null

/** Whether a transfer to another registrar is refused. Without any state the registry says nothing, which is not "unlocked". */
export const isUnlocked = (states: readonly string[]): boolean =>
  states.length > 0 && !states.some(state => state.endsWith('transfer prohibited'))
