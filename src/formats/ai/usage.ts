// Where code calls a language model, and what stands around the call: who may use it, how often, how much, with which tools.

import { usesClient } from '../repo/javascript-nodes.ts'
import { runsOnServer } from '../repo/public-tools.ts'
import { clientCall } from './client-calls.ts'

/** Packages that call models, by language. `*` ends a prefix. */
const packages = [
  'openai',
  '@anthropic-ai/sdk',
  '@anthropic-ai/bedrock-sdk',
  '@anthropic-ai/vertex-sdk',
  '@anthropic-ai/claude-agent-sdk',
  'claude-agent-sdk',
  '@openrouter/*',
  '@fal-ai/client',
  '@cerebras/cerebras_cloud_sdk',
  'fireworks-ai',
  'genkit',
  '@genkit-ai/*',
  'voyageai',
  'ai',
  '@ai-sdk/*',
  '@openai/agents',
  '@google/generative-ai',
  '@google/genai',
  '@google-cloud/vertexai',
  '@mistralai/mistralai',
  'cohere-ai',
  'groq-sdk',
  'replicate',
  'ollama',
  'langchain',
  '@langchain/*',
  'llamaindex',
  '@huggingface/inference',
  '@mastra/core',
  '@copilotkit/*',
  'together-ai',
  '@aws-sdk/client-bedrock-runtime',
  '@azure/openai',
  'token.js',
  'portkey-ai',
  'anthropic',
  'langgraph',
  'langchain-openai',
  'langchain-anthropic',
  'langchain-core',
  'llama-index',
  'google-generativeai',
  'google-genai',
  'mistralai',
  'cohere',
  'litellm',
  'instructor',
  'pydantic-ai',
  'smolagents',
  'crewai',
  'dspy',
  'haystack-ai',
  'autogen',
  'guidance',
  'transformers',
  'ruby-openai',
  'ruby_llm',
  'langchainrb',
  'anthropic-rb',
  'openai-php/client',
  'openai-php/laravel',
  'google-gemini-php/client',
  'laravel/ai',
  'prism-php/prism',
  'github.com/sashabaranov/go-openai',
  'github.com/openai/openai-go',
  'github.com/anthropics/anthropic-sdk-go',
  'github.com/tmc/langchaingo',
  'google.golang.org/genai',
  'github.com/google/generative-ai-go',
  'instructor_ex',
  'openai_ex',
  'langchain_ex',
  'async-openai',
]

/** Packages that prove answers. */
const evaluators = [
  'promptfoo',
  'evalite',
  'autoevals',
  'braintrust',
  'langsmith',
  '@langfuse/client',
  'deepeval',
  'ragas',
  'inspect-ai',
  'inspect_ai',
  'trulens',
  'openevals',
  'agentevals',
  '@mastra/evals',
  'phoenix-evals',
  'arize-phoenix-evals',
  'giskard',
  'pytest-evals',
  'vitest-evals',
]

const among = (list: readonly string[], names: readonly string[]): string[] =>
  names
    .filter(name =>
      list.some(one =>
        one.endsWith('*')
          ? name.startsWith(one.slice(0, -1))
          : name === one || (one.includes('/') && one.includes('.') && name.startsWith(`${one}/v`)),
      ),
    )
    .sort()

/** Packages whose models run on hardware of one's own: a call costs no more than its time. */
const ownHardware = new Set(['transformers'])
const isModels = (names: readonly string[]): boolean => among(packages, names).some(name => !ownHardware.has(name))

export const aiPackages = (names: readonly string[]): string[] => among(packages, names)
export const evalPackages = (names: readonly string[]): string[] => among(evaluators, names)

