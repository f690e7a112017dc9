// How a provider is asked whether a secret still works: one reading request each, that changes nothing. Asked with `deploy secrets --verify`
// alone. Sources: the providers' API references, as of 2026-11.

export type VerifyRequest = { url: string; method?: 'GET' | 'POST'; headers: Record<string, string> }

/** `works` and `refuses` are tried in order on status and body; what neither knows cannot be told. */
export type Verifier = {
  rules: readonly string[]
  request: (secret: string) => VerifyRequest | null
  works: (status: number, body: string) => boolean
  refuses: (status: number, body: string) => boolean
}

const bearer =
  (url: string) =>
  (secret: string): VerifyRequest => ({ url, headers: { authorization: `Bearer ${secret}` } })
const ok = (status: number): boolean => status >= 200 && status < 300
const refused = (status: number): boolean => status === 401
const standard = { works: ok, refuses: refused }
/** A key that is known but may not do this answers 403. */
const scoped = { works: (status: number) => ok(status) || status === 403, refuses: refused }

export const verifiers: readonly Verifier[] = [
  {
    rules: ['stripe-secret-live', 'stripe-restricted-live', 'stripe-secret-test', 'stripe-restricted-test'],
    request: bearer('https://api.stripe.com/v1/balance'),
    ...scoped,
  },
  { rules: ['github-token', 'github-fine-grained'], request: bearer('https://api.github.com/user'), ...scoped },
  {
    rules: ['gitlab'],
    request: secret => ({
      url: 'https://gitlab.com/api/v4/personal_access_tokens/self',
      headers: { 'private-token': secret },
    }),
    ...scoped,
  },
  { rules: ['openai-project', 'openai-legacy'], request: bearer('https://api.openai.com/v1/models'), ...scoped },
  {
    rules: ['anthropic-api'],
    request: secret => ({
      url: 'https://api.anthropic.com/v1/models',
      headers: { 'x-api-key': secret, 'anthropic-version': '2023-06-01' },
    }),
    ...scoped,
  },
  { rules: ['groq'], request: bearer('https://api.groq.com/openai/v1/models'), ...scoped },
  { rules: ['openrouter'], request: bearer('https://openrouter.ai/api/v1/key'), ...standard },
  { rules: ['hugging-face'], request: bearer('https://huggingface.co/api/whoami-v2'), ...standard },
  { rules: ['replicate'], request: bearer('https://api.replicate.com/v1/account'), ...standard },
  { rules: ['sendgrid'], request: bearer('https://api.sendgrid.com/v3/scopes'), ...scoped },
  // A key that may send alone is refused here with 401 and the word restricted.
  {
    rules: ['resend'],
    request: bearer('https://api.resend.com/domains'),
    works: (status, body) => ok(status) || (status === 401 && /restricted/i.test(body)),
    refuses: (status, body) =>
      (status === 400 || status === 401 || status === 403) && /invalid|not valid|missing/i.test(body),
  },
  {
    rules: ['postmark'],
    request: secret => ({
      url: 'https://api.postmarkapp.com/server',
      headers: { 'x-postmark-server-token': secret, accept: 'application/json' },
    }),
    ...standard,
  },
  {
    rules: ['mailgun', 'mailgun-key'],
    request: secret => ({
      url: 'https://api.mailgun.net/v3/domains',
      headers: { authorization: `Basic ${Buffer.from(`api:${secret}`).toString('base64')}` },
    }),
    ...scoped,
  },
  {
    rules: ['brevo'],
    request: secret => ({ url: 'https://api.brevo.com/v3/account', headers: { 'api-key': secret } }),
    ...standard,
  },
  {
    rules: ['slack-token'],
    request: secret => ({
      url: 'https://slack.com/api/auth.test',
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
    }),
    works: (status, body) => ok(status) && /"ok"\s*:\s*true/.test(body),
    refuses: (status, body) =>
      ok(status) && /invalid_auth|token_revoked|account_inactive|not_authed|token_expired/.test(body),
  },
  { rules: ['digitalocean'], request: bearer('https://api.digitalocean.com/v2/account'), ...scoped },
  {
    rules: ['notion', 'notion-legacy'],
    request: secret => ({
      url: 'https://api.notion.com/v1/users/me',
      headers: { authorization: `Bearer ${secret}`, 'notion-version': '2022-06-28' },
    }),
    ...standard,
  },
  {
    rules: ['cloudflare-token'],
    request: bearer('https://api.cloudflare.com/client/v4/user/tokens/verify'),
    works: (status, body) => ok(status) && /"status"\s*:\s*"active"/.test(body),
    refuses: status => status === 400 || status === 401 || status === 403,
  },
  { rules: ['netlify'], request: bearer('https://api.netlify.com/api/v1/user'), ...standard },
  {
    rules: ['vercel'],
    request: bearer('https://api.vercel.com/v2/user'),
    works: ok,
    refuses: status => status === 401 || status === 403,
  },
  {
    rules: ['telegram-bot'],
    request: secret => ({ url: `https://api.telegram.org/bot${secret}/getMe`, headers: {} }),
    ...standard,
  },
  {
    rules: ['supabase-service-role'],
    // The project is named within the token.
    request: secret => {
      try {
        const { ref } = JSON.parse(Buffer.from(secret.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
          ref?: unknown
        }
        return typeof ref === 'string' && /^[a-z]{20}$/.test(ref)
          ? {
              url: `https://${ref}.supabase.co/rest/v1/`,
              headers: { apikey: secret, authorization: `Bearer ${secret}` },
            }
          : null
      } catch {
        return null
      }
    },
    ...standard,
  },
]

export const verifierOf = (rule: string): Verifier | null => verifiers.find(one => one.rules.includes(rule)) ?? null
