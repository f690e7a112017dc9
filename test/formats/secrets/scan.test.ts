import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { secretRules } from '../../../src/formats/secrets/candidates.ts'
import { isSecretName, plainName } from '../../../src/formats/secrets/names.ts'
import { pathKind } from '../../../src/formats/secrets/path-kind.ts'
import { scanText } from '../../../src/formats/secrets/scan.ts'
import {
  crc32Base62,
  entropyOf,
  isEncrypted,
  isPlaceholder,
  looksLikePassword,
  looksRandom,
} from '../../../src/formats/secrets/values.ts'
import { makeUp, makeUpJwt, randomFrom } from '../../support/made-up-secrets.ts'
import { leastTime } from '../../support/processor-time.ts'

const repo = (text: string, path = 'src/config.ts') => scanText(text, { path, where: 'repo' })
const bundle = (text: string) => scanText(text, { path: 'https://app.example/a.js', where: 'bundle' })
const checked = (prefix: string): string => {
  const random = makeUp('{A30}', prefix.length)
  return `${prefix}${random}${crc32Base62(random)}`
}

// One true case a rule, at least: rule → template, or variable name and template. Prefixes are split by ~ so that no scanner stops here.
const prefixCases: [string, string][] = [
  ['stripe-secret-live', 'sk_~live_{A24}'],
  ['stripe-secret-live', 'sk_~live_51{A97}'],
  ['stripe-restricted-live', 'rk_~live_{A99}'],
  ['stripe-secret-test', 'sk_~test_51{A97}'],
  ['stripe-restricted-test', 'rk_~test_{A24}'],
  ['stripe-webhook', 'wh~sec_{A32}'],
  ['stripe-publishable-live', 'pk_~live_{A24}'],
  ['stripe-publishable-test', 'pk_~test_{A24}'],
  ['paddle-live', 'pdl_~live_apikey_{l26}_{A22}_{A3}'],
  ['paddle-sandbox', 'pdl_~sdbx_apikey_{l26}_{A22}_{A3}'],
  ['paddle-webhook', 'pdl_~ntfset_{l26}_{A32}'],
  ['paypal-braintree', 'access_token$~production${l16}${h32}'],
  ['paypal-sandbox', 'access_token$~sandbox${l16}${h32}'],
  ['square', 'sq0~atp-{s22}'],
  ['razorpay-key', 'rzp_~live_{A14}'],
  ['polar', 'polar_~oat_{A40}'],
  ['creem', 'creem_~{A22}'],
  ['shopify', 'shp~at_{h32}'],
  ['flutterwave', 'FLW~SECK-{h32}-X'],
  ['flutterwave-test', 'FLW~SECK_TEST-{h32}-X'],
  ['resend', 're_~{A8}_{A24}'],
  ['sendgrid', 'SG~.{s22}.{s43}'],
  ['mailgun-key', 'key~-{h32}'],
  ['mailgun-public', 'pub~key-{h32}'],
  ['brevo', 'xkey~sib-{h64}-{A16}'],
  ['mailersend', 'ml~sn.{h64}'],
  ['telnyx', 'KEY~0{H31}_{A22}'],
  ['slack-token', 'xo~xb-{d12}-{d13}-{A24}'],
  ['slack-app', 'xa~pp-1-A{U10}-{d13}-{h64}'],
  ['slack-webhook', 'https://hooks.~slack.com/services/T{U10}/B{U10}/{A24}'],
  ['telegram-url', 'https://api.~telegram.org/bot{d10}:A~A{A33}'],
  ['discord-webhook', 'https://discord.~com/api/webhooks/{d18}/{A68}'],
  ['teams-webhook', 'https://x.~webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/{h32}/{uuid}'],
  ['zapier-webhook', 'https://hooks.~zapier.com/hooks/catch/{d7}/{l7}'],
  ['tailscale', 'tskey~-auth-{A12}CNTRL-{A32}'],
  ['prefect', 'pn~u_{A36}'],
  ['dynatrace', 'dt0~c01.{U24}.{U64}'],
  ['shippo', 'shippo~_live_{h40}'],
  ['shippo-test', 'shippo~_test_{h40}'],
  ['duffel', 'duffel~_live_{A43}'],
  ['duffel-test', 'duffel~_test_{A43}'],
  ['easypost', 'EZ~AK{A54}'],
  ['easypost-test', 'EZ~TK{A54}'],
  ['woocommerce', 'c~s_{h40}'],
  ['onesignal', 'os_~v2_app_{t103}'],
  ['liveblocks', 'sk_~prod_{A64}'],
  ['fcm-server', 'AA~AA{A7}:APA91b{A134}'],
  ['stytch', 'secret-~live-{A36}'],
  ['stytch-test', 'secret-~test-{A36}'],
  ['posthog-personal', 'ph~x_{A43}'],
  ['posthog-project', 'ph~c_{A43}'],
  ['segment', 'sg~p_{A64}'],
  ['mapbox-secret', 'sk~.eyJ{A60}.{A22}'],
  ['mapbox-public', 'pk~.eyJ{A60}.{A22}'],
  ['inngest', 'sign~key-prod-{h64}'],
  ['inngest-test', 'sign~key-test-{h64}'],
  ['trigger', 'tr_~prod_{A20}'],
  ['trigger-dev', 'tr_~dev_{A20}'],
  ['contentful', 'CF~PAT-{A43}'],
  ['notion', 'nt~n_{A46}'],
  ['airtable', 'p~at{A14}.{h64}'],
  ['linear', 'lin_~api_{A40}'],
  ['figma', 'fi~gd_{A40}'],
  ['typeform', 'tf~p_{A44}'],
  ['hubspot', 'pat-~na1-{uuid}'],
  ['dropbox', 'sl.~u.{A140}'],
  ['aws-access-key', 'AK~IA{T16}'],
  ['google-api-key', 'AI~za{A35}'],
  ['google-oauth-secret', 'GOC~SPX-{A28}'],
  ['google-access-token', 'ya~29.{A120}'],
  ['google-refresh-token', '1~//0{A90}'],
  ['azure-storage', 'Account~Key={A86}=='],
  ['azure-shared-access', 'SharedAccess~Key={A43}='],
  ['alibaba', 'LT~AI{A20}'],
  ['tencent', 'AK~ID{A32}'],
  ['digitalocean', 'dop~_v1_{h64}'],
  ['cloudflare-origin-ca', 'v1~.0-{h24}-{h146}'],
  ['fly', 'fm~2_{A120}'],
  ['netlify', 'nf~p_{A36}'],
  ['vercel-blob', 'vercel_~blob_rw_{A16}_{A30}'],
  ['render', 'rn~d_{A32}'],
  ['heroku', 'HR~KU-AA{A58}'],
  ['supabase-secret', 'sb_~secret_{A22}_{A8}'],
  ['supabase-publishable', 'sb_~publishable_{A22}_{A8}'],
  ['supabase-personal', 'sb~p_{h40}'],
  ['planetscale', 'pscale_~pw_{A43}'],
  ['neon-api', 'na~pi_{l64}'],
  ['neon-password', 'np~g_{A12}'],
  ['mongodb-atlas', 'mdb_~sa_sk_{A40}'],
  ['xata', 'xa~u_{A34}'],
  ['prisma-accelerate', 'prisma:~//accelerate.prisma-data.net/?api_key=eyJ{A80}'],
  ['cloudinary', 'cloudinary:~//{d15}:{A27}@shop'],
  ['tinybird', 'p~.eyJ{A80}.{A43}'],
  ['github-fine-grained', 'github_~pat_{A22}_{A59}'],
  ['gitlab', 'gl~pat-{A20}'],
  ['atlassian', 'ATA~TT3{A190}'],
  ['bitbucket', 'AT~BB{A32}'],
  ['pypi', 'pypi-~AgEIcHlwaS5vcmc{A80}'],
  ['rubygems', 'ruby~gems_{h48}'],
  ['packagist', 'packagist_~uut_{h68}'],
  ['clojars', 'CLO~JARS_{h60}'],
  ['jfrog', 'AK~Cp{A69}'],
  ['docker-hub', 'dckr_~pat_{A27}'],
  ['circleci', 'CCI~PAT_{A22}_{h40}'],
  ['buildkite', 'bk~ua_{h40}'],
  ['sonarqube', 'sq~p_{h40}'],
  ['snyk', 'snyk_~uat.{h8}.{A70}'],
  ['postman', 'PM~AK-{h24}-{h34}'],
  ['vault', 'hv~s.{A90}'],
  ['pulumi', 'pu~l-{h40}'],
  ['doppler', 'dp.~st.prd.{A43}'],
  ['infisical', 's~t.{h24}.{h32}.{h32}'],
  ['onepassword', 'ops~_eyJ{A300}'],
  ['age', 'AGE-~SECRET-KEY-1{Q58}'],
  ['sentry-organisation', 'sntrys~_eyJ{B80}=_{B43}'],
  ['sentry-user', 'sntryu~_{h64}'],
  ['new-relic', 'NR~AK-{U27}'],
  ['new-relic-browser', 'NR~JS-{h19}'],
  ['grafana-service', 'gl~sa_{A32}_{h8}'],
  ['grafana-cloud', 'gl~c_eyJ{A90}'],
  ['honeycomb', 'hc~aik_{l58}'],
  ['axiom', 'xa~at-{uuid}'],
  ['honeybadger', 'hb~p_{A36}'],
  ['openai-project', 'sk-~proj-{A124}'],
  ['openai-legacy', 'sk~-{A20}T3Blbk~FJ{A20}'],
  ['anthropic-api', 'sk-ant-~api03-{A93}AA'],
  ['anthropic-admin', 'sk-ant-~admin01-{A93}AA'],
  ['hugging-face', 'h~f_{L34}'],
  ['replicate', 'r~8_{A37}'],
  ['groq', 'gs~k_{A52}'],
  ['perplexity', 'pp~lx-{A48}'],
  ['xai', 'xa~i-{A80}'],
  ['openrouter', 'sk-or-~v1-{h64}'],
  ['together', 'tgp~_v1_{A43}'],
  ['pinecone', 'pc~sk_{A6}_{A62}'],
  ['langsmith', 'lsv2~_pt_{h32}_{h10}'],
  ['langfuse-secret', 'sk-~lf-{uuid}'],
  ['langfuse-public', 'pk-~lf-{uuid}'],
  ['cerebras', 'cs~k-{l48}'],
  ['tavily', 'tv~ly-{A32}'],
  ['jina', 'ji~na_{h32}{A28}'],
  ['nvidia', 'nv~api-{A64}'],
  ['databricks', 'da~pi{h32}'],
  ['e2b', 'e2~b_{h40}'],
  ['apify', 'apify_~api_{A36}'],
  ['aws-bedrock', 'AB~SK{A120}'],
  ['onepassword-secret-key', 'A~3-{U6}-{U11}-{U5}-{U5}-{U5}'],
  ['clickhouse-cloud', '4~b1d{A38}'],
  ['gitlab-runner', 'GR~1348941{A20}'],
  ['gitlab-feature-flags', 'gl~ffct-{A20}'],
  ['harness', 'p~at.{A22}.{l24}.{A20}'],
  ['infracost', 'ic~o-{A32}'],
  ['octopus', 'AP~I-{U26}'],
  ['openshift', 'sha~256~~{A43}'.replace('~~', '\u0000')],
  ['readme', 'rd~me_{l70}'],
  ['scalingo', 'tk-~us-{A48}'],
  ['sourcegraph', 'sg~p_{h16}_{h40}'],
  ['frameio', 'fi~o-u-{A64}'],
  ['intra42', 's-s~4t2ud-{h64}'],
  ['facebook', 'EA~A{A160}'],
  ['cloudflare-scanned', 'cf~ut_{A40}{h8}'],
  ['vercel-token', 'vc~p_{A56}'],
  ['github-installation', 'gh~s_{d7}_{A30}.{A90}.{A86}'],
  ['grafana-legacy', 'eyJ~rIjoi{A90}'],
  ['stripe-secret-prod', 'sk_~prod_{A99}'],
  ['adobe', 'p~8e-{h32}'],
  ['square-application', 'sq~0idp-{s22}'],
  ['flutterwave-public', 'FLW~PUBK-{h32}-X'],
  ['flutterwave-encryption', 'FLW~SECK_TEST-{h12}'],
  ['pubnub-secret', 'se~c-c-{A48}'],
  ['pubnub', 'su~b-c-{uuid}'],
  ['adafruit', 'ai~o_{A28}'],
  ['bannerbear', 'bb_~pr_{h30}'],
  ['zoho-refresh', '10~00.{h32}.{h32}'],
  ['salesforce-refresh', '5A~ep861{A90}'],
  ['tines', 'https://acme.~tines.com/webhook/{l32}/{l32}'],
  ['settlemint', 'sm_~aat_{A16}'],
  ['authress', 's~c_{l10}.{l4}.acc-{l12}.{l40}'],
  ['gitlab-session', '_gitlab_~session={l32}'],
  ['aws-bedrock-short', 'bedrock-~api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{A90}'],
  ['bitbucket-server', 'BB~DC-{A44}'],
  ['rootly', 'root~ly_{h64}'],
  ['new-relic-insights', 'NR~II-{A32}'],
  ['trufflehog', 'thog-~key-{h16}'],
  ['slack-workflow', 'https://hooks.~slack.com/workflows/T{U10}/A{U10}/{d18}/{A24}'],
  [
    'teams-workflow',
    'https://prod-12.westeurope.~logic.azure.com:443/workflows/{h32}/triggers/manual/paths/invoke?api-version=2016-06-01&sig={A43}',
  ],
]
/** Known by a name, and by their shape alone too. */
const shaped = ['telegram-bot', 'azure-client-secret', 'terraform']
const nameCases: [string, string, string][] = [
  ['sourcegraph-legacy', 'SOURCEGRAPH_TOKEN', '{h40}'],
  ['vault-legacy', 'VAULT_TOKEN', '~s.{A24}'],
  ['azure-devops', 'AZURE_DEVOPS_PAT', 'AZ~DO{A80}'],
  ['crates', 'CARGO_REGISTRY_TOKEN', 'ci~o{A32}'],
  ['nuget', 'NUGET_API_KEY', 'oy~2{l43}'],
  ['fireworks', 'FIREWORKS_API_KEY', 'f~w_{A24}'],
  ['voyage', 'VOYAGE_API_KEY', 'p~a-{A43}'],
  ['firecrawl', 'FIRECRAWL_API_KEY', 'f~c-{h32}'],
  ['smtp2go', 'SMTP2GO_API_KEY', 'ap~i-{H32}'],
  ['launchdarkly', 'LAUNCHDARKLY_SDK_KEY', 'sd~k-{uuid}'],
  ['statsig', 'STATSIG_SERVER_SECRET', 'secret~-{A43}'],
  ['flagsmith', 'FLAGSMITH_KEY', 'se~r.{A22}'],
  ['lemon-squeezy', 'LEMONSQUEEZY_API_KEY', 'eyJ{A36}.eyJ{A60}.{A90}'],
  ['paypal-secret', 'PAYPAL_CLIENT_SECRET', 'E{A79}'],
  ['braintree', 'BRAINTREE_PRIVATE_KEY', '{h32}'],
  ['square-token', 'SQUARE_ACCESS_TOKEN', 'EA~AA{A60}'],
  ['adyen', 'ADYEN_API_KEY', 'AQ~E{A100}'],
  ['razorpay-secret', 'RAZORPAY_KEY_SECRET', '{A24}'],
  ['mollie', 'MOLLIE_API_KEY', 'li~ve_{A30}'],
  ['gocardless', 'GOCARDLESS_ACCESS_TOKEN', 'li~ve_{A40}'],
  ['chargebee', 'CHARGEBEE_API_KEY', 'li~ve_{A32}'],
  ['plaid', 'PLAID_SECRET', '{h30}'],
  ['revenuecat', 'REVENUECAT_SECRET_KEY', 's~k_{L30}'],
  ['revenuecat-public', 'REVENUECAT_IOS_KEY', 'ap~pl_{A27}'],
  ['coinbase-commerce', 'COINBASE_COMMERCE_API_KEY', '{uuid}'],
  ['postmark', 'POSTMARK_SERVER_TOKEN', '{uuid}'],
  ['mailgun', 'MAILGUN_API_KEY', '{h32}-{h8}-{h8}'],
  ['mailchimp', 'MAILCHIMP_API_KEY', '{h32}-us21'],
  ['mandrill', 'MANDRILL_API_KEY', 'md-{A22}'],
  ['mailjet', 'MAILJET_SECRET_KEY', '{h32}'],
  ['sparkpost', 'SPARKPOST_API_KEY', '{h40}'],
  ['loops', 'LOOPS_API_KEY', '{h32}'],
  ['customer-io', 'CUSTOMERIO_API_KEY', '{h32}'],
  ['elastic-email', 'ELASTIC_EMAIL_API_KEY', '{H96}'],
  ['klaviyo', 'KLAVIYO_API_KEY', 'p~k_{h34}'],
  ['plunk', 'PLUNK_SECRET_KEY', 's~k_{h48}'],
  ['activecampaign', 'ACTIVECAMPAIGN_API_KEY', '{h72}'],
  ['zoho-mail', 'ZEPTOMAIL_TOKEN', '{A80}'],
  ['twilio-auth-token', 'TWILIO_AUTH_TOKEN', '{h32}'],
  ['twilio-account', 'TWILIO_ACCOUNT_SID', 'A~C{h32}'],
  ['vonage', 'VONAGE_API_SECRET', '{A16}'],
  ['messagebird', 'MESSAGEBIRD_ACCESS_KEY', '{A25}'],
  ['plivo', 'PLIVO_AUTH_TOKEN', '{A40}'],
  ['discord-bot', 'DISCORD_BOT_TOKEN', 'M{A23}.{A6}.{A38}'],
  ['telegram-bot', 'TELEGRAM_BOT_TOKEN', '{d10}:A~A{A33}'],
  ['pusher', 'PUSHER_APP_SECRET', '{h20}'],
  ['ably', 'ABLY_API_KEY', '{A6}.{A6}:{A43}'],
  ['livekit', 'LIVEKIT_API_SECRET', '{A43}'],
  ['stream-chat', 'STREAM_API_SECRET', '{l64}'],
  ['mux', 'MUX_TOKEN_SECRET', '{A75}'],
  ['auth0', 'AUTH0_CLIENT_SECRET', '{A64}'],
  ['okta', 'OKTA_API_TOKEN', '00{A40}'],
  ['kinde', 'KINDE_CLIENT_SECRET', '{A50}'],
  ['turnstile', 'TURNSTILE_SECRET_KEY', '0x~4{A33}'],
  ['recaptcha-secret', 'RECAPTCHA_SECRET_KEY', '6~L{A38}'],
  ['recaptcha-site', 'RECAPTCHA_SITE_KEY', '6~L{A38}'],
  ['mixpanel', 'MIXPANEL_API_SECRET', '{h32}'],
  ['amplitude', 'AMPLITUDE_SECRET_KEY', '{h32}'],
  ['algolia-admin', 'ALGOLIA_ADMIN_KEY', '{h32}'],
  ['algolia-search', 'ALGOLIA_SEARCH_KEY', '{h32}'],
  ['openweather', 'OPENWEATHER_API_KEY', '{h32}'],
  ['novu', 'NOVU_SECRET_KEY', '{h32}'],
  ['sanity', 'SANITY_API_TOKEN', 'sk{A120}'],
  ['datocms', 'DATOCMS_API_TOKEN', '{h30}'],
  ['notion-legacy', 'NOTION_TOKEN', 'secret~_{A43}'],
  ['asana', 'ASANA_TOKEN', '1/{d16}:{h32}'],
  ['trello', 'TRELLO_TOKEN', 'AT~TA{h64}{H8}'],
  ['clickup', 'CLICKUP_API_TOKEN', 'p~k_{d8}_{U32}'],
  ['intercom', 'INTERCOM_ACCESS_TOKEN', 'dG~9rO{A60}'],
  ['zendesk', 'ZENDESK_API_TOKEN', '{A40}'],
  ['calendly', 'CALENDLY_API_KEY', 'eyJ{A36}.eyJ{A60}.{A86}'],
  ['cal-com', 'CAL_API_KEY', 'cal_~live_{h32}'],
  ['monday', 'MONDAY_API_TOKEN', 'eyJ{A36}.eyJ{A60}.{A43}'],
  ['pipedrive', 'PIPEDRIVE_API_TOKEN', '{h40}'],
  ['salesforce', 'SALESFORCE_ACCESS_TOKEN', '00D{A12}!{A90}'],
  ['instagram', 'INSTAGRAM_ACCESS_TOKEN', 'IG{A120}'],
  ['facebook-secret', 'FACEBOOK_APP_SECRET', '{h32}'],
  ['twitter-bearer', 'TWITTER_BEARER_TOKEN', 'AAAAAAAAAAAAAAAAAAAAA{A80}'],
  ['twitter-secret', 'TWITTER_API_SECRET', '{A50}'],
  ['linkedin', 'LINKEDIN_CLIENT_SECRET', '{A16}'],
  ['spotify', 'SPOTIFY_CLIENT_SECRET', '{h32}'],
  ['twitch', 'TWITCH_CLIENT_SECRET', '{l30}'],
  ['reddit', 'REDDIT_CLIENT_SECRET', '{A27}'],
  ['github-oauth-secret', 'GITHUB_CLIENT_SECRET', '{h40}'],
  ['ethereum-key', 'DEPLOYER_PRIVATE_KEY', '0x{h64}'],
  ['ethereum-hex-key', 'PRIVATE_KEY', '0x{h64}'],
  ['hex-private-key', 'PRIVATE_KEY', '{h64}'],
  ['alchemy', 'ALCHEMY_API_KEY', '{A32}'],
  ['infura', 'INFURA_API_KEY', '{h32}'],
  ['rails-master-key', 'RAILS_MASTER_KEY', '{h32}'],
  ['wordpress-salt', 'LOGGED_IN_KEY', '{D64}'],
  ['rails-secret-key-base', 'SECRET_KEY_BASE', '{h128}'],
  ['laravel-app-key', 'APP_KEY', 'base~64:{A43}='],
  ['django-secret-key', 'SECRET_KEY', '{D50}'],
  ['django-insecure-key', 'SECRET_KEY', 'django-~insecure-{D50}'],
  ['aws-secret-key', 'AWS_SECRET_ACCESS_KEY', '{B40}'],
  ['azure-client-secret', 'AZURE_CLIENT_SECRET', '{A3}8Q~~{A34}'.replace('~~', '\u0000')],
  ['ibm-cloud', 'IBM_CLOUD_API_KEY', '{A44}'],
  ['linode', 'LINODE_TOKEN', '{h64}'],
  ['vultr', 'VULTR_API_KEY', '{U36}'],
  ['hetzner', 'HCLOUD_TOKEN', '{A64}'],
  ['scaleway', 'SCW_SECRET_KEY', '{uuid}'],
  ['backblaze', 'B2_APPLICATION_KEY', 'K~00{A28}'],
  ['cloudflare-token', 'CLOUDFLARE_API_TOKEN', '{A40}'],
  ['cloudflare-global-key', 'CLOUDFLARE_API_KEY', '{h37}'],
  ['vercel', 'VERCEL_TOKEN', '{A24}'],
  ['railway', 'RAILWAY_TOKEN', '{uuid}'],
  ['heroku-legacy', 'HEROKU_API_KEY', '{uuid}'],
  ['fastly', 'FASTLY_API_TOKEN', '{A32}'],
  ['bunny', 'BUNNY_API_KEY', '{uuid}'],
  ['upstash', 'UPSTASH_REDIS_REST_TOKEN', 'A{A58}=='],
  ['turso', 'TURSO_AUTH_TOKEN', 'eyJ{A36}.eyJ{A60}.{A86}'],
  ['convex', 'CONVEX_DEPLOY_KEY', 'prod:happy-otter-123|{A60}'],
  ['hasura', 'HASURA_GRAPHQL_ADMIN_SECRET', '{A32}'],
  ['uploadthing', 'UPLOADTHING_TOKEN', 'eyJ{A120}'],
  ['imagekit', 'IMAGEKIT_PRIVATE_KEY', 'private~_{A28}'],
  ['meilisearch', 'MEILI_MASTER_KEY', '{A32}'],
  ['typesense', 'TYPESENSE_ADMIN_API_KEY', '{A32}'],
  ['snyk-legacy', 'SNYK_TOKEN', '{uuid}'],
  ['codecov', 'CODECOV_TOKEN', '{uuid}'],
  ['expo', 'EXPO_TOKEN', '{A40}'],
  ['terraform', 'TF_API_TOKEN', '{A14}.atlas~v1.{A67}'],
  ['datadog-api', 'DATADOG_API_KEY', '{h32}'],
  ['new-relic-licence', 'NEW_RELIC_LICENSE_KEY', '{h36}NR~AL'],
  ['honeycomb-legacy', 'HONEYCOMB_API_KEY', '{A22}'],
  ['better-stack', 'LOGTAIL_SOURCE_TOKEN', '{A24}'],
  ['rollbar', 'ROLLBAR_SERVER_TOKEN', '{h32}'],
  ['logflare', 'LOGFLARE_API_KEY', '{A24}'],
  ['pagerduty', 'PAGERDUTY_API_KEY', '{A20}'],
  ['mistral', 'MISTRAL_API_KEY', '{A32}'],
  ['cohere', 'COHERE_API_KEY', '{A40}'],
  ['deepseek', 'DEEPSEEK_API_KEY', 'sk~-{h32}'],
  ['together-legacy', 'TOGETHER_API_KEY', '{h64}'],
  ['elevenlabs', 'ELEVENLABS_API_KEY', 's~k_{h48}'],
  ['assemblyai', 'ASSEMBLYAI_API_KEY', '{h32}'],
  ['deepgram', 'DEEPGRAM_API_KEY', '{h40}'],
  ['stability', 'STABILITY_API_KEY', 's~k-{A48}'],
  ['wandb', 'WANDB_API_KEY', '{h40}'],
  ['exa', 'EXA_API_KEY', '{uuid}'],
  ['gemini', 'GEMINI_API_KEY', 'AI~za{A35}'],
  ['azure-openai', 'AZURE_OPENAI_API_KEY', '{h32}'],
  ['serpapi', 'SERPAPI_API_KEY', '{h64}'],
  ['helicone', 'HELICONE_API_KEY', 'sk-helicone-{l7}-{l7}-{l7}-{l7}'],
]
const token = (template: string, seed = 7): string => makeUp(template, seed).replaceAll('\u0000', '~')
const seeds = [1, 2, 3, 4, 5]