const call =
  /\b\w{0,40}(?:openai|client|groq|together|azure|llm|ai|deepseek|openrouter|xai|perplexity)\w{0,40}\.(?:beta\.)?(?:chat\.completions|completions|responses|images|realtime\.sessions)\.(?:create|parse|stream|generate)\s*\(|\b\w+\.(?:beta\.)?messages\.(?:create|stream)\s*\(\s*(?:\{|model\s*=|$)|\b(?:generateText|streamText|generateObject|streamObject|streamUI)\s*\(|\bnew (?:ChatOpenAI|ChatAnthropic|ChatGoogleGenerativeAI|ChatGroq|ChatMistralAI|ToolLoopAgent|Agent)\s*\(|\b(?:ChatOpenAI|ChatAnthropic|ChatGroq|ChatGoogleGenerativeAI|AgentExecutor|create_react_agent)\s*\(|\blitellm\.(?:a?completion)\s*\(|\.(?:generateContent|generateContentStream|generate_content)\s*\(|\bInvokeModel(?:WithResponseStream)?Command\s*\(|(?:api\.openai\.com\/v1\/(?:chat|responses|completions|images|realtime)|api\.anthropic\.com\/v1\/(?:messages|complete)|generativelanguage\.googleapis\.com\/v1\w*\/models\/|api\.groq\.com\/openai\/v1\/(?:chat|responses)|openrouter\.ai\/api\/v1\/chat|api\.mistral\.ai\/v1\/(?:chat|agents)|api\.deepseek\.com\/(?:v1\/)?chat|api\.x\.ai\/v1\/(?:chat|responses)|api\.perplexity\.ai\/chat)|\bOpenAI::Client\.new|\bRubyLLM\.chat|OpenAI::chat\(\)|\$\w{1,40}\s{0,20}->(?:chat|responses|completions|images|messages)\(\)\s{0,40}->(?:create|createStreamed|stream)\(|Prism::text\(\)|\.CreateChatCompletion\w*\(|\benv\.\w{1,40}\.run\(\s{0,20}['"`]@(?:cf|hf)\/|\breplicate\.(?:run|stream)\(/gm
/** Files whose place makes them an address: whoever knows it reaches them. */
const addressPath =
  /(?:^|\/)(?:app\/(?:.*\/)?route\.[jt]sx?|pages\/api\/.+\.[jt]s|src\/routes\/.*\+(?:server|page\.server)\.[jt]s|server\/(?:api|routes)\/.+\.[jt]s|api\/[^/]+\.[jt]s|netlify\/functions\/.+|supabase\/functions\/.+\/index\.ts)$/
const routePath =
  /(?:^|\/)(?:app\/(?:.*\/)?route\.[jt]sx?|pages\/api\/.+\.[jt]s|src\/routes\/.*\+(?:server|page\.server)\.[jt]s|server\/(?:api|routes)\/.+\.[jt]s|api\/[^/]+\.[jt]s|netlify\/functions\/.+|functions\/.+\.[jt]s|supabase\/functions\/.+\/index\.ts|app\/controllers\/.+_controller\.rb|app\/Http\/Controllers\/.+\.php|routes\/.+\.php|.*\/?views\.py|.*\/?(?:routes?|routers?|endpoints?|controllers?|handlers?)\/.+)$|\.controller\.ts$/
const routeCode =
  /\b(?:app|router|server|fastify|api|hono|bp|blueprint)\.(?:get|post|put|patch|all|route|use|websocket)\s*\(|@(?:app|router|api|bp|blueprint)\.(?:get|post|put|patch|route|websocket)\s*\(|@(?:Post|Get|Put|Patch|All)\s*\(|export (?:async )?(?:function|const) (?:POST|GET|PUT|PATCH)\b|['"]use server['"]|\.(?:HandleFunc|Handle|Method|GET|POST|PUT|PATCH|Any|Get|Post|Put|Patch)\(\s*"(?:[A-Z]{3,7} )?\/|#\[Route\(|\bDeno\.serve\(|addEventListener\(\s*['"]fetch['"]|\b(?:re_)?path\(\s{0,20}[rf]?["'][^"'\n]{0,200}["']\s{0,4},\s{0,20}[\w.]{1,120}\s{0,4}[,)]/
const authentication =
  /(?:from\s{1,4}|require\(\s{0,4})['"](?:express-jwt|koa-jwt|express-oauth2-jwt-bearer)['"]|from\s{1,4}['"](?:inngest|@upstash\/(?:workflow|qstash))\/[\w/-]{1,40}['"]|\b(?:protected\w*|\w{0,40}[rR]equiredScopes?|timingSafeEqual|createHmac|verify\w{0,40}(?:Webhook|Request|Secret|Hmac|Slack)\w*|(?:webhook|signing)_?secret|authenticated?\w{0,40}(?:Client|Procedure|Action|Route|User)|auth\w{0,40}(?:Client|Procedure|Action)|(?!public|base|open|rateLimited)\w{1,40}Procedure|with(?:Session|User|Workspace|Admin|Team|Org\w*|Member|Auth\w*|Protection|Permission\w*|Email\w*|Api\w*)|APP_GUARD|requires?_auth\w*|checkAuthorization\w*|getAuthenticated\w*|getServerSession|getSession|safeGetSession|getUser|currentUser|getCurrentUser|requireAuth|requireUser|requireSession|isAuthenticated|ensureAuthenticated|authenticate(?:Request|User|Token)?|verify(?:Token|Session|Jwt|IdToken|ApiKey|Signature)|validate(?:Request|Session)|jwtVerify|withAuth|protectedProcedure|authedProcedure|getToken|getAuth|clerkClient|login_required|IsGranted|denyAccessUnlessGranted|permission_required|IsAuthenticated|get_current_(?:active_)?user|current_user|require_login|authenticate_user!|UseGuards|AuthGuard|passport\.authenticate|checkAuth|assertAuthenticated|unauthorized|UNAUTHORIZED|requireApiKey|HTTPBearer|OAuth2PasswordBearer|APIKeyHeader|middleware\(\s*['"]auth)|\bauth\(\)|auth\.api\.getSession|auth\.protect|locals\.(?:user|session)|request\.user\b|req\.(?:user|auth|session)\b|ctx\.(?:session|user)\b|Auth::(?:user|id|check)|auth:sanctum|before_action\s+:(?:authenticate|require)|(?:status|statusCode|status_code)\D{0,12}40[13]\b|\b(?:error|err|fail|deny|reject)\(\s*40[13]\b|[!=]==?\s{0,4}(?:[A-Z]{2,20}_){0,4}(?:ACCESS_CODE|API_KEY|SECRET|PASSWORD|TOKEN)\b(?!\s{0,4}[=(])|authorization['"\]]|CRON_SECRET|[!=]==?\s{0,4}(?:process\.env|env|import\.meta\.env)\.\w{0,60}(?:SECRET|TOKEN|PASSWORD|KEY)\b|(?:process\.env|\benv)\.\w{0,60}(?:SECRET|TOKEN|PASSWORD|KEY)!?\s{0,4}[!=]==?(?!=|\s{0,4}(?:undefined|null|''|""))|(?:[hH]eaders?(?:\(\))?(?:\.get\(|\[)|\.header\(|getHeader\()\s{0,4}['"](?:x-)?[\w-]{0,40}(?:api-key|signature|secret|token)['"]|searchParams\.get\(\s{0,4}['"](?:secret|token|key|signature)['"]|\b(?:basic|bearer)Auth\b|[aA]uth\w{0,20}(?:Middleware|Guard|Hook|Plugin)\b|\b(?:ensureLoggedIn|requiresAuth|isLoggedIn|checkJwt|expressjwt|jwtMiddleware|requireRole|requirePermission)\b|http_basic_authenticate_with|authenticate_with_http|before_action\s+:\w{0,30}(?:auth|login|admin|verify|member)|middleware\(\s*\[\s*['"]auth|Depends\(\s*\w{0,40}(?:auth|user|verify|key|token|session|require)/
const rateLimit =
  /rate[-_]?limit|ratelimit|throttle|slowapi|Limiter\b|limiter\.|RateLimiter|rack-attack|Rack::Attack|leaky|token[-_]?bucket|quota|(?:api|usage|free|request|message|prompt|daily|monthly|user|plan)[-_]?limit(?!less)|credits?\b.{0,40}(?:<|<=|remaining|balance|decrement|deduct)|(?:assert|check|ensure|require|verify|has|consume|charge)\w{0,20}(?:credit|allowance)|insufficient[-_ ]?credit|credit[-_]?limit|checkUsage|usage\w*exceeded|exceed\w*(?:usage|limit)|usage[-_]?check|arcjet|@unkey/i
const tokenLimit =
  /\bmax_?(?:output_?|completion_?|new_?)?tokens(?:_to_sample)?\b|maxOutputTokens|maxTokens|max_completion_tokens/i
/** The key is that of who asks: out of the profile, the workspace or the request. */
const broughtKey =
  /\bapi_?key["']?\s{0,4}[:=]\s{0,4}["'`]?(?:\$\{)?(?:profile|user|body|req|request|account|workspace|team|organi[sz]ation|customer|input|params|customModel|credentials?|integration|connection|tenant|org|project|chatbot|assistant)\b[\w.?![\]"']{0,60}|\b(?:profile|user|workspace|team|credentials?|integration|connection|tenant|org|project|chatbot|assistant)\??\.(?:data\??\.)?\w{0,40}(?:api_?key|accessToken)\b|\bcredentials\s{0,4}[:=]\s{0,4}\{[^{}]{0,120}\bapi_?key\b|\{[^{}]{0,120}\bapi_?key\b[^{}]{0,120}\}\s{0,4}=\s{0,4}(?:await\s+)?\w{0,40}[cC]redentials|\b(?:decrypt|load|fetch|find|get)\w{0,30}Credentials?\(/i
/** The model, or the client with its key, comes in from whoever calls; so may what is handed on whole. */
const handedIn =
  /\*\*\w{0,40}(?:params|kwargs|options|config|credentials)\b|\b(?:model|llm|client|openai)\??\s{0,4}:\s{0,4}(?:LanguageModel\w{0,10}|BaseChatModel|BaseLanguageModel|ChatModel|OpenAI|Anthropic)\s{0,4}[;,)}\n]/
const keyGiven = /\bapi_?key["']?\s{0,4}[:=]\s{0,4}(?:await\s+)?([\w$.[\]"'`?!({]{1,80})/gi
const keyOfOwn = /[eE]nv|ENV|[cC]onfig|[sS]etting|[sS]ecret|[cC]onst|^[A-Z_]{4,}$|^["'`]/
/** Whether the key is the product's own: it is of the environment or the settings, or the library finds it there by itself. */
const hasOwnKey = (text: string): boolean => {
  if (
    /(?:process\.env|import\.meta\.env|\benv)\.\w{0,60}KEY|os\.(?:environ(?:\.get)?|getenv)[[(]\s{0,4}["']\w{0,60}(?:KEY|TOKEN|SECRET)|ENV[.[]/.test(
      text,
    )
  )
    return true
  const given = [...text.matchAll(keyGiven)].map(match => match[1]!)
  if (given.length > 0) return given.some(value => keyOfOwn.test(value))
  return !handedIn.test(text)
}
const spendLimit = /spend[-_]?limit|budget|max[-_]?cost|monthly[-_]?limit|usage[-_]?cap/i
const tools =
  /\btools\s*[:=]\s*(?:[[{]|\w)|[{,]\s*tools\s*[,}]|\bbind_?[tT]ools\(|\bfunctions\s*:\s*\[|tool_choice|AgentExecutor|create_react_agent|\bnew (?:Agent|ToolLoopAgent)\s*\(/
const dangerous =
  /\b(?:exec|execSync|spawn|eval|Function|subprocess|os\.system|child_process|rm\s+-rf|\$queryRawUnsafe|executeRaw|\.raw\(|query\(|sql`|delete\w*\(|deleteMany|destroy\(|refund|transfer|sendEmail|send_mail|writeFile|unlink)\b/
const bounded =
  /maxSteps|stopWhen|stepCountIs|max_?[iI]terations|max_?[tT]urns|recursion_?[lL]imit|max_?[rR]ounds|needsApproval|interrupt(?:_before|On)|human[-_]?in[-_]?the[-_]?loop|require_?[aA]pproval|confirm(?:ation)?[A-Z_]/
/** A loop of one's own around a call: libraries stop after one step or a number of their own (AI SDK 1 or 20, OpenAI Agents 10, LangGraph 25). */
const endless =
  /\bwhile\s*\(\s*(?:true|1)\s*\)|\bfor\s*\(\s*;\s*;\s*\)|^[ \t]*while[ \t]+(?:True|1)[ \t]*:|^[ \t]*loop[ \t]+do\b/m
/** The answer has to be a call of one tool: a form to fill in, that runs nothing. */
const forced = /\btool_?[cC]hoice["']?\s{0,4}[:=]\s{0,4}\{[^{}]{0,80}["']?(?:function|tool)["']/
const answersTools =
  /tool_?[cC]alls?\b|tool_use|stop_reason|finish_reason|finishReason|function_?[cC]all|requires_action/
/** Characters before a call in which the loop around it begins. */
const longestLoop = 8000
const indentOf = (row: string): number => row.length - row.trimStart().length

/** Whether a loop without an end stands around a place, by how far its rows are indented. */
const isInEndlessLoop = (text: string, index: number): boolean => {
  const rows = text.slice(Math.max(0, index - longestLoop), text.indexOf('\n', index) >>> 0).split('\n')
  let least = indentOf(rows.at(-1)!)
  for (const row of rows.reverse()) {
    if (row.trim() === '' || indentOf(row) >= least) continue
    least = indentOf(row)
    if (endless.test(row)) return true
  }
  return false
}

/** A bound that is taken away. */
const unbound =
  /\bstopWhen\s*:\s*(?:async\s*)?\(\s*\w*\s*\)\s*=>\s*(?:false\b|\{\s*return false\b)|(?:maxSteps|max_?[tT]urns|max_?[iI]terations|recursion_?[lL]imit|stepCountIs\()\s*[:=(]?\s*(?:Infinity|Number\.MAX_\w+|None|null|float\(['"]inf|\d{4,})/

/** A variable that a bundler writes into the page: each prefix where its tool reads it, and no name of a setting (the model, an address). */
const browserKey =
  /dangerouslyAllowBrowser\s*:\s*true|(?:process\.env\.(?:NEXT_PUBLIC|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|VUE_APP|GATSBY)|import\.meta\.env\.(?:VITE|PUBLIC|NEXT_PUBLIC|NUXT_PUBLIC))_(?!\w{0,100}_(?:MODELS?|URL|URI|ENDPOINT|HOST|REGION|VERSION|TIMEOUT|ENABLED|PROVIDER|NAME|MODE|PROMPT|TEMPERATURE)\b)\w{0,60}(?:OPENAI|ANTHROPIC|CLAUDE|GEMINI|GROQ|MISTRAL|OPENROUTER|LLM|AI_API|DEEPSEEK)\w*/

/** What a file in such a place hands to the framework; without it the file is a helper there. */
const handsOut =
  /export\s+(?:default\b|(?:async\s+)?(?:function|const)\s+(?:GET|POST|PUT|PATCH|DELETE|all|action|loader|actions|load|fallback|handler|onRequest\w*)\b|\{[^}]{0,500}\b(?:GET|POST|action|handler)\b)|module\.exports\b|exports\.(?:handler|default)\b|\bDeno\.serve\(|\bserve\(|EventHandler\(/

/** Whether a file is an address by itself, whatever imports it. */
export const isAddress = (path: string, source: string): boolean =>
  (addressPath.test(path.slice(-300)) && handsOut.test(source)) ||
  /^\s*(?:\/\*[\s\S]*?\*\/\s*|\/\/[^\n]*\n\s*)*['"]use server['"]/.test(source.slice(0, 20_000))

/** What a file that calls a model shows. */
export type AiCall = {
  path: string
  line: number
  handler: boolean
  browser: boolean
  /** The line that hands the key to the browser; null when none does. */
  browserKey: { line: number; text: string } | null
  authentication: boolean
  rateLimit: boolean
  tokenLimit: boolean
  spendLimit: boolean
  tools: boolean
  toolsBounded: boolean
  toolsDangerous: boolean
  /** The key is the product's own, not one that the caller hands in. */
  ownKey: boolean
  /** The key is that of who asks. */
  brought: boolean
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

const withoutComments = (text: string): string => text.replace(/^[ \t]*(?:\/\/|#(?!\[|!)|\*(?!\*)).*$/gm, '')

/** Longer paths hold no route; the end of one decides. */
const longestPath = 300

/** A folder named for routes holds helpers too: what takes a request in it is one. */
const takesRequest = /[(,]\s*(?:_?req|request|ctx|context|c|conn|event|self,\s*request)\b|\bRequest\b/
const namedFolder = /(?:^|\/)(?:routes?|routers?|endpoints?|controllers?|handlers?)\/[^.]*\.(?:[cm]?[jt]sx?|py|go|ex)$/

/** Whether requests come in at a file. */
const isHandler = (path: string, text: string): boolean =>
  routeCode.test(text) ||
  (routePath.test(path.slice(-longestPath)) &&
    (!namedFolder.test(path.slice(-longestPath)) || isAddress(path, text) || takesRequest.test(text)))

/** Where the arguments end that a bracket opens, with those of calls that are chained to it: `router.route('/').post(handler)`. */
const endOfChain = (source: string, start: number, most: number): number => {
  let depth = 0
  for (let at = start; at < most; at += 1) {
    if (source[at] === '(') depth += 1
    else if (
      source[at] === ')' &&
      --depth === 0 &&
      !/^\s{0,200}\.\s{0,20}\w{1,40}\s?\(/.test(source.slice(at + 1, at + 300))
    )
      return at
  }
  return most
}

/** A place where code is registered for requests: `at` the word that does it, up to `end`; `text` are its arguments. */
export type Registration = { at: number; end: number; text: string }

/** Where code of a file is registered for requests: from each registration to the end of its arguments. What a decorator registers is a method, which reaches all that its class was handed. */
export const registrations = (source: string): Registration[] => {
  const all = new RegExp(routeCode.source, 'gm')
  return [...source.matchAll(all)].slice(0, 500).map(({ 0: word, index }) => {
    if (word.startsWith('@')) return { at: 0, end: source.length, text: source }
    const start = source.indexOf('(', index)
    const [from, end] =
      start < 0 ? [index, index + 200] : [start, endOfChain(source, start, Math.min(source.length, index + 20_000))]
    return { at: index, end, text: source.slice(from, end) }
  })
}

/** The guards that a file shows, whether it calls a model or not. */
export const guardsOf = (
  path: string,
  source: string,
): Pick<AiCall, 'handler' | 'authentication' | 'rateLimit' | 'spendLimit' | 'brought'> => {
  const text = withoutComments(source)
  return {
    handler: isHandler(path, text),
    authentication: authentication.test(text),
    rateLimit: rateLimit.test(text),
    spendLimit: spendLimit.test(text) || broughtKey.test(text),
    brought: broughtKey.test(text),
  }
}

/** Words that other libraries use too: they are a model's only where the file takes them from a package for models. */
const ambiguous =
  /^(?:generate|stream)(?:Text|Object)|^streamUI|^new |^(?:AgentExecutor|create_react_agent|Chat[A-Z])|\.messages\.|[gG]enerate_?[cC]ontent|^replicate\./
/** Packages for models whose names a file of any language may import. */
const importsModel =
  /(?:from|import|require\(|require|use)\s*\(?\s*['"]?(?:node:|npm:|jsr:|https:\/\/esm\.sh\/)?(?:openai|@?anthropic|@anthropic-ai|@ai-sdk|ai(?=['"]|@\d|\/(?:rsc|react)['"])|@openai|@google\/gen|@google-cloud\/vertexai|google(?:\.generativeai|\.genai| import genai)|vertexai|@?langchain|langgraph|@mistralai|mistralai|cohere|groq|replicate|ollama|llama_?index|together|litellm|instructor|pydantic_ai|smolagents|crewai|dspy|@huggingface|@mastra|@aws-sdk\/client-bedrock|@azure\/openai|ruby_llm|autogen|haystack|Prism\\|OpenAI[\\;]|Anthropic[\\;]|Gemini[\\;])/
/** Imported for their types, or for what is no call: undici and hono have an `Agent` and a `streamText` of their own. */
const otherMakers =
  /from\s+['"](?:undici|hono(?:\/[\w/-]+)?|(?:node:)?https?|agentkeepalive|https?-proxy-agent|agent-base|socks-proxy-agent)['"]/
const requests =
  /\b(?:fetch|axios|ky|got|request|requests|httpx|aiohttp|urlopen|HTTParty|Faraday|Http|undici|curl_\w+|http\.(?:Post|NewRequest|Client)|Req|Net::HTTP)\b/

/** Whether a word of a file is taken from a package for models. */
const isModelWord = (text: string, word: string): boolean => {
  if (!importsModel.test(text)) return false
  const name = /^(?:new )?(\w+)/.exec(word)?.[1] ?? ''
  const taken = new RegExp(`[{,\\s]${name}[\\s,}][^'"]{0,1000}from\\s+['"]([^'"]+)['"]`).exec(text)?.[0]
  return taken === undefined || !otherMakers.test(taken.slice(taken.lastIndexOf('from')))
}

/** The first call of a model in a file; words that other libraries use too need a sign that a model's is meant. */
const firstCall = (text: string, known: boolean): RegExpMatchArray | null => {
  for (const match of text.matchAll(call)) {
    const direct = /\.(?:com|ai)\//.test(match[0])
    // A binding of Workers AI is no package: the name of the model says it.
    if (/@(?:cf|hf)\/$/.test(match[0])) return match
    if (ambiguous.test(match[0]) && !isModelWord(text, match[0])) continue
    if (direct ? requests.test(text) : known || importsModel.test(text)) return match
  }
  return null
}

/** A quick look: a file without any of these words calls no model. */
const worthALook =
  /openai|anthropic|(?:generate|stream)(?:Text|Object|UI)\b|Chat(?:Groq|Google|Mistral)|[gG]enerate_?[cC]ontent|litellm|InvokeModel|\bAgent|create_react_agent|replicate\.|\.completions\.|\.responses\.|\.messages\.|googleapis\.com|groq\.com|openrouter\.ai|mistral\.ai|deepseek\.com|api\.x\.ai|perplexity\.ai|dangerouslyAllowBrowser|RubyLLM|Prism::|CreateChatCompletion|@(?:cf|hf)\/|mistral|cohere|bedrock|huggingface|genkit|together|ollama|llama|langchain|dspy|crewai|smolagents|instructor|pydantic_ai|fal-ai|google\.genai|genai\b|groq/i

/**
 * The first call of a model in a file, with its surroundings; null when there is none. `known` says that the repository has a package
 * for models.
 */
export const aiCallOf = (path: string, source: string, known = true): AiCall | null => {
  if (!worthALook.test(source)) return null
  const text = withoutComments(source)
  const spelled = firstCall(text, known)
  const bound = clientCall(text, isModels)
  const match = spelled ?? (bound && { 0: '', index: bound.index })
  const held = browserKey.exec(text)
  // What a module of the server reads stays there, whatever the variable is called.
  const key = held && !held[0].startsWith('dangerously') && runsOnServer(path) ? null : held
  if (!match && !(key?.[0].startsWith('dangerously') && (known || importsModel.test(text)))) return null
  const client = usesClient(source) || /\.(?:vue|svelte)$/.test(path)
  const index = match?.index ?? key!.index
  return {
    path,
    line: lineAt(text, index),
    ...guardsOf(path, source),
    ownKey: hasOwnKey(text),
    browser: client,
    browserKey: key
      ? { line: lineAt(text, key.index), text: key[0].slice(0, 80) }
      : // A session of sound is opened by a secret of minutes, which a server hands out.
        client &&
          match &&
          !/realtime/.test(match[0]) &&
          /https?:|api\./.test(match[0]) &&
          /authorization|x-api-key|[?&]key=/i.test(text)
        ? { line: lineAt(text, index), text: match[0].slice(0, 80) }
        : null,
    // A picture or a voice has no length that could be bounded.
    tokenLimit: tokenLimit.test(text) || bound?.isText === false,
    tools: tools.test(text),
    toolsBounded:
      !unbound.test(text) &&
      (bounded.test(text) || forced.test(text) || !(isInEndlessLoop(text, index) && answersTools.test(text))),
    toolsDangerous: dangerous.test(text),
  }
}

/** Files that prove answers of a model. */
export const isEvalFile = (path: string): boolean =>
  /(?:^|\/)(?:evals?|evaluations?)\/.+\.(?:[cm]?[jt]sx?|py|ya?ml|jsonl?|rb|go)$|\.eval\.[cm]?[jt]sx?$|(?:^|\/)promptfoo(?:config)?[\w.-]*\.(?:ya?ml|json|[cm]?[jt]s)$|(?:^|\/)(?:test_)?evals?[\w-]*\.(?:py|[cm]?[jt]s)$|_evals?\.(?:py|rb|exs)$/i.test(
    path,
  )

/** Whether a CI file runs evals. */
export const runsEvals = (text: string): boolean =>
  /\b(?:promptfoo|evalite|deepeval|braintrust eval|langsmith|inspect eval|ragas|launch-ready deploy ai)\b|\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:[\w:-]*:)?evals?\b|\b(?:pytest|python|node|tsx|vitest run|vitest|make|rake)\s[^\n]{0,300}\bevals?\b/i.test(
    text,
  )
