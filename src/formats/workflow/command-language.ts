// The language whose tools a command calls: what is built in one is not tested by the tests of another.

const tools: readonly [RegExp, string][] = [
  [
    /^(?:npm|npx|pnpm|yarn|bunx?|node|deno|corepack|vite(?:st)?|jest|mocha|playwright|cypress|turbo|nx|lerna|next|nuxi?|ng|tsc)$/,
    'javascript',
  ],
  [/^(?:python[\d.]*|pip[\d.]*|pytest|uv|poetry|pipenv|pdm|tox|nox|hatch)$/, 'python'],
  [/^(?:bundle|rails|rake|rspec|ruby|bin\/(?:rails|rake|rspec))$/, 'ruby'],
  [/^(?:php|composer|phpunit|pest|artisan|vendor\/bin\/\S+)$/, 'php'],
  [/^go$/, 'go'],
  [/^(?:dotnet|msbuild|nuget)$/, 'dotnet'],
  [/^(?:mix|elixir)$/, 'elixir'],
  [/^cargo$/, 'rust'],
  [/^(?:\.\/)?(?:mvnw?|gradlew?|sbt)$/, 'jvm'],
  [/^(?:flutter|dart)$/, 'dart'],
]

/** The language of a command, by what it ends at (`a → b`: b is what a script calls); null where its first word says none. */
export const languageOf = (text: string): string | null => {
  const called = text.slice(text.lastIndexOf('→') + 1).trim()
  const word = called.split(/\s/, 1)[0]!.slice(0, 80)
  return tools.find(([pattern]) => pattern.test(word))?.[1] ?? null
}