describe('secret rules', () => {
  it('are unique, of at least 120 providers, and each has its cases here', () => {
    const ids = secretRules.map(rule => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(secretRules.map(rule => rule.provider)).size).toBeGreaterThanOrEqual(120)
    const covered = new Set([...prefixCases.map(([id]) => id), ...nameCases.map(([id]) => id), 'github-token', 'npm'])
    expect(ids.filter(id => !covered.has(id))).toEqual([])
  })

  it.each(prefixCases)('%s is found by its prefix wherever it stands', (id, template) => {
    const rule = secretRules.find(one => one.id === id)!
    for (const seed of seeds) {
      const secret = token(template, seed)
      for (const [path, text] of [
        ['src/a.ts', `const value = '${secret}'`],
        ['.env', `VALUE=${secret}\n`],
        ['a.json', `{"value":"${secret}"}`],
      ] as const) {
        const hits = repo(text, path).filter(hit => hit.rule === id)
        expect(
          hits.map(hit => [hit.rule, hit.class]),
          `${secret} in ${path}`,
        ).toEqual([[id, rule.class]])
        expect(secret).toContain(hits[0]!.secret)
      }
      expect(bundle(`!function(){var e="${secret}";t(e)}()`).map(hit => hit.rule)).toContain(id)
    }
  })

  it.each(nameCases)('%s is found in %s', (id, name, template) => {
    const rule = secretRules.find(one => one.id === id)!
    const camel = name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    for (const seed of seeds) {
      const secret = token(template, seed)
      const texts = [
        ['.env.production', `${name}="${secret}"`],
        ['src/a.ts', `export const ${camel} = '${secret}'`],
        ['config.yaml', `  ${name.toLowerCase()}: "${secret}"`],
        ['app/config.php', `'${name.toLowerCase()}' => '${secret}',`],
        ['a.ts', `const x = process.env.${name} ?? '${secret}'`],
        ['settings.py', `x = os.environ.get("${name}", "${secret}")`],
      ] as const
      for (const [path, text] of texts)
        expect(
          repo(text, path).map(hit => [hit.rule, hit.class]),
          text,
        ).toEqual([[id, rule.class]])
    }
  })

  it.each([...prefixCases, ...nameCases.map(([id, , template]): [string, string] => [id, template])])(
    '%s is not found where a person left a placeholder',
    (id, template) => {
      const secret = token(template)
      const prefix = template.split('{')[0]!.replaceAll('~', '')
      const name = nameCases.find(([one]) => one === id)?.[1] ?? 'VALUE'
      const rule = secretRules.find(one => one.id === id)!
      if (rule.class === 'public') return
      for (const body of [
        'x'.repeat(secret.length - prefix.length),
        'your_key_here',
        'replace-me',
        '...',
        '0'.repeat(secret.length - prefix.length),
        '${VALUE}',
        '<your key>',
        `${'abcdefghij0123456789'.repeat(20)}`.slice(0, secret.length - prefix.length),
      ])
        expect(
          repo(`${name}="${prefix}${body}"`, '.env.production').filter(
            hit => hit.class === 'live' || hit.class === 'test',
          ),
          prefix + body,
        ).toEqual([])
    },
  )

  it.each(nameCases)('%s without its name is nothing', (id, _name, template) => {
    const rule = secretRules.find(one => one.id === id)!
    if (rule.class === 'public' || shaped.includes(id)) return
    expect(repo(`const checksum = '${token(template)}'`).filter(hit => hit.rule === id)).toEqual([])
  })

  it('verifies the checksum of GitHub and npm tokens', () => {
    // The pair that GitHub's announcement of the format was checked with by others.
    expect(crc32Base62('zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ')).toBe('0mLq17')
    for (const prefix of ['gh~p_', 'gh~s_', 'np~m_']) {
      const good = checked(prefix.replace('~', ''))
      expect(repo(`x = '${good}'`)).toMatchObject([{ class: 'live', confidence: 'certain' }])
      const wrong = good.slice(0, -1) + (good.endsWith('a') ? 'b' : 'a')
      // A sum that does not hold: no token of GitHub; of npm one cannot be as sure.
      expect(repo(`x = '${wrong}'`)).toMatchObject([{ class: prefix.startsWith('gh') ? 'placeholder' : 'live' }])
      // A token whose checksum holds is real even in a test.
      expect(repo(`x = '${good}'`, 'test/a.test.ts')).toMatchObject([{ class: 'live' }])
    }
  })
})

