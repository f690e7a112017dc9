// Addresses in a page's code that exist on a developer's machine alone, or for a moment: localhost, private networks, tunnels,
// preview deployments, an API over plain http. Libraries carry many such literals as defaults and in comments; what counts is a
// literal that is called, or that stands as the value of a setting, with no other value for the same setting beside it.

export type EndpointKind = 'local' | 'private' | 'tunnel' | 'preview' | 'plain-http'

/** Why an address of each kind fails for customers, as the end of a sentence that begins with the address. */
export const endpointFault: Readonly<Record<EndpointKind, string>> = {
  local: 'exists on the developer’s machine alone',
  private: 'is inside a private network',
  tunnel: 'is a tunnel to somebody’s machine',
  preview: 'is a preview deployment',
  'plain-http': 'is asked without encryption, which browsers block',
}

export type DevelopmentEndpoint = {
  /** Scheme, host and port: paths and logins are left out. */
  endpoint: string
  kind: EndpointKind
  /** `call`: handed to fetch and its like. `setting`: the value of a name such as apiUrl. `markup`: a form or a resource. */
  by: 'call' | 'setting' | 'markup'
  index: number
}

const local =
  /^(?:localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[\w-]+\.local|(?:[\w-]+\.)?lvh\.me)$/i
const privateNetwork = /^(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})$/
const tunnel =
  /^[\w-]{2,}(?:\.[\w-]+)*\.(?:ngrok\.(?:io|app|dev)|ngrok-free\.(?:app|dev)|trycloudflare\.com|loca\.lt|localhost\.run|serveo\.net|devtunnels\.ms|tunnelmole\.net)$/i
const preview =
  /^(?:[\w-]+-git-[\w-]+\.vercel\.app|[\w-]+-[a-z0-9]{9}-[\w-]+\.vercel\.app|deploy-preview-\d+--[\w-]+\.netlify\.app|[0-9a-f]{24}--[\w-]+\.netlify\.app|[0-9a-f]{8}\.[\w-]+\.pages\.dev|[\w-]+-pr-\d+\.(?:onrender\.com|herokuapp\.com|fly\.dev|up\.railway\.app)|[\w-]+\.(?:gitpod\.io|app\.github\.dev|webcontainer\.io|csb\.app))$/i

/** Ports at which libraries look by themselves: collectors of traces, Sentry's Spotlight, GoTrue, React's developer tools, Ollama. */
const libraryPorts = new Set(['4317', '4318', '8969', '9411', '9999', '8097', '11434', '14268'])

const kindOf = (url: URL, site: (host: string) => boolean): EndpointKind | null => {
  const host = url.hostname
  if (local.test(host)) return libraryPorts.has(url.port) ? null : 'local'
  if (privateNetwork.test(host)) return 'private'
  if (tunnel.test(host)) return 'tunnel'
  if (preview.test(host) && !site(host)) return 'preview'
  if ((url.protocol === 'http:' || url.protocol === 'ws:') && host.includes('.') && site(host)) return 'plain-http'
  return null
}

