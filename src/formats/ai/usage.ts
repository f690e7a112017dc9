// Where code calls a language model, and what stands around the call: who may use it, how often, how much, with which tools.

import { usesClient } from '../repo/javascript-nodes.ts'

/** Packages that call models, by language. `*` ends a prefix. */
const packages = [
  'openai',
  '@anthropic-ai/sdk',
  '@anthropic-ai/bedrock-sdk',
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
  'prism-php/prism',
  'github.com/sashabaranov/go-openai',
  'github.com/openai/openai-go',
  'github.com/anthropics/anthropic-sdk-go',
  'github.com/tmc/langchaingo',
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

export const aiPackages = (names: readonly string[]): string[] => among(packages, names)
export const evalPackages = (names: readonly string[]): string[] => among(evaluators, names)

const call =
  /\b\w*(?:openai|client|groq|together|azure|llm|ai|deepseek|openrouter|xai|perplexity)\w*\.(?:beta\.)?(?:chat\.completions|completions|responses|images|realtime\.sessions)\.(?:create|parse|stream|generate)\s*\(|\b\w+\.(?:beta\.)?messages\.(?:create|stream)\s*\(\s*(?:\{|model\s*=|$)|\b(?:generateText|streamText|generateObject|streamObject|streamUI)\s*\(|\bnew (?:ChatOpenAI|ChatAnthropic|ChatGoogleGenerativeAI|ChatGroq|ChatMistralAI|ToolLoopAgent|Agent)\s*\(|\b(?:ChatOpenAI|ChatAnthropic|ChatGroq|ChatGoogleGenerativeAI|AgentExecutor|create_react_agent)\s*\(|\blitellm\.(?:a?completion)\s*\(|\.(?:generateContent|generateContentStream|generate_content)\s*\(|\bInvokeModel(?:WithResponseStream)?Command\s*\(|(?:api\.openai\.com\/v1\/(?:chat|responses|completions|images|realtime)|api\.anthropic\.com\/v1\/(?:messages|complete)|generativelanguage\.googleapis\.com\/v1\w*\/models\/|api\.groq\.com\/openai\/v1\/(?:chat|responses)|openrouter\.ai\/api\/v1\/chat|api\.mistral\.ai\/v1\/(?:chat|agents)|api\.deepseek\.com\/(?:v1\/)?chat|api\.x\.ai\/v1\/(?:chat|responses)|api\.perplexity\.ai\/chat)|\bOpenAI::Client\.new|\bRubyLLM\.chat|OpenAI::chat\(\)|Prism::text\(\)|\.CreateChatCompletion\w*\(|\breplicate\.(?:run|stream)\(/gm
const routePath =
  /(?:^|\/)(?:app\/(?:.*\/)?route\.[jt]sx?|pages\/api\/.+\.[jt]s|src\/routes\/.*\+(?:server|page\.server)\.[jt]s|server\/(?:api|routes)\/.+\.[jt]s|api\/[^/]+\.[jt]s|netlify\/functions\/.+|functions\/.+\.[jt]s|supabase\/functions\/.+\/index\.ts|app\/controllers\/.+_controller\.rb|app\/Http\/Controllers\/.+\.php|routes\/.+\.php|.*\/?views\.py|.*\/?(?:routes?|routers?|endpoints?|controllers?|handlers?)\/.+)$|\.controller\.ts$/
const routeCode =
  /\b(?:app|router|server|fastify|api|hono|bp|blueprint)\.(?:get|post|put|patch|all|route|use|websocket)\s*\(|@(?:app|router|api|bp|blueprint)\.(?:get|post|put|patch|route|websocket)\s*\(|@(?:Post|Get|Put|Patch|All)\s*\(|export (?:async )?(?:function|const) (?:POST|GET|PUT|PATCH)\b|['"]use server['"]|http\.HandleFunc\(|\bDeno\.serve\(|addEventListener\(\s*['"]fetch['"]/
const authentication =
  /\b(?:getServerSession|getSession|getUser|currentUser|getCurrentUser|requireAuth|requireUser|requireSession|isAuthenticated|ensureAuthenticated|authenticate(?:Request|User|Token)?|verify(?:Token|Session|Jwt|IdToken|ApiKey|Signature)|validate(?:Request|Session)|jwtVerify|withAuth|protectedProcedure|authedProcedure|getToken|getAuth|clerkClient|login_required|permission_required|IsAuthenticated|get_current_(?:active_)?user|current_user|require_login|authenticate_user!|UseGuards|AuthGuard|passport\.authenticate|checkAuth|assertAuthenticated|unauthorized|UNAUTHORIZED|requireApiKey|HTTPBearer|OAuth2PasswordBearer|APIKeyHeader|middleware\(\s*['"]auth)|\bauth\(\)|auth\.api\.getSession|auth\.protect|locals\.(?:user|session)|request\.user\b|req\.(?:user|auth|session)\b|ctx\.(?:session|user)\b|Auth::(?:user|id|check)|auth:sanctum|before_action\s+:(?:authenticate|require)|(?:status|statusCode|status_code)\D{0,12}401\b|authorization['"\]]/
const rateLimit =
  /rate[-_]?limit|ratelimit|throttle|slowapi|Limiter\b|limiter\.|RateLimiter|rack-attack|Rack::Attack|leaky|token[-_]?bucket|quota|usage[-_]?limit|credits?\b.{0,40}(?:<|<=|remaining|balance|decrement|deduct)|checkUsage|arcjet|@unkey/i
const tokenLimit =
  /\bmax_?(?:output_?|completion_?|new_?)?tokens(?:_to_sample)?\b|maxOutputTokens|maxTokens|max_completion_tokens/i
const spendLimit = /spend[-_]?limit|budget|max[-_]?cost|monthly[-_]?limit|usage[-_]?cap/i
const tools =
  /\btools\s*[:=]\s*(?:[[{]|\w)|\bbind_?[tT]ools\(|\bfunctions\s*:\s*\[|tool_choice|AgentExecutor|create_react_agent|\bnew (?:Agent|ToolLoopAgent)\s*\(/
const dangerous =
  /\b(?:exec|execSync|spawn|eval|Function|subprocess|os\.system|child_process|rm\s+-rf|\$queryRawUnsafe|executeRaw|\.raw\(|query\(|sql`|delete\w*\(|deleteMany|destroy\(|refund|transfer|sendEmail|send_mail|writeFile|unlink)\b/
const bounded =
  /maxSteps|stopWhen|stepCountIs|max_?[iI]terations|max_?[tT]urns|recursion_?[lL]imit|max_?[rR]ounds|needsApproval|interrupt(?:_before|On)|human[-_]?in[-_]?the[-_]?loop|require_?[aA]pproval|confirm(?:ation)?[A-Z_]/
const browserKey =
  /dangerouslyAllowBrowser\s*:\s*true|(?:process|import\.meta)\.env\.(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|PUBLIC|NUXT_PUBLIC|VUE_APP|GATSBY)_\w*(?:OPENAI|ANTHROPIC|CLAUDE|GEMINI|GROQ|MISTRAL|OPENROUTER|LLM|AI_API|DEEPSEEK)\w*/

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
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

const withoutComments = (text: string): string => text.replace(/^[ \t]*(?:\/\/|#(?!\[|!)|\*).*$/gm, '')

/** The guards that a file shows, whether it calls a model or not. */
export const guardsOf = (
  path: string,
  source: string,
): Pick<AiCall, 'handler' | 'authentication' | 'rateLimit' | 'spendLimit'> => {
  const text = withoutComments(source)
  return {
    handler: routePath.test(path) || routeCode.test(text),
    authentication: authentication.test(text),
    rateLimit: rateLimit.test(text),
    spendLimit: spendLimit.test(text),
  }
}

const importsModel =
  /(?:from|import|require|use)\b[^\n]{0,80}(?:openai|anthropic|langchain|litellm|generativeai|genai|generative-ai|ai-sdk|['"]ai['"]|ollama|groq|mistralai|cohere|replicate|llama_?index|bedrock|smolagents|pydantic_ai|instructor|crewai|vertexai|ruby_llm|Prism|llm)/i
const requests =
  /\b(?:fetch|axios|ky|got|request|requests|httpx|aiohttp|urlopen|HTTParty|Faraday|Http|undici|curl_\w+|http\.(?:Post|NewRequest|Client)|Req|Net::HTTP)\b/

/** The first call of a model in a file; words that other libraries use too need a sign that a model's is meant. */
const firstCall = (text: string, known: boolean): RegExpMatchArray | null => {
  for (const match of text.matchAll(call)) {
    const direct = /\.(?:com|ai)\//.test(match[0])
    // Twilio, for one, has messages.create too.
    if (/\.messages\.(?:create|stream)/.test(match[0]) && !/anthropic|claude/i.test(text)) continue
    if (direct ? requests.test(text) : known || importsModel.test(text)) return match
  }
  return null
}

/** A quick look: a file without any of these words calls no model. */
const worthALook =
  /openai|anthropic|(?:generate|stream)(?:Text|Object|UI)\b|Chat(?:Groq|Google|Mistral)|[gG]enerate_?[cC]ontent|litellm|InvokeModel|\bAgent|create_react_agent|replicate\.|\.completions\.|\.responses\.|\.messages\.|googleapis\.com|groq\.com|openrouter\.ai|mistral\.ai|deepseek\.com|api\.x\.ai|perplexity\.ai|dangerouslyAllowBrowser|RubyLLM|Prism::|CreateChatCompletion/i

/**
 * The first call of a model in a file, with its surroundings; null when there is none. `known` says that the repository has a package
 * for models.
 */
export const aiCallOf = (path: string, source: string, known = true): AiCall | null => {
  if (!worthALook.test(source)) return null
  const text = withoutComments(source)
  const match = firstCall(text, known)
  const key = browserKey.exec(text)
  if (!match && !(key?.[0].startsWith('dangerously') && (known || importsModel.test(text)))) return null
  const client = usesClient(source) || /\.(?:vue|svelte)$/.test(path)
  const index = match?.index ?? key!.index
  return {
    path,
    line: lineAt(text, index),
    ...guardsOf(path, source),
    browser: client,
    browserKey: key
      ? { line: lineAt(text, key.index), text: key[0].slice(0, 80) }
      : client && match && /https?:|api\./.test(match[0]) && /authorization|x-api-key|[?&]key=/i.test(text)
        ? { line: lineAt(text, index), text: match[0].slice(0, 80) }
        : null,
    tokenLimit: tokenLimit.test(text),
    tools: tools.test(text),
    toolsBounded: bounded.test(text),
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
  /\b(?:promptfoo|evalite|deepeval|braintrust eval|langsmith|inspect eval|ragas|launch-ready deploy ai)\b|\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:[\w:-]*:)?evals?\b|\b(?:pytest|python|node|tsx|vitest run|vitest|make|rake)\s+[^\n]*\bevals?\b/i.test(
    text,
  )

/** The modules that a source imports, by the last part of their path. */
export const importedNames = (source: string): string[] =>
  [
    ...source.matchAll(
      /(?:from\s+|import\s*\(?\s*|require\(\s*|require_relative\s+)['"]([^'"\n]+)['"]|^from\s+([\w.]+)\s+import|^import\s+([\w.]+)/gm,
    ),
  ]
    .map(
      match =>
        (match[1] ?? match[2] ?? match[3]!)
          .split(/[/.]/)
          .filter(part => !/^(?:[cm]?[jt]sx?|index)$/.test(part))
          .at(-1) ?? '',
    )
    .filter(name => name !== '')
