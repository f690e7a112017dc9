// What a health route says: by its answer from outside, and by its handler's code.

/** Words of an answer that say that something is not well, though the status says 200. */
export const saysUnwell = (body: string): string | null => {
  try {
    const value: unknown = JSON.parse(body)
    return unwellIn(value, '', 0)
  } catch {
    const word = /^\s*(?:unhealthy|down|error|fail(?:ed|ure)?|not ok)\s*$/i.exec(body)
    return word ? word[0].trim() : null
  }
}

const unwell = /^(?:down|unhealthy|error|fail|failed|failing|ko|not ok|unavailable|disconnected|critical)$/i

const unwellIn = (value: unknown, path: string, depth: number): string | null => {
  if (typeof value !== 'object' || value === null || depth > 4) return null
  for (const [name, item] of Object.entries(value)) {
    const at = path ? `${path}.${name}` : name
    const isVerdict = /^(?:status|state|health|healthy|ok|db|database|redis|cache|queue|healthStatus)$/i.test(name)
    if (isVerdict && typeof item === 'string' && unwell.test(item)) return `${at}: ${item}`
    if (/^(?:ok|healthy)$/i.test(name) && item === false) return `${at}: false`
    const inner = unwellIn(item, at, depth + 1)
    if (inner) return inner
  }
  return null
}

/** What an answer tells strangers: connection strings, private addresses, paths, stack traces, environment. */
export const internalsIn = (body: string): string[] => {
  const shapes: [string, RegExp][] = [
    ['a connection string', /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqp)s?:\/\/[^\s"']+/],
    [
      'a private address',
      /\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b|"(?:host|hostname)"\s*:\s*"(?:ip-\d+|[\w-]+\.internal)/,
    ],
    ['a stack trace', /\bat [\w.<>]{1,80} \(?[/\w.-]{1,200}:\d+:\d+|Traceback \(most recent call last\)/],
    ['a path of the server', /"(?:\/home\/|\/var\/www\/|\/app\/|\/srv\/|\/usr\/)[\w/.-]+"/],
    ['the environment', /"(?:env|environment|process)"\s*:\s*\{|"(?:PATH|NODE_ENV|AWS_\w+|DATABASE_URL)"\s*:/],
    [
      'versions of its parts',
      /"(?:postgres|postgresql|mysql|redis|node|php|ruby|python|dependencies)"\s*:\s*\{?\s*"?(?:version"?\s*:\s*")?v?\d+\.\d+/i,
    ],
  ]
  return shapes.filter(([, shape]) => shape.test(body)).map(([what]) => what)
}

/** A cache answers in the place of the program; null where none does. */
export const cachedBy = (headers: readonly (readonly [string, string])[]): string | null => {
  const value = (name: string): string => headers.find(([key]) => key === name)?.[1] ?? ''
  if (Number(value('age')) > 0) return `age: ${value('age')}`
  for (const name of ['cf-cache-status', 'x-cache', 'x-vercel-cache', 'x-cache-status'])
    if (/\b(?:HIT|STALE|UPDATING)\b/i.test(value(name))) return `${name}: ${value(name)}`
  const control = value('cache-control')
  if (/no-store|private|no-cache/i.test(control)) return null
  const seconds = Number(/s-maxage=(\d+)/i.exec(control)?.[1] ?? /max-age=(\d+)/i.exec(control)?.[1] ?? 0)
  return seconds > 0 ? `cache-control: ${control}` : null
}

/** A handler that asks nothing: it answers with a constant. `text` begins at the route. */
export const isConstant = (text: string): boolean => {
  const handler = text.slice(0, 900)
  const end = /\n(?:\}|\)| {2}\}\);?|end\b|def |@|class |export )/.exec(handler.slice(10))
  const body = end ? handler.slice(0, end.index + 10) : handler
  if (
    /await|query|prisma|\bdb\b|database|redis|knex|sequelize|pool|connection|execute|select 1|ping\(|check|fetch\(|ActiveRecord|health\w*\(|\.ready|terminus|cursor/i.test(
      body.split('\n').slice(1).join('\n') || body.slice(20),
    )
  )
    return false
  return /['"]?(?:ok|healthy|up|alive|pong)['"]?|sendStatus\(\s*200|status\(\s*200|HttpResponse\(|new Response\(|head :ok|Response::|return\s*\{/i.test(
    body,
  )
}
