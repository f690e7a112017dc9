// Names of variables that a framework writes into the bundle, and whether such a name is that of a secret.
import { isSecretName } from '../secrets/names.ts'

/** Providers whose keys are for servers alone, by the name of a variable without its prefix. */
const serverOnly =
  /(?:^|_)(?:OPENAI|ANTHROPIC|CLAUDE|GEMINI|GROQ|MISTRAL|COHERE|DEEPSEEK|PERPLEXITY|OPENROUTER|REPLICATE|HUGGING_?FACE|HF|ELEVEN_?LABS|DEEPGRAM|ASSEMBLYAI|PINECONE|VOYAGE|TAVILY|SERPAPI|FIRECRAWL|RESEND|SENDGRID|POSTMARK|MAILGUN|MAILCHIMP|MAILERLITE|MAILJET|SPARKPOST|MANDRILL|CONVERTKIT|LOOPS|BREVO|SMTP|TWILIO|AWS|NOTION|AIRTABLE|GITHUB|SLACK|LEMON_?SQUEEZY|PADDLE|PLAID|XAI|TOGETHER|FIREWORKS|LANGSMITH|CEREBRAS|NVIDIA|STABILITY|JINA|EXA|SERPER|APIFY|HUBSPOT)_(?:\w+_)?(?:API_?)?(?:KEY|TOKEN|SECRET|PASSWORD)$/
const telling =
  /SECRET|AUTH_?TOKEN|ACCESS_?TOKEN|API_?SECRET|BEARER|JWT_?KEY|CONNECTION_?STRING|PASSWORD|PASSWD|PRIVATE_?KEY|SERVICE_?(?:ROLE|KEY|ACCOUNT)|MASTER_?KEY|ADMIN_?(?:KEY|TOKEN|API)|CREDENTIALS?$|DATABASE_URL|DB_URL|MONGO(?:DB)?_URI|REDIS_URL|WEBHOOK_SECRET|SIGNING_?KEY|ENCRYPTION_?KEY/

/** The role that passes every rule of a database, however the name ends. */
const serverRole = /(?:^|_)SERVICE_?ROLE(?:_(?:KEY|TOKEN|JWT|SECRET))?$/

/** What a visitor is told on purpose: the login of a demonstration, the state of a switch. */
const toldOnPurpose =
  /(?:^|_)(?:DEMO|DEFAULT|GUEST|SAMPLE|TRIAL|SANDBOX|PLAYGROUND|EXAMPLE|ENABLED?|DISABLED?|SHOW|ALLOW|REQUIRE|FORGOT|RESET|MIN|MAX|LENGTH|LOGIN)(?:_|$)/
/** The configuration of a Firebase app, which every page that uses it is given: https://firebase.google.com/docs/projects/learn-more#config-files-objects */
const ofFirebase = /(?:^|_)(?:FIREBASE|FB|RTDB|FIRESTORE)_(?:\w+_)?(?:DATABASE|DB)_URL$/
/** Names that leave no doubt what stands behind them. */
const unmistakable =
  /SERVICE_?ROLE|DATABASE_URL|DB_URL|MONGO(?:DB)?_URI|PRIVATE_?KEY|SECRET_?(?:ACCESS_?)?KEY|CLIENT_SECRET|JWT_SECRET|API_?SECRET|WEBHOOK_SECRET|CONNECTION_?STRING/

/** How sure a name alone is. */
export const surenessOfName = (plain: string): 'certain' | 'likely' =>
  serverOnly.test(plain) || unmistakable.test(plain) ? 'certain' : 'likely'

/** Whether a name, its public prefix taken off, is that of a secret: `OPENAI_API_KEY`, `DATABASE_URL`. */
export const soundsSecret = (plain: string): boolean =>
  !toldOnPurpose.test(plain) &&
  !/(?:^|_)(?:PUBLIC|PUBLISHABLE|ANON|SITE_?KEY|CLIENT_ID|APP(?:LICATION)?_?INSIGHTS)(?:_|$)/.test(plain) &&
  !ofFirebase.test(plain) &&
  (serverOnly.test(plain) ||
    serverRole.test(plain) ||
    (telling.test(plain) &&
      (isSecretName(plain) || /(?:DATABASE|DB|MONGO\w*|REDIS)_UR[LI]|CONNECTION_?STRING/.test(plain))))