/** What stands right before a literal that is called. */
const called =
  /(?:\bfetch\(|\.open\(\s*["'`][A-Z]+["'`]\s*,|\bnew (?:WebSocket|EventSource|Worker|SharedWorker)\(|\baxios(?:\.\w+)?\(|\baxios\.create\(\s*\{\s*baseURL\s*:|\$\.(?:get|post|getJSON)\(|\.sendBeacon\(|\bio\(|\bnew (?:ApolloClient|HttpLink|GraphQLClient)\((?:\{\s*uri\s*:)?|\bbaseURL\s*:|\.(?:get|post|put|delete|patch)\(|\$fetch\(|\bofetch\(|\bky(?:\.\w+)?\(|\bcreateClient\(|\b(?:connectAuthEmulator|useEmulator|useFunctionsEmulator)\((?:[\w$.]{1,60}\s*,)?)\s*$/
const settingName =
  /([{,;(\s]|(?<!\bthis)\.)\s*["']?([A-Za-z_$][\w$]{0,60})["']?\s*[:=]\s*(?:\(?\s*(?:void 0|undefined|null|""|''|\{\}\.\w+)\s*\)?\s*(?:\|\||\?\?)\s*)?$/
const meansEndpoint =
  /[aA]pi(?:Base|Root|Host|Server)$|(?:api|backend|server|service|graphql|socket|ws|gateway|endpoint|app|site|auth|base)_?(?:base)?_?(?:url|uri|host|origin|endpoint|root|base|server)?$|(?:URL|Url|_url|URI|Uri|_uri|ENDPOINT|Endpoint|_endpoint|ORIGIN|Origin)$|(?:api|server|backend)_?(?:base|root|host)$/
/** What follows an address that stands as a mere `url`: the path of an interface. */
const interfacePath = /^\/(?:api|trpc|graphql|rest|v\d+)\b/
/** The literal is one of several, chosen when the code runs. */
const chosen =
  /hostname|NODE_ENV|__DEV__|isDev|\bDEV\b|isLocal|["']?\b(?:dev|development|local|localhost|staging|test|testing|sandbox|emulator)["']?\s*:\s*(?:\{[^{}]*)?$/i

const literals =
  /(["'`])((?:https?|wss?):(?:\/\/|\\\/\\\/|\\u002F\\u002F)(?:[\w.-]+|\[::1\])(?::\d{1,5})?)(?=["'`/?#\\$])/g

/** A literal address with the text before it, and the start of the path after it. */
type Literal = { written: string; kind: EndpointKind; before: string; path: string; index: number }

/** Literals that are development addresses, outside of comments and comparisons. */
function* literalsIn(text: string, site: (host: string) => boolean): Generator<Literal> {
  for (const match of text.matchAll(literals)) {
    const written = match[2]!.replaceAll('\\u002F', '/').replaceAll('\\', '')
    const kind = URL.canParse(written) ? kindOf(new URL(written), site) : null
    if (!kind) continue
    const before = text.slice(Math.max(0, match.index - 240), match.index)
    if (/(?:\/\/|\/\*|\n\s*\*)[^\n"'`]*$/.test(before.replace(/:\/\//g, '')) || /[!=]==?\s*$/.test(before)) continue
    const end = match.index + match[0].length
    yield { written, kind, before, path: text.slice(end, end + 20), index: match.index + 1 }
  }
}

/** Ports at which programs on customers' own machines answer: wallets, printers, signature pads, identity cards, players. */
const bridgePorts =
  /^(?:21325|8435|9100|9101|41951|8181|8182|828[23]|838[34]|848[56]|8008|8043|24727|42001|63117|646[3-9]|647[0-2]|43[78]\d|6263|10010|19421|48500|8765)$/
const developmentPorts = /^(?:|[35]\d{3}|4000|4200|4321|80\d\d|8[18]88|1337|1234|9000|24678)$/

/** What becomes of a call that fails: nothing, as where a page looks for a program that most customers do not have. */
const swallowed =
  /\}\s*catch\s*(?:\(\s*\w*\s*\))?\s*\{\s*(?:return\s*(?:null|false|!1|void 0|undefined|\[\]|\{\}|""|'')?\s*;?\s*)?\}|\.catch\(\s*(?:\(\s*\w*\s*\)|\w+)\s*=>\s*(?:null|false|!1|void 0|undefined|\[\]|\(?\{\s*\}\)?)\s*\)|\.catch\(\s*function\s*\(\w*\)\s*\{\s*(?:return\s*(?:null|false|!1)?;?)?\s*\}\s*\)/

/** What is asked of such a program to learn whether it is there, and how its absence is caught, whatever is then said. */
const presence =
  /^\/(?:[\w.-]+\/){0,2}(?:status|state|version|ping|health|hello|info|enumerate|devices?|printers?|readers?|available|discover|alive)\b/i
const caught = /\}\s*catch\b|\.catch\(/

/** Whether a call looks for a program on the customer's own machine, and does without where there is none. */
const isBridge = (text: string, { written, kind, index, before, path }: Literal): boolean => {
  if (kind !== 'local') return false
  const { port } = new URL(written)
  if (bridgePorts.test(port)) return true
  if (developmentPorts.test(port)) return false
  const after = text.slice(index, index + 500)
  const at = (presence.test(path) ? caught : swallowed).exec(after)
  return at !== null && (after[at.index] === '.' || /\btry\s*\{/.test(before))
}

/** How a literal is used: called, the one value of a setting; null where it is neither, or one of several values. */
const useOf = (
  text: string,
  { written, kind, before, path }: Literal,
  site: (host: string) => boolean,
  lookUp: (name: string) => boolean,
): 'call' | 'setting' | null => {
  const isCall = called.test(before)
  const name = settingName.exec(before)?.[2]
  const isSetting =
    name !== undefined &&
    (meansEndpoint.test(name) || (/^ur[il]$/.test(name) && interfacePath.test(path)) || lookUp(name))
  // A tunnel is nobody's default.
  if (!isCall && !isSetting && kind !== 'tunnel') return null
  if (kind === 'local' && !isCall && new URL(written).port === '') return null
  if (chosen.test(before)) return null
  if (isCall || !isSetting) return 'call'
  return hasPublicValue(text, name, site) ? null : 'setting'
}

/** Firebase's emulators, whose host and port are given apart: `connectFirestoreEmulator(db, "localhost", 8080)`. */
const emulators =
  /\bconnect(?:Firestore|Functions|Storage|Database|DataConnect)Emulator\([^"'`(){};]{1,80},\s*["'`]([\w.-]{1,60}|\[::1\])["'`]\s*,\s*(\d{2,5})/g

function* emulatorsIn(text: string): Generator<DevelopmentEndpoint> {
  for (const { 1: host = '', 2: port, index } of text.matchAll(emulators)) {
    const before = text.slice(Math.max(0, index - 240), index)
    if (local.test(host) && !chosen.test(before))
      yield { endpoint: `http://${host}:${port}`, kind: 'local', by: 'call', index }
  }
}

/** Endpoints kept of one text. */
const mostEndpoints = 50

/**
 * Development endpoints that a script uses. `site` says whether a host is the product's own. At most 50.
 */
export const developmentEndpoints = (text: string, site: (host: string) => boolean): DevelopmentEndpoint[] => {
  const found = [...emulatorsIn(text)].slice(0, mostEndpoints)
  let looked = 0
  const lookUp = (name: string): boolean => isCalled(text, name, ++looked)
  for (const literal of literalsIn(text, site)) {
    if (isBridge(text, literal)) continue
    const by = useOf(text, literal, site, lookUp)
    if (by === null) continue
    found.push({ endpoint: literal.written, kind: literal.kind, by, index: literal.index })
    if (found.length >= mostEndpoints) break
  }
  return found
}

/** Names looked up in a whole text: minified bundles hold many literals, few of them addresses of this kind. */
const mostLooked = 40

/**
 * Whether a variable is what a call goes to: `fetch(`${e}/users`)`, `e.get(t+"/users")`. Minifiers leave nothing of its name, so a
 * name alone says nothing.
 */
const isCalled = (text: string, name: string, nth: number): boolean => {
  if (nth > mostLooked) return false
  const escaped = name.replaceAll('$', '\\$')
  return new RegExp(
    `(?:\\bfetch|\\baxios(?:\\.\\w+)?|\\.(?:get|post|put|delete|patch)|\\bio|\\bnew (?:WebSocket|EventSource))\\(\\s*(?:\`\\$\\{${escaped}\\}|${escaped}\\s*[+,)])`,
  ).test(text)
}

/** Whether the same name is given a public address elsewhere: then the code picks one of them when it runs. */
const hasPublicValue = (text: string, name: string, site: (host: string) => boolean): boolean => {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
    const value = /^["']?\s*[:=]\s*["'`]((?:https|wss):\/\/[\w.-]+)/.exec(
      text.slice(at + name.length, at + name.length + 300),
    )
    if (value && URL.canParse(value[1]!) && kindOf(new URL(value[1]!), site) === null) return true
  }
  return false
}

/** The same for an address that markup uses (form action, script, frame, image); null when it is none. */
export const developmentAddress = (url: string): { endpoint: string; kind: EndpointKind } | null => {
  if (!URL.canParse(url)) return null
  const at = new URL(url)
  if (!/^https?:$/.test(at.protocol)) return null
  const kind = kindOf(at, () => false)
  return kind ? { endpoint: at.origin, kind } : null
}
