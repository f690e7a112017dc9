// How much of what a host's pages load was read, in words: for the evidence of a pass, and for why there is none.

/** Counts and gaps of one host's pages and scripts, as in the fact `bundles`. */
export type Reading = {
  pages: readonly string[]
  files: number
  /** After decoding. */
  bytes: number
  unread: readonly { url: string; message: string }[]
  leftOut: readonly string[]
}

/** `2 pages and 3 files, 410 kB`. */
export const readSummary = ({ pages, files, bytes }: Reading): string =>
  `${pages.length} pages and ${files} files, ${Math.ceil(bytes / 1000)} kB`

/** Why "nothing was found" proves nothing: what could not be read, or was left out by the budget; null where all was read. */
export const gapOf = ({ unread, leftOut }: Reading): string | null => {
  const [first] = unread
  if (first) return `${unread.length} files could not be read (${first.url}: ${first.message})`
  return leftOut[0] ? `not all was read: ${leftOut[0]}; audit.bundleBudget sets how much is` : null
}
