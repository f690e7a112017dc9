// Commands that put code where customers are, beside those of data/platforms.ts: tools of clouds and clusters, copies to a server, hooks that
// are called. From the tools' own references, November 2026. Matched against a command without what stands before its program.

/** What each of these does is a deploy, by family; all are anchored at the program. */
const families: Readonly<Record<string, RegExp>> = {
  vercel:
    /^(?:vercel|now(?! *=))(?!.* (?:build|pull|env|link|dev|ls|list|logs|inspect|whoami|login|project|domains|dns|certs|teams|switch|git|rm|remove)(?: |$))(?: .*)?$/,
  edge: /^(?:wrangler (?:deploy|publish|versions deploy|pages (?:deploy|publish))|(?:opennextjs-cloudflare|opennext-cloudflare|open-next) deploy|(?:next-on-pages|nuxthub|partykit|alchemy|edgio|layer0|genezio|stormkit|begin|arc|zudoku) deploy|fastly compute (?:deploy|publish)|deployctl deploy|deno deploy|spin (?:cloud )?deploy|surge(?: |$)|gh-pages\b|swa deploy|firebase deploy|(?:netlify|ntl) deploy|amplify (?:push|publish)|ampx pipeline-deploy)/,
  backends:
    /^(?:convex deploy|supabase functions deploy|trigger(?:\.dev)? deploy|inngest deploy|modal deploy|reflex deploy|encore deploy|nhost deploy|appwrite (?:push|deploy)|(?:cargo )?shuttle deploy|zappa (?:deploy|update)|chalice deploy|mup deploy|meteor deploy|wasp deploy|fastapi (?:cloud )?deploy|shopify app deploy|hasura deploy)/,
  mobile:
    /^(?:eas (?:deploy|update|submit|build\b.*--auto-submit)|expo publish|fastlane (?:\S+ )?(?:deliver|supply|release|beta|deploy|upload\w*|pilot|production)|shorebird release|appcenter codepush release\S*|code-push release\S*)/,
  serverless:
    /^(?:(?:serverless|sls|osls|sst|bref|vapor|claudia|up) (?:deploy|update)|(?:sam|cdk|cdktf|copilot|eb|ecs|shipit|flightcontrol|func azure functionapp) (?:\S+ )?(?:deploy|publish)|func azure functionapp publish|ecs-cli compose .*\bup)/,
  infrastructure:
    /^(?:pulumi (?:\S+ )*up\b|(?:terraform|tofu|terragrunt)(?: -\S+)* (?:run-all )?apply\b|terragrunt run\b.*apply|ansible-playbook|salt\b.*state\.apply|colmena apply|deploy-rs|nixos-rebuild (?:switch|boot)\b.*--target-host)/,
  aws: /^aws (?:-\S+(?: \S+)? )*(?:ecs update-service|lambda (?:update-function-code|publish-version)|elasticbeanstalk update-environment|deploy (?:create-deployment|push)|cloudformation deploy|amplify start-(?:job|deployment)|apprunner start-deployment)/,
  google:
    /^gcloud (?:beta |alpha )?(?:app deploy|run (?:deploy|services (?:update|replace))|functions deploy|deploy releases create|compute instances update-container)/,
  azure:
    /^(?:az (?:webapp|containerapp|functionapp|staticwebapp|spring app)\b.*\b(?:deploy|deployment|up|update|config)\b|azd (?:up|deploy))/,
  clusters:
    /^(?:kubectl(?: -\S+(?: (?!apply|set|rollout|patch|replace)\S+)?)* (?:apply|replace|patch|rollout restart|set image)|oc (?:apply|rollout latest|start-build|set image)|helm(?: -\S+)* (?:upgrade|install)|helmfile(?: -\S+(?: \S+)?)* (?:apply|sync)|kapp deploy|skaffold (?:run|deploy)|argocd app (?:sync|set)|flux reconcile|werf converge|okteto deploy|porter apply|kluctl deploy|nomad (?:job )?run|waypoint (?:up|deploy)|qovery \S+ deploy|kustomize build\b.*kubectl apply)/,
  // Options of Docker itself stand before its command: `-c` behind `run` is a shell's.
  containers:
    /^(?:(?:docker|podman)\b.* stack deploy|docker stack deploy|docker service update|(?:docker|podman) (?:--?[\w-]+(?:[ =]\S+)? ){0,4}?(?:--context|-c|-H|--host|--connection)[= ]\S+ (?:.* )?(?:compose .*\bup|run|service|stack|restart)|docker(?: compose)? (?:--context|-c|-H|--host)[= ]\S+ .*\b(?:up|run|update|deploy|restart)\b|uncloud deploy|uc deploy)/,
  servers:
    /^(?:(?:rsync|scp)\b.*\S+:|lftp\b|sftp\b.*@|ncftpput\b|ssh\b(?!-)|sshpass\b.*\b(?:ssh|scp|rsync)\b|(?:\S*\/)?(?:kamal|mrsk) (?:deploy|redeploy|setup)|(?:\S*\/)?(?:cap|mina) (?:\S+ )?deploy|(?:\S*\/)?dep (?:deploy|\S+ deploy)|(?:\S*\/)?envoy run \S*deploy|fab (?:\S+ )*\S*deploy|(?:inv|invoke) \S*deploy|pm2 deploy|mix edeliver (?:update|upgrade|deploy)|git push\b.*\b(?:heroku|dokku|production|caprover|scalingo|gigalixir|clever|piku|encore|live|acquia|pantheon|platform)\b|git subtree push\b.*\b(?:gh-pages|heroku|dokku)\b)/,
  hosts:
    /^(?:heroku (?:container:release|deploy|builds:create)|fly(?:ctl)?(?: -\S+(?: \S+)?)* deploy(?!.*--build-only)|railway (?:up|redeploy|deploy)|render (?:deploys create|deploy)|(?:koyeb|zeabur|clever|scalingo|caprover|northflank|sevalla|hop|defang|cloud66|cycle|ploi|forge|coolify|dokploy|platform|upsun|sherpa) (?:\S+ )?(?:deploy|redeploy|update|push)\b|defang (?:compose )?up|doctl (?:apps (?:create-deployment|update)|serverless deploy)|bunny deploy|magic-containers deploy)/,
  dispatch:
    /^(?:gh workflow run \S*(?:deploy|ship|promote)|gh api\b.*\/dispatches\b.*deploy|(?:curl|wget|http|https|xh)\b.*\/dispatches\b.*deploy)/i,
  hooks:
    /^(?:curl|wget|http|https|xh)\b.*(?:api\.render\.com\/(?:deploy|v1\/services\/\S+\/deploys)|(?:re)?deploy(?:ment)?[_-]?(?:web)?_?(?:hook|url|endpoint|trigger)|(?:coolify|dokploy|portainer|caprover|easypanel|ploi|forge|envoyer|hatchbox|cleavr|render|netlify|vercel)[\w.-]*(?:hook|webhook)|api\.vercel\.com\/v1\/integrations\/deploy|api\.netlify\.com\/build_hooks|pages\/webhooks\/deploy_hooks|forge\.laravel\.com|envoyer\.io\/deploy|ploi\.io\/webhooks|hatchbox\.io\/webhooks|\/api\/v1\/deploy\b|\/api\/(?:application|compose)\.deploy|\/api\/(?:stacks\/)?webhooks\/|backboard\.railway)/i,
}

