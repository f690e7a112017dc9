// Where the repository itself runs or pushes its schema: by scripts that platforms run to build or to start, and by programs at hand.
import { ciProviderOf } from '../../data/ci-systems.ts'
import {
  callersIn,
  carriesMigrations,
  mayRunMigrations,
  type Runner,
  reachedBy,
  runnersIn,
} from '../../formats/migrations/runners.ts'
import { isUnshipped } from '../../formats/shipped.ts'
import type { RepoReader } from './read.ts'

export type MigrationRuns = {
  /** By the scripts that every platform runs to build and to start a package. */
  built: Runner[]
  started: Runner[]
  /** By a program that nothing here shows to be part of a deploy. */
  elsewhere: Runner[]
  /** Scripts that push a schema for which there are no migrations. */
  pushes: { file: string; line: number; text: string }[]
}

const maxFiles = 400
const maxPlaces = 20

const pushing = /\bprisma(?:@\S{1,80})?\s+(?:--\S{1,200}\s+){0,20}db\s+push\b|\bdrizzle-kit\s+push\b(?!:)/

/** The schema files of a tool that can be pushed. PlanetScale (`relationMode`) and MongoDB have no other way. */
const pushable = (files: readonly string[], reader: RepoReader): { prisma: boolean; drizzle: boolean } => {
  const schemas = files.filter(file => file.endsWith('.prisma') && !isUnshipped(file)).slice(0, 60)
  const text = schemas.map(file => reader.maybe(file, { maxBytes: 256 << 10 }) ?? '').join('\n')
  return {
    prisma: /^datasource\b/m.test(text) && !/provider\s*=\s*"mongodb"|relationMode\s*=\s*"prisma"/.test(text),
    drizzle: files.some(file => /(?:^|\/)drizzle\.config\.[cm]?[jt]s$/.test(file) && !isUnshipped(file)),
  }
}

/** Where migrations run, and which scripts push a schema; `without` says that no migrations were found. */
export const runsOf = (files: readonly string[], reader: RepoReader, without: boolean): MigrationRuns => {
  const programs = files.filter(file => mayRunMigrations(file) && !isUnshipped(file)).slice(0, maxFiles)
  const texts = programs.map(file => ({ file, text: reader.maybe(file, { maxBytes: 128 << 10 }) ?? '' }))
  const runners = texts.flatMap(({ file, text }) => runnersIn(file, text)).slice(0, 200)
  const carried = files
    .filter(
      file => /\.(?:go|rs)$/.test(file) && /migrat|store|database|db|schema|main/i.test(file) && !isUnshipped(file),
    )
    .slice(0, maxFiles)
    .flatMap(file => {
      const text = reader.maybe(file, { maxBytes: 64 << 10 }) ?? ''
      const line = carriesMigrations(text) ? text.split('\n').findIndex(carriesMigrations) + 1 : 0
      return line > 0 ? [{ file, line, text: text.split('\n')[line - 1]!.trim().slice(0, 160), orm: null }] : []
    })
  const packages = texts.filter(({ file }) => /(?:^|\/)package\.json$/.test(file))
  const called = files
    .filter(file => ciProviderOf(file) !== null)
    .slice(0, maxFiles)
    .flatMap(file =>
      callersIn(
        file,
        reader.maybe(file, { maxBytes: 128 << 10 }) ?? '',
        packages.map(({ text }) => text),
      ),
    )
  const reached = packages.map(({ file, text }) => reachedBy(file, text, runners))
  const can = without ? pushable(files, reader) : { prisma: false, drizzle: false }
  const pushes = packages.flatMap(({ file, text }) =>
    text.split('\n').flatMap((row, index) => {
      const match = pushing.exec(row)
      const tool = match?.[0].startsWith('drizzle') ? 'drizzle' : 'prisma'
      return match && can[tool] ? [{ file, line: index + 1, text: row.trim().replace(/,$/, '').slice(0, 160) }] : []
    }),
  )
  return {
    built: reached.flatMap(({ build }) => build).slice(0, maxPlaces),
    started: reached.flatMap(({ start }) => start).slice(0, maxPlaces),
    elsewhere: [...carried, ...called, ...runners].slice(0, maxPlaces),
    pushes: pushes.slice(0, maxPlaces),
  }
}
