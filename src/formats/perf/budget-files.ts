// Budgets for JavaScript that a repository keeps already: size-limit, bundlesize, bundlewatch, Lighthouse, Angular.
import { isRecord, recordsIn } from '../is-record.ts'
import { fileName } from '../repo/paths.ts'

export type SizeBudget = {
  tool: 'size-limit' | 'bundlesize' | 'bundlewatch' | 'lighthouse' | 'angular'
  file: string
  /** Files that it speaks of, as written; '' for all scripts of the first load. */
  path: string
  bytes: number
}

const units: Record<string, number> = { '': 1, b: 1, kb: 1000, kib: 1024, mb: 1e6, mib: 1024 * 1024 }

/** `200 kB`, `1.5MB`, `300` → bytes; null where it is a time or nothing that can be read. */
export const budgetBytes = (value: unknown, plain = 1): number | null => {
  if (typeof value === 'number') return value * plain
  const match = typeof value === 'string' ? /^\s?(\d{1,12}(?:\.\d{1,6})?) ?([a-z]{0,3})\s?$/i.exec(value) : null
  const unit = match ? units[match[2]!.toLowerCase()] : undefined
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : null
}

const text = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.filter(one => typeof one === 'string').join(', ')
      : ''

const isScript = (path: string): boolean => path === '' || !/\.(?:css|html|svg|png|jpe?g|woff2?)$/i.test(path)

const sized = (
  entries: readonly Record<string, unknown>[],
  tool: SizeBudget['tool'],
  file: string,
  limit: string,
): SizeBudget[] =>
  entries.flatMap(entry => {
    const bytes = budgetBytes(entry[limit])
    const path = text(entry['path'])
    return bytes !== null && isScript(path) ? [{ tool, file, path, bytes }] : []
  })

/** Lighthouse's budget.json counts in KiB. */
const lighthouse = (value: unknown, file: string): SizeBudget[] =>
  recordsIn(value).flatMap(budget =>
    recordsIn(budget['resourceSizes']).flatMap((size): SizeBudget[] =>
      size['resourceType'] === 'script' && typeof size['budget'] === 'number'
        ? [{ tool: 'lighthouse', file, path: '', bytes: size['budget'] * 1024 }]
        : [],
    ),
  )

const assertion = (value: unknown, file: string): SizeBudget[] => {
  const given = Array.isArray(value) ? value[1] : undefined
  const bytes = isRecord(given) ? budgetBytes(given['maxNumericValue']) : null
  return bytes === null ? [] : [{ tool: 'lighthouse', file, path: '', bytes }]
}

const angular = (value: Record<string, unknown>, file: string): SizeBudget[] =>
  Object.values(isRecord(value['projects']) ? value['projects'] : {}).flatMap(project => {
    const build = isRecord(project) ? (project['architect'] ?? project['targets']) : null
    const options = isRecord(build) && isRecord(build['build']) ? build['build'] : {}
    const production = isRecord(options['configurations']) ? options['configurations']['production'] : null
    const budgets = [
      isRecord(production) ? production['budgets'] : null,
      isRecord(options['options']) ? options['options']['budgets'] : null,
    ]
    return budgets.flatMap(recordsIn).flatMap((budget): SizeBudget[] => {
      const bytes = budgetBytes(budget['maximumError'] ?? budget['error'])
      return budget['type'] === 'initial' && bytes !== null ? [{ tool: 'angular', file, path: '', bytes }] : []
    })
  })

/** Files that may hold budgets. */
export const mayHoldBudgets =
  /(?:^|\/)(?:package\.json|\.size-limit(?:\.json)?|bundlesize\.config\.json|\.?bundlewatch(?:\.config)?\.json|\.bundlewatchrc|(?:lighthouse-?)?budgets?\.json|\.?lighthouserc(?:\.json)?|angular\.json)$/

/** Budgets of one file; nothing where it is none, or cannot be read. */
export const sizeBudgets = (file: string, source: string): SizeBudget[] => {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    return []
  }
  const name = fileName(file)
  if (/size-limit/.test(name)) return sized(recordsIn(value), 'size-limit', file, 'limit')
  if (/budgets?\.json$/.test(name)) return lighthouse(value, file)
  if (!isRecord(value)) return []
  if (name === 'package.json') {
    const watch = isRecord(value['bundlewatch']) ? value['bundlewatch'] : {}
    return [
      ...sized(recordsIn(value['size-limit']), 'size-limit', file, 'limit'),
      ...sized(recordsIn(value['bundlesize']), 'bundlesize', file, 'maxSize'),
      ...sized(recordsIn(watch['files']), 'bundlewatch', file, 'maxSize'),
    ]
  }
  if (/bundlesize/.test(name)) return sized(recordsIn(value['files']), 'bundlesize', file, 'maxSize')
  if (/bundlewatch/.test(name)) return sized(recordsIn(value['files']), 'bundlewatch', file, 'maxSize')
  if (name === 'angular.json') return angular(value, file)
  const ci = isRecord(value['ci']) && isRecord(value['ci']['assert']) ? value['ci']['assert'] : {}
  const assertions = isRecord(ci['assertions']) ? ci['assertions'] : {}
  return [...assertion(assertions['resource-summary:script:size'], file), ...lighthouse(ci['budgets'], file)]
}

/** Commands and actions that hold a build to its budgets. */
export const enforcesBudget =
  /\bsize-limit\b|\bbundlesize\b|\bbundlewatch\b|\blhci\b|lighthouse-ci|\blighthouse\b.*--budget|launch-ready\s+perf\s+budget/i
