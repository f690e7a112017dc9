// The walk of `perf users` as a script for k6 (https://grafana.com/docs/k6/latest/).

type Step = {
  get?: string | undefined
  post?: string | undefined
  json?: Readonly<Record<string, string>> | undefined
  form?: Readonly<Record<string, string>> | undefined
  submit?: string | undefined
  click?: string | undefined
  fill?: Readonly<Record<string, string>> | undefined
  expectStatus?: number | undefined
  expectText?: string | undefined
  expectUrl?: string | undefined
}

export type K6Input = {
  users: number
  walks: number
  rampUpMs: number
  think: { least: number; most: number }
  flows: readonly { name: string; steps: readonly Step[] }[]
  routes: readonly {
    name: string
    url: string
    headers?: Readonly<Record<string, string>> | undefined
    after?: string | undefined
    session?: { json?: string | undefined; header?: string | undefined; prefix?: string | undefined } | undefined
    targetMs: number
    expected: readonly number[]
  }[]
  /** Values that come from the environment, and their names: they stand in the script as `__ENV.NAME`. */
  secrets: ReadonlyMap<string, string>
}

/** A string of JavaScript; what came from the environment is read from there again. */
const text = (value: string, secrets: K6Input['secrets']): string => {
  const found = [...secrets]
    .filter(([secret]) => secret !== '' && value.includes(secret))
    .sort((a, b) => b[0].length - a[0].length)
  const [first] = found
  if (!first) return JSON.stringify(value)
  const [secret, name] = first
  return value
    .split(secret)
    .map(part => (part === '' ? null : text(part, secrets)))
    .flatMap((part, at) => [...(at > 0 ? [`__ENV.${name}`] : []), ...(part === null ? [] : [part])])
    .join(' + ')
}

const object = (fields: Readonly<Record<string, string>>, secrets: K6Input['secrets']): string =>
  `{ ${Object.entries(fields)
    .map(([name, value]) => `${JSON.stringify(name)}: ${text(value, secrets)}`)
    .join(', ')} }`

/** What a step expects of the answer. */
const checksOf = (name: string, step: Step): string => {
  const wanted = [
    step.expectStatus === undefined
      ? `${JSON.stringify(`${name}: no error`)}: r => r.status > 0 && r.status < 400`
      : `${JSON.stringify(`${name}: status ${step.expectStatus}`)}: r => r.status === ${step.expectStatus}`,
    ...(step.expectText === undefined
      ? []
      : [
          `${JSON.stringify(`${name}: says ${step.expectText}`)}: r => String(r.body).includes(${JSON.stringify(step.expectText)})`,
        ]),
    ...(step.expectUrl === undefined
      ? []
      : [
          `${JSON.stringify(`${name}: ends at ${step.expectUrl}`)}: r => r.url.includes(${JSON.stringify(step.expectUrl)})`,
        ]),
  ]
  return `  check(page, { ${wanted.join(', ')} })`
}

const stepOf = (flow: string, step: Step, filled: Record<string, string>, { secrets }: K6Input): string[] => {
  const tags = `{ tags: { step: ${JSON.stringify(flow)} } }`
  Object.assign(filled, step.fill)
  const fields = object({ ...filled, ...step.form }, secrets)
  const lines = ['  pause()']
  if (step.get) lines.push(`  page = http.get(${text(step.get, secrets)}, ${tags})`)
  else if (step.post && step.json)
    lines.push(
      `  page = http.post(${text(step.post, secrets)}, JSON.stringify(${object(step.json, secrets)}), { headers: { 'content-type': 'application/json' }, tags: { step: ${JSON.stringify(flow)} } })`,
    )
  else if (step.post) lines.push(`  page = http.post(${text(step.post, secrets)}, ${fields}, ${tags})`)
  else if (step.submit !== undefined)
    lines.push(`  page = page.submitForm({ formSelector: 'form', fields: ${fields}, params: ${tags} })`)
  else if (step.click !== undefined)
    lines.push(
      `  page = page.clickLink({ selector: ${JSON.stringify(`a:contains(${JSON.stringify(step.click)})`)}, params: ${tags} })`,
    )
  if (step.post !== undefined || step.submit !== undefined) for (const key of Object.keys(filled)) delete filled[key]
  return [...lines, checksOf(flow, step)]
}