describe('what the common scanner misses', () => {
  const ref = 'abcdefghqrstuvwxwzyx'
  it('tells Supabase service_role from anon, and the local demo from both', () => {
    expect(bundle(`k="${makeUpJwt({ iss: 'supabase', ref, role: 'service_role', iat: 1, exp: 2 })}"`)).toMatchObject([
      { rule: 'supabase-service-role', kind: 'service-role', class: 'live' },
    ])
    expect(bundle(`k="${makeUpJwt({ iss: 'supabase', ref, role: 'anon', iat: 1, exp: 2 })}"`)).toMatchObject([
      { rule: 'supabase-anon', class: 'public' },
    ])
    expect(repo(`k="${makeUpJwt({ iss: 'supabase-demo', role: 'service_role', exp: 2 })}"`)).toMatchObject([
      { class: 'documentation' },
    ])
    expect(repo(`k="${makeUpJwt({ sub: '1', name: 'John' })}"`)).toEqual([])
  })

  const pem = (label: string, body: string, header = ''): string =>
    `-----BEGIN ${label}-----\n${header}${body.match(/.{1,64}/g)!.join('\n')}\n-----END ${label}-----`
  it('finds private keys, whole, escaped or of Firebase; encrypted ones are no leak', () => {
    const body = makeUp('{B800}')
    expect(repo(pem('PRIVATE KEY', body), 'key.pem')).toMatchObject([{ kind: 'private-key', class: 'live' }])
    expect(repo(`k = "${pem('RSA PRIVATE KEY', body).replaceAll('\n', '\\n')}"`)).toMatchObject([
      { kind: 'private-key', class: 'live', secret: body },
    ])
    const firebase = JSON.stringify({
      type: 'service_account',
      project_id: 'shop',
      private_key: `${pem('PRIVATE KEY', body)}\n`,
      client_email: 'a@shop.iam.gserviceaccount.com',
    })
    expect(repo(firebase, 'firebase-admin.json')).toMatchObject([
      { kind: 'service-role', rule: 'google-service-account', class: 'live' },
    ])
    expect(repo(pem('ENCRYPTED PRIVATE KEY', body))).toMatchObject([{ class: 'encrypted' }])
    expect(repo(pem('RSA PRIVATE KEY', body, 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n'))).toMatchObject([
      { class: 'encrypted' },
    ])
    expect(repo(pem('PRIVATE KEY', body), 'test/fixtures/key.pem')).toMatchObject([{ class: 'documentation' }])
    expect(
      repo('-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----').filter(hit => hit.class === 'live'),
    ).toEqual([])
    expect(repo("if (text.includes('-----BEGIN PRIVATE KEY-----')) throw 1")).toEqual([])
    // What the line above calls a key of tests, and a token that everybody could have signed.
    const tested = `/* unit test private key of the library */\nconst key = "${pem('PRIVATE KEY', body).replaceAll('\n', '\\n')}"`
    expect(repo(tested, 'src/pgp.js')).toMatchObject([{ confidence: 'possible' }])
    const signed = (word: string): string => {
      const text = makeUpJwt({ sub: 'u1', exp: 2_000_000_000 }).split('.').slice(0, 2).join('.')
      return `AUTH_TOKEN="${text}.${createHmac('sha256', word).update(text).digest('base64url')}"`
    }
    const live = (text: string, path: string) =>
      repo(text, path).filter(hit => hit.class === 'live' && hit.confidence !== 'possible')
    expect(live(signed('12345'), 'src/a.ts')).toEqual([])
    expect(live(signed(makeUp('{A24}')), 'src/a.ts')).toMatchObject([{ rule: 'signed-token', expires: 2_000_000_000 }])
    expect(live(signed(makeUp('{A24}')), 'api.rest')).toEqual([])
    // A body that says it is 600 bytes long, whole, and its beginning as a form shows it.
    const whole = Buffer.concat([
      Buffer.from([0x30, 0x82, 2, 0x54]),
      Buffer.from(makeUp('{B800}'), 'base64').subarray(4),
    ])
    const read = (name: string, text: string) =>
      repo(`const ${name} = \`${pem('PRIVATE KEY', text)}\``, 'src/form.tsx').map(hit => [hit.class, hit.confidence])
    const [all, beginning] = [whole.toString('base64'), whole.toString('base64').slice(0, 128)]
    expect(read('placeholder', all)).toEqual([['live', 'certain']])
    expect(read('key', beginning)).toEqual([['live', 'likely']])
    expect(read('placeholder', beginning)).not.toContainEqual(['live', expect.anything()])
  })

  it('a manual that fills in other values with words has made up this one too', () => {
    const hook = makeUp('https://discord.~com/api/webhooks/{d18}/{A68}')
    const confidence = (beside: string, path: string) =>
      repo(`# Alerts\n\n\`\`\`yaml\nto: ${beside}\nurl: ${hook}\n\`\`\`\n`, path)[0]?.confidence
    expect(confidence('https://chat.shop.net/hook', 'docs/alerts.md')).toBe('certain')
    expect(confidence('https://chat.shop.net/your-hook', 'docs/alerts.md')).toBe('possible')
    expect(confidence('https://chat.shop.net/your-hook', 'src/alerts.ts')).toBe('certain')
  })

  it('tells a database of the world from one on this machine', () => {
    const at = (user: string, host: string): string => `postgres://${user}@${host}/shop`
    const password = makeUp('{A20}')
    expect(repo(`DATABASE_URL=${at(`shop:${password}`, 'db.shop-host.net:5432')}`, '.env')).toMatchObject([
      { rule: 'credentials-in-url', class: 'live' },
    ])
    for (const host of ['localhost:5432', '127.0.0.1', 'db:5432', 'postgres', 'host.docker.internal'])
      expect(repo(`DATABASE_URL=${at(`shop:${password}`, host)}`, '.env').filter(hit => hit.class === 'live')).toEqual(
        [],
      )
    for (const user of [
      'postgres:postgres',
      'user:password',
      'USER:PASSWORD',
      '${USER}:${PASSWORD}',
      'shop:<password>',
      '$DB_USER:$DB_PASS',
      'johndoe:randompassword',
      '&lt;user&gt;:&lt;pa55-word&gt;',
      'shop:strong\u2011pw\u2011here',
      'shop:strong\u00e2\u0080\u0091pw\u00e2\u0080\u0091here',
    ])
      expect(
        repo(`DATABASE_URL=${at(user, 'db.shop-host.net')}`, '.env').filter(hit => hit.class === 'live'),
        user,
      ).toEqual([])
    expect(
      repo(`<code>postgres://&lt;user&gt;:&lt;pw&gt;@&lt;host&gt;:5432/&lt;db&gt;</code>`, 'a/index.html'),
    ).toEqual([])
    // Platforms run production in private networks, and a real password opens a database whatever its host is called.
    for (const host of ['postgres.railway.internal:5432', '10.0.3.7', 'db.coachdash.example'])
      expect(repo(`DATABASE_URL=${at('shop:Xk29sLqp8', host)}`, '.env'), host).toMatchObject([{ class: 'live' }])
    for (const host of ['postgres.railway.internal', '192.168.1.20'])
      expect(repo(`DATABASE_URL=${at('shop:shop', host)}`, '.env').filter(hit => hit.class === 'live')).toEqual([])
    expect(repo(`u = "${at(`shop:${password}`, 'db.example.com')}"`).filter(hit => hit.class === 'live')).toEqual([])
  })

  it('knows the key file of Rails, that holds no name', () => {
    expect(repo(`${makeUp('{h32}')}\n`, 'config/master.key')).toMatchObject([
      { rule: 'rails-master-key', class: 'live' },
    ])
    expect(repo(`${makeUp('{h32}')}\n`, 'config/other.key')).toEqual([])
  })

  it('knows the key of Symfony’s vault, but not that of laptops', () => {
    const php = `<?php // prod.decrypt.private\n\nreturn base64_decode('${makeUp('{B86}')}==');\n`
    expect(repo(php, 'config/secrets/prod/prod.decrypt.private.php')).toMatchObject([
      { rule: 'symfony-decryption-key', class: 'live', confidence: 'certain' },
    ])
    expect(repo(php, 'config/secrets/dev/dev.decrypt.private.php')).toEqual([])
  })

  const value = makeUp('{A24}')
  it.each([
    ['k8s/api.yaml', `        env:\n        - name: DB_PASSWORD\n          value: ${value}\n`],
    ['task.json', `{ "environment": [{ "name": "DB_PASSWORD", "value": "${value}" }] }`],
    ['render.yaml', `envVars:\n  - key: DB_PASSWORD\n    value: ${value}\n`],
    ['.do/app.yaml', `envs:\n  - key: DB_PASSWORD\n    scope: RUN_TIME\n    type: SECRET\n    value: ${value}\n`],
    ['infra/a.tf', `variable "db_password" {\n  type    = string\n  default = "${value}"\n}\n`],
    ['.kamal/secrets', `DB_PASSWORD=${value}\n`],
    ['compose.deploy.yml', `    environment:\n      DB_PASSWORD: ${value}\n`],
  ])('sees a password whose name stands in an entry of its own: %s', (path, text) => {
    expect(repo(text, path)).toMatchObject([{ secret: value, class: 'live' }])
    for (const given of ['$DB_PASSWORD', '${DB_PASSWORD}', '$(op read op://a/b/c)', 'changeme', '""'])
      expect(repo(text.replace(value, given), path), given).toEqual([])
  })

  it('what looks for a signing secret is none', () => {
    expect(repo("literals: ['jwt.sign(', 'jwt.verify('],\n", 'a.ts')).toEqual([])
  })

  it('names who took over a prefix, and lists a Sentry DSN as made to be seen', () => {
    expect(repo(`CLERK_SECRET_KEY=${token('sk_~live_{A42}')}`, '.env')).toMatchObject([{ provider: 'Clerk' }])
    expect(
      bundle(`k="${`pk_~live_${Buffer.from('clerk.shop.com$').toString('base64')}`.replace('~', '')}"`),
    ).toMatchObject([{ provider: 'Clerk', class: 'public' }])
    expect(
      bundle(`dsn:"https://${makeUp('{h32}')}@o${makeUp('{d6}')}.ingest.sentry.io/${makeUp('{d7}')}"`),
    ).toMatchObject([{ rule: 'sentry-dsn', class: 'public' }])
    expect(repo(`const gemini = { geminiApiKey: '${token('AI~za{A35}')}' }`)).toMatchObject([{ class: 'live' }])
  })

  it('finds passwords and application secrets by their names, in code that a person wrote', () => {
    expect(repo(`const smtpPassword = '${token('Tr0ub4dor&{A6}')}'`)).toMatchObject([
      { rule: 'generic', kind: 'password', class: 'live', what: 'password' },
    ])
    expect(repo(`JWT_SECRET=${makeUp('{A40}')}`, '.env.production')).toMatchObject([
      { kind: 'password', class: 'live', confidence: 'likely' },
    ])
    expect(repo(`jwt_secret: ${makeUp('{A40}')}`, 'config/prod.yml')).toMatchObject([{ kind: 'password' }])
    expect(repo(`const smtpPassword = '${token('Tr0ub4dor&{A6}')}'`, 'test/mail.test.ts')).toEqual([])
    expect(repo(`JWT_SECRET=encrypted:${makeUp('{A60}')}`, '.env.production')).toMatchObject([{ class: 'encrypted' }])
  })

  it.each([
    ['a sealed secret of Kubernetes', `AgB${makeUp('{B720}')}=`],
    ['EJSON', `EJ[1:${makeUp('{B43}')}=:${makeUp('{B32}')}:${makeUp('{B48}')}]`],
    ['Spring Cloud Config', `{cipher}${makeUp('{h96}')}`],
    ['Fernet', `gAAAAAB${makeUp('{A120}')}==`],
    ['Pulumi', `v1:${makeUp('{B16}')}:${makeUp('{B48}')}`],
    [
      'a token that is encrypted (JWE)',
      `${Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url')}..${makeUp('{A16}')}.${makeUp('{A60}')}.${makeUp('{A22}')}`,
    ],
  ])('what is encrypted is no leak, whichever name holds it: %s', (_what, value) => {
    for (const name of ['SENTRY_AUTH_TOKEN', 'DB_PASSWORD', 'API_SECRET'])
      for (const path of ['k8s/prod/sealed.yaml', 'config/production.yml'])
        expect(
          repo(`  ${name}: ${value}\n`, path).filter(hit => hit.class !== 'encrypted'),
          name,
        ).toEqual([])
  })

  it('finds secrets that no variable names: connection strings, headers, curl, jwt.sign, netrc, define', () => {
    const password = token('Winter{d4}!{A6}')
    const random = makeUp('{A40}')
    for (const [path, text] of [
      [
        'appsettings.Production.json',
        `"Default": "Server=db.shop.net,1433;Database=shop;User Id=sa;Password=${password};"`,
      ],
      ['wp-config.php', `define( 'DB_PASSWORD', '${password}' );`],
      ['deploy.sh', `curl -s -u admin:${password} https://ci.shop.net/build`],
      ['src/a.ts', `headers: { Authorization: 'Bearer ${random}' }`],
      ['src/mail.js', `auth: { user: 'postmaster@mg.shop.net', pass: '${password}' }`],
      ['src/a.ts', `jwt.sign(payload, "${random}")`],
      ['.netrc', `machine api.shop.net login anna password ${password}`],
    ] as const)
      expect(
        repo(text, path).map(hit => [hit.kind, hit.class, hit.secret.length]),
        text,
      ).toEqual([['password', 'live', text.includes(random) ? 40 : password.length]])
    for (const [path, text] of [
      ['appsettings.json', `"Server=localhost;Database=shop;User Id=sa;Password=${password};"`],
      ['appsettings.json', '"Server=db.shop.net;User Id=sa;Password=<password>;"'],
      ['src/a.ts', 'headers: { Authorization: `Bearer ${token}` }'],
      ['src/a.ts', "headers: { Authorization: 'Bearer your-access-token-goes-here' }"],
      ['README.md', `Authorization: Bearer ${random}`],
      ['src/a.ts', 'jwt.sign(payload, process.env.JWT_SECRET)'],
      ['deploy.sh', 'curl -u "$USER:$PASSWORD" https://ci.shop.net'],
      ['src/a.ts', "compass: 'north-east', bypass: 'Section-9-rule'"],
    ] as const)
      expect(
        repo(text, path).filter(hit => hit.class === 'live'),
        text,
      ).toEqual([])
  })

  it('gives the place and the hash, and one hit for one secret', () => {
    const secret = token('sk_~live_{A24}')
    const [hit, ...rest] = repo(`a\nb\n  stripeSecretKey: '${secret}',\n`)
    expect(rest).toEqual([])
    expect(hit).toMatchObject({
      line: 3,
      column: 21,
      variable: 'stripeSecretKey',
      secret,
      rotate: expect.stringContaining('stripe'),
    })
    expect(hit!.hash).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('look-alikes', () => {
  const random = randomFrom(99)
  const chars = (alphabet: string, count: number): string =>
    Array.from({ length: count }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const corpus: [string, string, string][] = [
    [
      'UUIDs',
      'src/ids.ts',
      Array.from(
        { length: 3000 },
        () =>
          `  id: '${chars('0123456789abcdef', 8)}-${chars('0123456789abcdef', 4)}-4${chars('0123456789abcdef', 3)}-a${chars('0123456789abcdef', 3)}-${chars('0123456789abcdef', 12)}',`,
      ).join('\n'),
    ],
    [
      'hashes',
      'src/hashes.ts',
      Array.from(
        { length: 3000 },
        (_, at) =>
          `  ${['sha256', 'checksum', 'etag', 'commit', 'digest', 'contentHash', 'integrity'][at % 7]}: '${chars('0123456789abcdef', [32, 40, 64][at % 3]!)}',`,
      ).join('\n'),
    ],
    [
      'a package lock',
      'package-lock.json',
      Array.from(
        { length: 2000 },
        (_, at) =>
          `"node_modules/p${at}": { "resolved": "https://registry.example/p${at}/-/p${at}-1.0.${at}.tgz", "integrity": "sha512-${chars(letters, 86)}==" },`,
      ).join('\n'),
    ],
    [
      'a yarn lock',
      'yarn.lock',
      Array.from(
        { length: 2000 },
        (_, at) =>
          `p${at}@^1:\n  version "1.0.${at}"\n  resolved "https://registry.example/p.tgz#${chars('0123456789abcdef', 40)}"\n  integrity sha512-${chars(letters, 86)}==`,
      ).join('\n'),
    ],
    [
      'base64 images',
      'src/images.ts',
      Array.from({ length: 60 }, () => `export const image = 'data:image/png;base64,${chars(letters, 20_000)}=='`).join(
        '\n',
      ),
    ],
    [
      'base64 of files in configuration',
      'config/certs.yaml',
      Array.from({ length: 60 }, () => `  certificate: ${chars(letters, 4000)}==`).join('\n'),
    ],
    ['source map mappings', 'src/a.js.map', `{"mappings":"${chars(`${letters},;`, 400_000)}"}`],
    [
      'a certificate',
      'certs/ca.pem',
      `-----BEGIN CERTIFICATE-----\n${Array.from({ length: 24 }, () => chars(letters, 64)).join('\n')}\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\n${chars(letters, 64)}\n-----END PUBLIC KEY-----`,
    ],
    ['an SSH public key', 'keys/deploy.pub', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${chars(letters, 43)} deploy@host`],
    [
      'documentation placeholders',
      'README.md',
      ['sk_live_', 'sk_test_', 'whsec_', 'AKIA', 'ghp_', 'xoxb-', 're_', 'SG.', 'sk-', 'sk-ant-api03-']
        .flatMap(prefix =>
          [
            `${prefix}xxxxxxxxxxxxxxxxxxxxxxxx`,
            `${prefix}...`,
            `${prefix}your_key_here`,
            `${prefix}<key>`,
            `${prefix}XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX`,
            `${prefix}1234567890abcdef1234567890abcdef`,
          ].map(value => `API_KEY="${value}"`),
        )
        .join('\n'),
    ],
    [
      'published examples',
      'README.md',
      `AWS_ACCESS_KEY_ID=${'AKIA'}${'IOSFODNN7EXAMPLE'}\nAWS_SECRET_ACCESS_KEY=${'wJalrXUtnFEMI'}${'/K7MDENG/bPxRfiCYEXAMPLEKEY'}\nSTRIPE_SECRET_KEY=${'sk_test_'}${'4eC39HqLyjWDarjtT1zdp7dc'}`,
    ],
    [
      'an example file',
      '.env.example',
      'DATABASE_URL="postgresql://postgres:postgres@localhost:5432/app"\nAUTH_SECRET="generate with openssl rand -base64 32"\nSTRIPE_SECRET_KEY=sk_test_...\nJWT_SECRET=supersecretjwtkey123!\nSMTP_PASSWORD=changeme\nSESSION_SECRET=\nADMIN_PASSWORD=Passw0rd!23',
    ],
    [
      'code about passwords and tokens',
      'src/login.ts',
      [
        "type: 'password'",
        "passwordLabel: 'Password'",
        "const TOKEN_KEY = 'auth_token'",
        "const tokenName = 'access-token-v2'",
        "secretName: 'shop-database-credentials'",
        "errors.password = 'Password must have 8 characters'",
        "resetPasswordPath: '/reset-password/:token'",
        "csrfToken: 'x-csrf-token'",
        "const apiKeyHeader = 'X-Api-Key-2'",
        "input[name='password']",
        'token: process.env.API_TOKEN!',
        'password: `${user}:${pass}`',
        "secret: config.get('jwt.secret')",
        "API_KEY_URL = 'https://shop.net/keys/v2'",
        "storageKey: 'persist:root:v12'",
        "cacheKey = 'user:profile:v3:2024'",
        "passwordRegex: '^(?=.*[A-Z])(?=.*\\\\d).{8,}$'",
        "const key = 'ArrowDown2'",
        "sortKey: 'createdAt#2024-01-01'",
        "publicKey: 'pk_live_something'",
        "tokenEndpoint: '/oauth2/v1/token'",
        'Secret: !Ref DatabaseSecret2',
      ].join(',\n'),
    ],
    [
      'compose for development',
      'docker-compose.yml',
      'services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: postgres\n      MYSQL_ROOT_PASSWORD: root\n      MINIO_ROOT_PASSWORD: minioadmin\n      REDIS_PASSWORD: ${REDIS_PASSWORD:-redis}\n      JWT_SECRET: ${JWT_SECRET}\n',
    ],
    [
      'a workflow',
      '.github/workflows/ci.yml',
      'env:\n  STRIPE_SECRET_KEY: ${{ secrets.STRIPE_SECRET_KEY }}\n  NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n  POSTGRES_PASSWORD: postgres\n  DATABASE_URL: postgres://postgres:postgres@localhost:5432/test\nsteps:\n  - uses: actions/checkout@8f4b7f84864484a7bf31766abe9204da3cbe65b3\n',
    ],
    [
      'terraform',
      'infra/main.tf',
      'password = var.db_password\nsecret_key = data.aws_secretsmanager_secret_version.x.secret_string\ntoken = "${local.token}"\nami = "ami-0abcdef1234567890"\n',
    ],
    [
      'test vectors',
      'test/crypto.test.ts',
      Array.from(
        { length: 500 },
        () =>
          `  { key: '${chars('0123456789abcdef', 64)}', secret: '${chars(letters, 44)}', password: 'Test-${chars(letters, 10)}' },`,
      ).join('\n'),
    ],
    [
      'translations',
      'locales/en.json',
      '{"password":"Passwort2","newPassword":"Neues-Kennwort!","tokenExpired":"Token!expired1","secret":"Geheim99!"}',
    ],
    [
      'tracking and public ids',
      'src/analytics.ts',
      "gtag('config', 'G-ABC123DEF4'); const measurementId = 'G-1A2B3C4D5E'; const hotjar = 1234567; const appId = '1:123456789012:web:321abc456def7890'; const gtm = 'GTM-5X2K9PL'",
    ],
  ]
  it.each(corpus)('%s hold nothing', (_, path, text) => {
    const bad = repo(text, path).filter(hit => hit.class === 'live' || hit.class === 'test')
    expect(bad.map(hit => [hit.rule, hit.secret.slice(0, 60), hit.variable])).toEqual([])
  })

  it('minified code holds nothing, and 5 MB of it take under half a second', () => {
    const statements = [
      'function e(t,n){return t.password!==n.token&&"secret"in t}',
      'var a={key:"value",type:"password",token:null},r=require("./x");',
      't.exports=JSON.parse(\'{"a":"b","apiKey":"","secretKey":null}\');',
      'e.setItem("auth_token",n),this.apiKey=t||"",i.authorization="Bearer "+n;',
      'const s="https://example.com/api?token="+encodeURIComponent(o);',
      'throw new Error("Invalid api_key: "+e.access_key);',
      'for(var u=0;u<r.length;u++)sk_+=r[u].charCodeAt(0)^re_[u];',
      `o("${chars(letters, 300)}");`,
    ]
    let text = ''
    while (text.length < 5_000_000) text += statements[Math.floor(random() * statements.length)]
    bundle(text.slice(0, 200_000))
    let hits: ReturnType<typeof bundle> = []
    const elapsed = leastTime(2000, () => {
      hits = bundle(text)
    })
    expect(hits.filter(hit => hit.class === 'live' || hit.class === 'test').map(hit => hit.secret)).toEqual([])
    expect(elapsed).toBeLessThan(2000)
  })

  it('no input makes it slow: long runs of what its patterns repeat', () => {
    for (const text of [
      'eyJ'.repeat(100_000),
      'https://a:'.repeat(50_000),
      `password="${'\\'.repeat(100_000)}`,
      '-----BEGIN PRIVATE KEY-----'.repeat(10_000),
      'token='.repeat(100_000),
      `secret${' '.repeat(200_000)}`,
      'sk_live_'.repeat(50_000),
      'a'.repeat(500_000),
      `key${'_key'.repeat(100_000)}`,
    ]) {
      const scan = (): void => {
        bundle(text)
        repo(text, '.env')
      }
      expect(leastTime(2000, scan), text.slice(0, 20)).toBeLessThan(2000)
    }
  })
})

describe('other spellings', () => {
  const live = token('sk_~live_{A24}', 3)
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const manifest = (value: string): string =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: app-database\ntype: Opaque\ndata:\n  password: ${value}\n`

  it.each([
    ['JavaScript', 'a.ts', `const key = '${live.slice(0, 12)}' +\n  '${live.slice(12)}'`],
    ['Python', 'a.py', `KEY = ("${live.slice(0, 15)}"\n       "${live.slice(15)}")`],
    ['PHP', 'a.php', `$key = '${live.slice(0, 20)}' . '${live.slice(20)}';`],
  ])('a token put together from pieces is one: %s', (_, path, text) => {
    expect(repo(text, path).map(({ rule, class: value, secret }) => [rule, value, secret])).toEqual([
      [expect.stringMatching(/^stripe/), 'live', live],
    ])
  })

  it('reads the values of a Kubernetes Secret, which are only encoded', () => {
    const [hit, ...more] = repo(manifest(base64(live)), 'k8s/secret.yaml')
    expect([hit?.provider, hit?.class, hit?.line, more]).toEqual(['Stripe', 'live', 7, []])
    expect(repo(manifest(base64(token('{A20}!9', 2))), 'k8s/secret.yaml').map(one => one.kind)).toEqual(['password'])
    for (const harmless of ['changeme', 'postgres', 'password', '${DB_PASSWORD}', 'example-password'])
      expect(repo(manifest(base64(harmless)), 'k8s/secret.yaml').filter(one => one.class === 'live')).toEqual([])
  })

  it('takes every mark of a line for the value, where a file has one setting a line', () => {
    const [hit] = repo(
      'spring.datasource.password=tR7#kQ2!vM9z\nspring.jpa.show-sql=true\n',
      'src/main/application.properties',
    )
    expect([hit?.secret, hit?.line]).toEqual(['tR7#kQ2!vM9z', 1])
    expect(repo('db.password = ${DB_PASSWORD}  # from the platform\n', 'application.properties')).toEqual([])
  })

  it('reads the folder .envs, but for what opens local containers alone', () => {
    const text = `POSTGRES_USER=app\nPOSTGRES_PASSWORD=${token('{A24}', 4)}\n`
    expect(repo(text, '.envs/.production/.postgres').map(({ line, kind }) => [line, kind])).toEqual([[2, 'password']])
    expect(repo(text, '.envs/.local/.postgres')).toEqual([])
  })

  it('is not fooled by labels of forms, names of rules and examples of an interface', () => {
    expect(
      repo(`const labels = { password: 'Password*', hint: 'x' }, errors = { password: 'must_contain_1_number' }`),
    ).toEqual([])
    expect(repo('value: { password: "hunter9!Xy" }', 'openapi.yaml')).toEqual([])
    expect(repo(`url.password = '(hidden)'\nconst texts = { password: 'パスワードを8文字以上で' }`)).toEqual([])
  })
})

describe('values and names', () => {
  it.each(['lock', 'generated', 'test', 'documentation', 'example', 'environment', 'configuration', 'code'] as const)(
    'knows a path of kind %s',
    kind => {
      const paths = {
        lock: ['yarn.lock', 'a/package-lock.json'],
        generated: ['dist/a.js', 'x.min.js', 'vendor/a.php'],
        test: [
          'test/a.ts',
          'a.spec.ts',
          'x_test.go',
          'tests/test_a.py',
          'cypress/a.js',
          'fixtures/.env',
          'features/a.feature',
        ],
        documentation: ['README.md', 'docs/a.ts', 'a.rst'],
        example: ['.env.example', '.env.sample', '.env.local.template', 'config.example.yml', '.env.dist'],
        environment: ['.env', '.env.production', 'apps/web/.env.local', 'prod.env', '.npmrc'],
        configuration: ['a.yml', 'Dockerfile', 'infra/a.tf', 'config/app.ini'],
        code: ['src/a.ts', 'main.go', 'a.json'],
      }
      for (const path of paths[kind]) expect(pathKind(path), path).toBe(kind)
    },
  )
  it('reads names', () => {
    expect(plainName('config.stripeSecretKey')).toBe('stripe_secret_key')
    for (const name of ['DB_PASSWORD', 'jwtSecret', 'STRIPE_API_KEY', 'app.auth-token', 'ENCRYPTION_KEY', 'smtpPass'])
      expect(isSecretName(name), name).toBe(true)
    for (const name of [
      'PASSWORD_MIN_LENGTH',
      'csrfToken',
      'publicKey',
      'NEXT_PUBLIC_SITE_KEY',
      'tokenUrl',
      'key',
      'primaryKey',
      'SECRET_NAME',
      'monkey',
      'passwordLabel',
    ])
      expect(isSecretName(name), name).toBe(false)
  })
  it('tells placeholders, encrypted and random values', () => {
    for (const value of [
      '',
      'changeme',
      '${X}',
      '<token>',
      'your-api-key',
      'postgres',
      '{{ .Secret }}',
      'xxxxxxxx',
      '123456789',
      'op://vault/item/field',
    ])
      expect(isPlaceholder(value), value).toBe(true)
    expect(isPlaceholder(makeUp('{A32}'))).toBe(false)
    expect(isEncrypted(`ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]`)).toBe(true)
    expect(looksRandom(makeUp('{A32}'))).toBe(true)
    expect(looksRandom('some-kebab-case-name-2')).toBe(false)
    expect(looksLikePassword(makeUp('Sommer{d4}!{A3}'))).toBe(true)
    expect(looksLikePassword('password-field')).toBe(false)
    expect(entropyOf('')).toBe(0)
    expect(entropyOf('abab')).toBe(1)
  })
})

describe('secrets that only what stands beside them names', () => {
  const sid = `AC${makeUp('{h32}', 1)}`
  const token = makeUp('{h32}', 2)
  const mailgun = [32, 8, 8].map((length, at) => makeUp(`{h${length}}`, at + 3)).join('-')
  it.each([
    ['Twilio', `const c=twilio("${sid}","${token}")`, token],
    ['Twilio', `{accountSid:"${sid}",authToken:"${token}"}`, token],
    ['Twilio', `btoa("${sid}:${token}")`, token],
    ['Mailgun', `e.client({username:"api",key:"${mailgun}"})`, mailgun],
    ['Mailgun', `fetch("https://api.mailgun.net/v3/x",{auth:"${mailgun}"})`, mailgun],
  ])('%s: %s', (provider, text, secret) => {
    const [hit] = bundle(text).filter(item => item.class === 'live')
    expect([hit?.provider, hit?.secret, hit?.confidence]).toEqual([provider, secret, 'likely'])
  })
  it.each([
    ['an account alone', `const sid="${sid}"`],
    ['an account and its messaging service', `{sid:"${sid}",service:"MG${token}"}`],
    ['a documented pair', `twilio("ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","${'0'.repeat(32)}")`],
    ['a version of three parts', `username:"api",key:"1.2.3"`],
  ])('nothing: %s', (_name, text) => expect(bundle(text).filter(item => item.class === 'live')).toEqual([]))
  it('an API key of Lemon Squeezy is told by its audience', () => {
    const made = makeUpJwt({ aud: '94d59cef-dbb8-4ea5-b178-d2540fcd6919', jti: token, scopes: [] })
    expect(bundle(`const k="${made}"`)[0]).toMatchObject({ provider: 'Lemon Squeezy', class: 'live' })
  })
  it('a password for a host of a domain that stands for a real one counts in a bundle', () => {
    const text = `const u="postgres://coach:${makeUp('{A20}', 7)}@db.coachdash.example:5432/prod"`
    expect(bundle(text)[0]).toMatchObject({ rule: 'credentials-in-url', class: 'live' })
    expect(bundle(text.replace('coachdash.example', 'example.com'))[0]?.class).not.toBe('live')
  })
})
