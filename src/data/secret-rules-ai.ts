// Secret rules: providers of language models, vector stores and their tools.
import { byName, byPrefix, type SecretRule } from './secret-shapes.ts'

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

export const aiSecretRules: readonly SecretRule[] = [
  byPrefix(
    'OpenAI',
    'openai-project',
    'project key',
    ['sk-proj-', 'sk-svcacct-', 'sk-admin-'],
    '[A-Za-z0-9_-]{40,200}',
    { entropy: 3.5, rotate: 'https://platform.openai.com/api-keys' },
  ),
  byPrefix('OpenAI', 'openai-legacy', 'API key', 'sk-', '[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}', {
    entropy: 3.5,
    rotate: 'https://platform.openai.com/api-keys',
  }),
  byPrefix('Anthropic', 'anthropic-api', 'API key', ['sk-ant-api03-', 'sk-ant-api04-'], '[A-Za-z0-9_-]{80,110}', {
    entropy: 3.5,
    rotate: 'https://console.anthropic.com/settings/keys',
  }),
  byPrefix('Anthropic', 'anthropic-admin', 'admin key', ['sk-ant-admin01-', 'sk-ant-oat01-'], '[A-Za-z0-9_-]{80,110}', {
    entropy: 3.5,
    rotate: 'https://console.anthropic.com/settings/admin-keys',
  }),
  byPrefix('Hugging Face', 'hugging-face', 'access token', ['hf_', 'api_org_'], '[A-Za-z]{34}', {
    entropy: 3.3,
    rotate: 'https://huggingface.co/settings/tokens',
  }),
  byPrefix('Replicate', 'replicate', 'API token', 'r8_', '[A-Za-z0-9]{37}', {
    entropy: 3.3,
    rotate: 'https://replicate.com/account/api-tokens',
  }),
  byPrefix('Groq', 'groq', 'API key', 'gsk_', '[A-Za-z0-9]{52}', {
    entropy: 3.5,
    rotate: 'https://console.groq.com/keys',
  }),
  byPrefix('Perplexity', 'perplexity', 'API key', 'pplx-', '[A-Za-z0-9]{48,56}', { entropy: 3.5 }),
  byPrefix('xAI', 'xai', 'API key', 'xai-', '[A-Za-z0-9]{70,90}', { entropy: 3.5, rotate: 'https://console.x.ai' }),
  byPrefix('OpenRouter', 'openrouter', 'API key', 'sk-or-v1-', '[0-9a-f]{64}', {
    rotate: 'https://openrouter.ai/keys',
  }),
  byName('Mistral', 'mistral', 'API key', 'mistral', 'mistral.*(?:key|token)', '[A-Za-z0-9]{32}', { entropy: 3.3 }),
  byName(
    'Cohere',
    'cohere',
    'API key',
    ['cohere', 'co_api'],
    '(?:cohere.*(?:key|token)|co_api_key)',
    '[A-Za-z0-9]{40}',
    { entropy: 3.3 },
  ),
  byName('DeepSeek', 'deepseek', 'API key', 'deepseek', 'deepseek.*(?:key|token)', 'sk-[0-9a-f]{32}'),
  byPrefix('Together', 'together', 'API key', 'tgp_v1_', '[A-Za-z0-9_-]{43}', { entropy: 3.3 }),
  byName('Together', 'together-legacy', 'API key', 'together', 'together.*(?:key|token)', '[0-9a-f]{64}'),
  byPrefix('Fireworks', 'fireworks', 'API key', 'fw_', '[A-Za-z0-9]{22,24}', { entropy: 3.3, name: 'firew|(?:^|_)fw' }),
  byName(
    'ElevenLabs',
    'elevenlabs',
    'API key',
    ['elevenlabs', 'eleven_labs', 'xi_api', 'xi-api'],
    '(?:eleven_?labs.*(?:key|token)|xi[-_]api[-_]key)',
    '(?:sk_[0-9a-f]{48}|[0-9a-f]{32})',
  ),
  byName(
    'AssemblyAI',
    'assemblyai',
    'API key',
    ['assemblyai', 'assembly_ai'],
    'assembly_?ai.*(?:key|token)',
    '[0-9a-f]{32}',
  ),
  byName('Deepgram', 'deepgram', 'API key', 'deepgram', 'deepgram.*(?:key|token|secret)', '[0-9a-f]{40}'),
  byName('Stability AI', 'stability', 'API key', 'stability', 'stability.*(?:key|token)', 'sk-[A-Za-z0-9]{48}', {
    entropy: 3.5,
  }),
  byPrefix('Voyage AI', 'voyage', 'API key', 'pa-', '[A-Za-z0-9_-]{43}', { entropy: 3.5, name: 'voyage' }),
  byPrefix('Pinecone', 'pinecone', 'API key', 'pcsk_', '[A-Za-z0-9]{5,6}_[A-Za-z0-9]{60,64}', {
    entropy: 3.5,
    rotate: 'https://app.pinecone.io',
  }),
  byPrefix('LangSmith', 'langsmith', 'API key', ['lsv2_pt_', 'lsv2_sk_'], '[0-9a-f]{32}_[0-9a-f]{10}', {
    rotate: 'https://smith.langchain.com/settings',
  }),
  byPrefix('Langfuse', 'langfuse-secret', 'secret key', 'sk-lf-', uuid, { rotate: 'https://cloud.langfuse.com' }),
  byPrefix('Langfuse', 'langfuse-public', 'public key', 'pk-lf-', uuid, { class: 'public' }),
  byPrefix('Cerebras', 'cerebras', 'API key', 'csk-', '[a-z0-9]{48}', { entropy: 3.3 }),
  byPrefix('Tavily', 'tavily', 'API key', 'tvly-', '(?:dev-|prod-)?[A-Za-z0-9]{32}', { entropy: 3.3 }),
  byPrefix('Firecrawl', 'firecrawl', 'API key', 'fc-', '[0-9a-f]{32}', { name: 'firecrawl|(?:^|_)fc' }),
  byPrefix('Jina', 'jina', 'API key', 'jina_', '[0-9a-f]{32}[A-Za-z0-9_-]{28}', { entropy: 3.3 }),
  byPrefix('NVIDIA', 'nvidia', 'API key', 'nvapi-', '[A-Za-z0-9_-]{64}', { entropy: 3.5 }),
  byPrefix('Databricks', 'databricks', 'personal access token', 'dapi', '[0-9a-f]{32}(?:-\\d)?'),
  byName('Weights & Biases', 'wandb', 'API key', 'wandb', 'wandb.*(?:key|token)', '[0-9a-f]{40}', {
    rotate: 'https://wandb.ai/authorize',
  }),
  byPrefix('E2B', 'e2b', 'API key', 'e2b_', '[0-9a-f]{40}'),
  byPrefix('Apify', 'apify', 'API token', 'apify_api_', '[A-Za-z0-9-]{34,40}', { entropy: 3.3 }),
  byName('Exa', 'exa', 'API key', 'exa', '(?:^|_)exa_?(?:api)?_?key', uuid),
  byName(
    'Google',
    'gemini',
    'Gemini API key',
    ['gemini', 'generative'],
    '(?:gemini|google_?generative|generative_?ai).*key',
    'AIza[A-Za-z0-9_-]{35}',
    { entropy: 3.3, rotate: 'https://aistudio.google.com/apikey' },
  ),
  byName(
    'Azure OpenAI',
    'azure-openai',
    'API key',
    'azure',
    'azure.*(?:openai|cognitive|ai).*key',
    '(?:[0-9a-f]{32}|[A-Za-z0-9]{84})',
    { rotate: 'https://portal.azure.com' },
  ),
  byPrefix('AWS', 'aws-bedrock', 'Bedrock API key', 'ABSK', '[A-Za-z0-9+/]{109,269}={0,2}', { entropy: 3.5 }),
  byName('SerpApi', 'serpapi', 'API key', ['serpapi', 'serp_api'], 'serp_?api.*key', '[0-9a-f]{64}'),
  byName('Helicone', 'helicone', 'API key', 'helicone', 'helicone.*key', 'sk-helicone-[a-z0-9-]{27,40}', {
    entropy: 3.3,
  }),
]