const routeOf = (
  route: K6Input['routes'][number],
  names: ReadonlyMap<string, string>,
  { secrets }: K6Input,
): string[] => {
  const { name, url, headers = {}, after, session, expected } = route
  const page = after === undefined ? undefined : names.get(after)
  const token =
    page && session?.json !== undefined
      ? [
          `${JSON.stringify(session.header ?? 'authorization')}: ${JSON.stringify(session.prefix ?? 'Bearer ')} + String(${page}.json(${JSON.stringify(session.json)}))`,
        ]
      : []
  const given = Object.entries(headers).map(([key, value]) => `${JSON.stringify(key)}: ${text(value, secrets)}`)
  const params = `{ headers: { ${[...given, ...token].join(', ')} }, tags: { route: ${JSON.stringify(name)} } }`
  const good = expected.length
    ? `${JSON.stringify([...expected])}.includes(r.status)`
    : 'r.status > 0 && r.status < 400'
  return [
    '  pause()',
    `  check(http.get(${text(url, secrets)}, ${params}), { ${JSON.stringify(`${name} answers`)}: r => ${good} })`,
  ]
}

/** The script. Customers arrive over the ramp; each has cookies of its own and makes pauses. */
export const k6Script = (input: K6Input): string => {
  const { users, walks, rampUpMs, think, flows, routes } = input
  const names = new Map(flows.map(({ name }, at) => [name, `flow${at + 1}`]))
  const functions = flows.flatMap(({ name, steps }) => {
    const filled: Record<string, string> = {}
    return [
      `/** ${name.replaceAll('*/', '* /')} */`,
      `const ${names.get(name)!}Walk = () => {`,
      '  let page',
      ...steps.flatMap(step => stepOf(name, step, filled, input)),
      '  return page',
      '}',
      '',
    ]
  })
  const thresholds = routes.map(
    ({ name, targetMs }) => `    ${JSON.stringify(`http_req_duration{route:${name}}`)}: ['p(95)<${targetMs}'],`,
  )
  return `${[
    '// Written by launch-ready perf export k6. Run it with: k6 run <this file>',
    ...[...new Set(input.secrets.values())].map(
      name => `// It reads ${name} from the environment: k6 run -e ${name}=… <this file>`,
    ),
    "import { check, sleep } from 'k6'",
    "import http from 'k6/http'",
    '',
    'export const options = {',
    `  scenarios: { customers: { executor: 'per-vu-iterations', vus: ${users}, iterations: ${walks}, maxDuration: '30m' } },`,
    '  thresholds: {',
    "    http_req_failed: ['rate<0.01'],",
    "    checks: ['rate>0.99'],",
    ...thresholds,
    '  },',
    '}',
    '',
    '// Pauses differ from customer to customer and from click to click, and are the same in each run.',
    'let clicks = 0',
    'const pause = () => {',
    '  clicks += 1',
    `  sleep(${think.least / 1000} + (((__VU * 37 + clicks * 17) % 101) / 100) * ${Math.max(0, think.most - think.least) / 1000})`,
    '}',
    '',
    ...functions,
    'export default function () {',
    `  if (__ITER === 0) sleep(((__VU - 1) * ${rampUpMs / 1000}) / ${users})`,
    ...flows.map(({ name }) => `  const ${names.get(name)!} = ${names.get(name)!}Walk()`),
    ...routes.flatMap(route => routeOf(route, names, input)),
    '}',
  ].join('\n')}\n`
}
