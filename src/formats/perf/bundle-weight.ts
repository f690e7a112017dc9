// What first loads weigh beside their budgets.

import { fileName, folderOf } from '../repo/paths.ts'
import type { SizeBudget } from './budget-files.ts'

export type Weighed = {
  /** The package or the host. */
  what: string
  bytes: number
  budget: number | null
  before: number | null
  parts: { path: string; bytes: number }[]
  heaviest: string
}

type Built = { path: string; bytes: number; files: { path: string; bytes: number }[] }

/** The tightest budget for the whole of a package's scripts: those of its own folder, else of the root. */
const budgetFor = (path: string, budgets: readonly SizeBudget[]): number | null => {
  const of = (folder: string): number[] =>
    budgets.filter(({ file }) => folderOf(file).replace(/(?:^|\/)\.github$/, '') === folder).map(({ bytes }) => bytes)
  const own = of(path)
  const all = own.length ? own : of('')
  return all.length ? Math.max(...all) : null
}

const heaviestOf = (parts: readonly { path: string; bytes: number }[]): string =>
  [...parts].sort((a, b) => b.bytes - a.bytes)[0]?.path ?? ''

/** Packages that were built. `own` is the budget of the config. */
export const weighPackages = (
  {
    packages,
    budgets,
    before,
  }: {
    packages: readonly { path: string; built: Built | null }[]
    budgets: readonly SizeBudget[]
    before: Readonly<Record<string, number>>
  },
  own: number | null,
): Weighed[] =>
  packages.flatMap(({ path, built }) =>
    built && built.files.length > 0
      ? [
          {
            what: path === '' ? 'The front page' : fileName(path),
            bytes: built.bytes,
            budget: own ?? budgetFor(path, budgets),
            before: before[path] ?? null,
            parts: [...built.files].sort((a, b) => b.bytes - a.bytes),
            heaviest: heaviestOf(built.files),
          },
        ]
      : [],
  )

/** Whether scripts have grown: by a tenth, and by what a visitor notices. */
export const hasGrown = (before: number, now: number): boolean => now > before * 1.1 && now > before + 10_000

/** Under which name a baseline keeps the front page of a host; those of packages stand under their folders. */
export const hostKey = (host: string): string => `https://${host}/`

/** A host's front page, where the config gives a budget or the baseline knows it. `before` is the baseline's. */
export const weighHost = (
  host: string,
  parts: readonly { path: string; bytes: number }[],
  own: number | null,
  before: number | null,
): Weighed[] =>
  (own === null && before === null) || parts.length === 0
    ? []
    : [
        {
          what: host.length > 24 ? 'The front page' : host,
          bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
          budget: own,
          before,
          parts: [...parts].sort((a, b) => b.bytes - a.bytes),
          heaviest: heaviestOf(parts),
        },
      ]
