// Whose flows a config holds: nothing is sent for another domain than its own.

/** Whether the flows of a config are meant for the domain under audit. */
export const isAsked = (ofConfig: string | undefined, audited: string | null): boolean =>
  ofConfig === undefined || ofConfig === audited

/** Why the flows are not walked, in words. */
export const notAsked = (ofConfig: string | undefined): string =>
  `the flows of the config belong to ${ofConfig}; nothing is sent for another domain`