/** The command at the end of a way through scripts: `ship → wrangler deploy` ends in `wrangler deploy`. */
const lastOf = (way: string): string => way.slice(way.lastIndexOf('→ ') + 1).trim()

/** Whether a command hands an app to the stores of phones: they look at it before anybody gets it. */
export const isForStores = (line: string): boolean =>
  families['mobile']!.test(lastOf(line)) || /^(?:bundle exec )?fastlane\b/.test(lastOf(line))

/** Whether a command puts pages where they are fetched as they are: no program starts, and none could migrate. */
export const isForPages = (text: string): boolean =>
  /gh-pages|deploy-pages|github-pages|static-web-apps-deploy|^(?:aws(?: -\S+(?: \S+)?)*? s3|gsutil|gcloud storage|rclone|s3cmd|az storage|swa deploy|surge)\b/i.test(
    lastOf(text),
  )

/** Steps that call an address or another workflow, by their reference. */
const callsElsewhere =
  /(?:web-?hook|deploy-?hook|repository-dispatch|workflow-dispatch|trigger-workflow|forge|ploi|envoyer|hatchbox|coolify|dokploy|portainer|caprover|easypanel|render-deploy|deploy-to-render|railway)[\w.-]*(?:@|$|:)/i
/** Takes an image or a chart that is told elsewhere; what runs before it, the cluster or the other end knows. */
const takesImage =
  /^(?:railway (?:redeploy|up)|aws ecs update-service|argocd |flux |kubectl (?:-\S+(?: \S+)? )*(?:rollout|set image|patch)|docker service update|gh workflow run |doctl apps create-deployment|render deploys|(?:koyeb|northflank|sevalla|coolify|dokploy|caprover) )/

/** Whether the repository cannot show what comes before the new code: an image is named to something that takes it by itself, or a deploy is only called for. */
export const isOpaqueDeploy = (text: string): boolean => takesImage.test(lastOf(text)) || isCalledDeploy(text)

/** Words of a host that takes pushes, wherever they stand, and names that a remote bears for one. */
const takesPushes = /heroku|dokku|caprover|scalingo|gigalixir|clever|piku|acquia|pantheon|platform|@|:\/\//
const remoteName = /^(?:production|prod|live|encore|staging)$/

