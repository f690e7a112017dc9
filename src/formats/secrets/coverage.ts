// How much of a history was read for secrets, in words.

const number = (value: number): string => value.toLocaleString('en')

/** Commits and versions of files that were read; `missing` are those that a partial clone leaves out. */
export type Coverage = {
  commits: { read: number; total: number }
  versions: { read: number; missing: number }
}

/** `1,204 of 1,204 commits, 3,811 versions of files, 2 not here`. */
export const coverageInWords = ({ commits, versions }: Coverage): string =>
  `${number(commits.read)} of ${number(commits.total)} commits, ${number(versions.read)} versions of files${versions.missing ? `, ${number(versions.missing)} not here` : ''}`
