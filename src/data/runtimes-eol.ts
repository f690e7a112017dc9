// End of support of language runtimes, by release cycle. Dates are the projects' own (nodejs/Release schedule, devguide.python.org/versions,
// ruby-lang.org maintenance branches, php.net/supported-versions, go.dev/doc/devel/release), as published up to November 2026; later ones are
// their announced plans. `next` is what to move to.

export type Runtime = 'node' | 'python' | 'ruby' | 'php' | 'go'

export const runtimesUpdated = '2026-11-01'

export const endOfLife: Readonly<Record<Runtime, Readonly<Record<string, string>>>> = {
  node: {
    '10': '2021-04-30',
    '12': '2022-04-30',
    '13': '2020-06-01',
    '14': '2023-04-30',
    '15': '2021-06-01',
    '16': '2023-09-11',
    '17': '2022-06-01',
    '18': '2025-04-30',
    '19': '2023-06-01',
    '20': '2026-04-30',
    '21': '2024-06-01',
    '22': '2027-04-30',
    '23': '2025-06-01',
    '24': '2028-04-30',
    '25': '2026-06-01',
    '26': '2029-04-30',
  },
  python: {
    '2.7': '2020-01-01',
    '3.5': '2020-09-30',
    '3.6': '2021-12-23',
    '3.7': '2023-06-27',
    '3.8': '2024-10-07',
    '3.9': '2025-10-31',
    '3.10': '2026-10-31',
    '3.11': '2027-10-31',
    '3.12': '2028-10-31',
    '3.13': '2029-10-31',
    '3.14': '2030-10-31',
  },
  ruby: {
    '2.5': '2021-04-05',
    '2.6': '2022-04-12',
    '2.7': '2023-03-31',
    '3.0': '2024-04-23',
    '3.1': '2025-03-26',
    '3.2': '2026-03-31',
    '3.3': '2027-03-31',
    '3.4': '2028-03-31',
    '4.0': '2029-03-31',
  },
  php: {
    '7.2': '2020-11-30',
    '7.3': '2021-12-06',
    '7.4': '2022-11-28',
    '8.0': '2023-11-26',
    '8.1': '2025-12-31',
    '8.2': '2026-12-31',
    '8.3': '2027-12-31',
    '8.4': '2028-12-31',
    '8.5': '2029-12-31',
  },
  // Go supports the two newest releases: a release ends when the second after it comes out.
  go: {
    '1.18': '2023-02-01',
    '1.19': '2023-08-08',
    '1.20': '2024-02-06',
    '1.21': '2024-08-13',
    '1.22': '2025-02-11',
    '1.23': '2025-08-12',
    '1.24': '2026-02-10',
    '1.25': '2026-08-11',
  },
}

/** What to move to today: the newest release with the longest support. */
export const recommended: Readonly<Record<Runtime, string>> = {
  node: '24',
  python: '3.13',
  ruby: '3.4',
  php: '8.4',
  go: '1.26',
}

/** Release cycle of a version: the major for Node, major and minor for the others. */
export const cycleOf = (runtime: Runtime, version: { major: number; minor: number }): string =>
  runtime === 'node' ? String(version.major) : `${version.major}.${version.minor}`

/** What people call it. */
export const runtimeLabels: Readonly<Record<Runtime, string>> = {
  node: 'Node.js',
  python: 'Python',
  ruby: 'Ruby',
  php: 'PHP',
  go: 'Go',
}

/** The file of its own that version managers and platforms read. */
export const runtimePinFiles: Readonly<Record<Runtime, string>> = {
  node: '.nvmrc',
  python: '.python-version',
  ruby: '.ruby-version',
  php: '.php-version',
  go: '.go-version',
}