/** Whether a push goes to a host: another remote is the code host's, and only its branch is named for production. */
const pushesToHost = (line: string): boolean => {
  const remote =
    line
      .split(' ')
      .slice(2)
      .find(word => !word.startsWith('-')) ?? ''
  return takesPushes.test(line) || remoteName.test(remote)
}

/** Whether a deploy is only called for: a hook, another workflow, a script that lies on the server. */
export const isCalledDeploy = (text: string): boolean => {
  const line = lastOf(text)
  if (families['hooks']!.test(line) || families['dispatch']!.test(line)) return true
  if (/^[\w.-]+\/[\w./-]+(?:@|$)/.test(line) && callsElsewhere.test(line)) return true
  // A script that a secret or a setting holds.
  if (/^\$\{\{[^}]{1,200}\}\}$/.test(line)) return true
  // A branch of the code host itself: what takes it from there is told elsewhere.
  if (/^git push\b.*\sorigin\s/.test(line) || (/^git push\b/.test(line) && !pushesToHost(line))) return true
  // A line that ends with the server hands it what is piped in: what that is, the server knows.
  return /^(?:\S*\/)?ssh\b/.test(line) && /(?:\.sh\b|[\w-]*deploy[\w-]*|\s[\w.-]+@[\w.-]+)["']?\s*$/.test(line)
}

/** Looks like one of the above and deploys nothing. */
const harmless =
  /^ansible-playbook\b.*\btests?\/|--dry-?run\b|--build-only\b|--help\b|^ssh(?:-keyscan|-agent|-add|-keygen|-copy-id)|^ssh\b.* (?:-T|-V)\b|^ssh\b.{0,300}\s["']?(?:echo|ls|pwd|whoami|hostname|uname|df|free|uptime|true|exit)\b[^;&|]{0,300}$|^(?:helm|kubectl)\b.*--dry-run|^vercel(?: -\S+)* (?:help|--version)/

/** Words of a bucket that holds no product: what a build hands on, what a test leaves behind. */
const bucketOfOther = /artifact|coverage|report|backup|dump|cache|screenshot|trace|history|logs?\b|results?\b|badge/i

/** A folder that is copied into a bucket; what is fetched from one, or a single file, is none. */
const copiesIntoBucket = (written: string): boolean => {
  // An expression of a pipeline is one word.
  const line = written.replace(/\$\{\{[^}]{0,200}\}\}/g, one => one.replace(/\s+/g, ''))
  const match =
    /^(?:aws(?: -\S+(?: \S+)?)*? s3 (sync|cp|mv)|gsutil(?: -\S+)* (rsync|cp)|gcloud storage (rsync|cp)|rclone (sync|copy)|s3cmd (sync|put)|mc (mirror|cp)|azcopy (sync|copy)|b2 (sync)) (.*)$/.exec(
      line,
    )
  if (!match) return false
  const verb = match.slice(1, 9).find(Boolean)!
  const rest = match[9]!
  const whole = /^(?:sync|rsync|mirror)$/.test(verb) || /(?:^| )(?:--recursive|-r|-R)(?= |$)/.test(rest)
  const [from = '', to = ''] = rest.split(' ').filter(word => !word.startsWith('-'))
  const isBucket = /^(?:s3|gs|az|b2):\/\/|^[\w-]+:|blob\.core\.windows\.net|^\$/i
  const isFetched = /^(?:s3|gs|b2):\/\//.test(from) || !isBucket.test(to)
  return whole && !isFetched && !bucketOfOther.test(`${from} ${to}`)
}

/** Whether a command deploys, whatever the platform. */
export const isDeployCommand = (line: string): boolean =>
  !harmless.test(line) && (copiesIntoBucket(line) || Object.values(families).some(family => family.test(line)))

/** Deploys that build what they take along. */
const building =
  /(?:^|\s)(?:sst deploy|(?:vercel|now)(?!.*--prebuilt)\b|(?:netlify|ntl) deploy\b.*--build|amplify publish|(?:fly|flyctl)\b.* deploy|railway up|gcloud (?:app deploy|run deploy\b.*--source)|git push\b.*\b(?:heroku|dokku)|(?:\S*\/)?kamal (?:deploy|setup|redeploy)|akhileshns\/heroku-deploy|amondnet\/vercel-action|copilot (?:\S+ )?deploy|wasp deploy)/

/** Whether a deploy also builds: no other step has to. */
export const alsoBuilds = (text: string): boolean => building.test(lastOf(text))

/** Whether a command brings about what a description of machines and services asks for, whatever of the product is among it. */
export const isInfrastructure = (text: string): boolean => families['infrastructure']!.test(lastOf(text))
