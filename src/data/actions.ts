// What ready-made steps of CI systems do: GitHub actions, CircleCI orbs, Azure tasks, Bitbucket pipes, Buildkite plugins. From their own
// documentation, November 2026. A step that is not here does nothing that the checks know of.
import type { CommandKind } from './command-kinds.ts'

export type KnownAction = {
  /** Matches what stands before `@` or `:`, lower case. */
  pattern: RegExp
  kinds: readonly CommandKind[]
  /** Input that has to be set for it to count. */
  when?: { input: string; value: RegExp }
  /** For installs: whether exactly what is locked is installed. */
  frozen?: boolean
}

export const knownActions: readonly KnownAction[] = [
  // Installs
  { pattern: /^ruby\/setup-ruby$/, kinds: ['install'], when: { input: 'bundler-cache', value: /true/ }, frozen: true },
  { pattern: /^bahmutov\/npm-install$/, kinds: ['install'], frozen: true },
  { pattern: /^cypress-io\/github-action$/, kinds: ['install', 'test'], frozen: true },
  { pattern: /^ramsey\/composer-install$/, kinds: ['install'], frozen: true },
  { pattern: /^(?:circleci\/)?node\/install-packages$/, kinds: ['install'], frozen: true },
  {
    pattern: /^(?:circleci\/)?(?:ruby\/install-deps|python\/install-packages|php\/install-packages)$/,
    kinds: ['install'],
    frozen: true,
  },
  { pattern: /^npm@1$/, kinds: ['install'], when: { input: 'command', value: /^ci$/ }, frozen: true },
  { pattern: /^npm@1$/, kinds: ['install'], when: { input: 'command', value: /^install$/ }, frozen: false },
  // Tests, and waits for them
  { pattern: /^lewagon\/wait-on-check-action$/, kinds: ['test'] },
  { pattern: /^(?:poseidon\/wait-for-status-checks|fountainhead\/action-wait-for-check)$/, kinds: ['test'] },
  { pattern: /^(?:circleci\/)?(?:node\/test|ruby\/rspec-test|python\/test)$/, kinds: ['test'] },
  { pattern: /^(?:microsoft\/playwright-github-action|pytest-dev\/.*|chromaui\/action)$/, kinds: ['test'] },
  { pattern: /^(?:dotnetcorecli|vstest|visualstudiotest)@/, kinds: ['test'] },
  // Images
  { pattern: /^docker\/(?:build-push-action|bake-action)$/, kinds: ['image', 'build'] },
  {
    pattern: /^(?:docker\/build|docker\/push|docker\/publish|aws-ecr\/build_and_push_image)$/,
    kinds: ['image', 'build'],
  },
  { pattern: /^docker@2$/, kinds: ['image', 'build'] },
  {
    pattern: /^(?:redhat-actions\/buildah-build|whoan\/docker-build-with-cache-action|google-github-actions\/build)$/,
    kinds: ['image', 'build'],
  },
  { pattern: /^goreleaser\/goreleaser-action$/, kinds: ['build'] },
  { pattern: /^withastro\/action$/, kinds: ['install', 'build'], frozen: true },
  // Deploys
  { pattern: /^(?:amondnet|bettermode|cayohollanda)\/(?:vercel-action|vercel-deployment)$/, kinds: ['deploy'] },
  {
    pattern: /^(?:nwtgck\/actions-netlify|netlify\/actions(?:\/cli)?|jsmrcaga\/action-netlify-deploy)$/,
    kinds: ['deploy'],
  },
  { pattern: /^akhileshns\/heroku-deploy$/, kinds: ['deploy'] },
  { pattern: /^(?:heroku\/deploy-via-git|heroku\/push-docker-image)$/, kinds: ['deploy'] },
  { pattern: /^cloudflare\/(?:wrangler-action|pages-action)$/, kinds: ['deploy'] },
  {
    pattern: /^(?:actions\/deploy-pages|peaceiris\/actions-gh-pages|jamesives\/github-pages-deploy-action)$/,
    kinds: ['deploy'],
  },
  {
    pattern:
      /^(?:appleboy\/(?:ssh|scp)-action|easingthemes\/ssh-deploy|burnett01\/rsync-deployments|samkirkland\/ftp-deploy-action|fifsky\/ssh-action)$/,
    kinds: ['deploy'],
  },
  { pattern: /^google-github-actions\/deploy-(?:cloudrun|appengine|cloud-functions)$/, kinds: ['deploy'] },
  {
    pattern: /^aws-actions\/(?:amazon-ecs-deploy-task-definition|aws-cloudformation-github-deploy|aws-lambda-deploy)$/,
    kinds: ['deploy'],
  },
  {
    pattern:
      /^(?:einaregilsson\/beanstalk-deploy|aws-elastic-beanstalk\/deploy|aws-ecs\/deploy_service_update|aws-s3\/sync)$/,
    kinds: ['deploy'],
  },
  {
    pattern:
      /^azure\/(?:webapps-deploy|container-apps-deploy-action|static-web-apps-deploy|functions-action|aks-set-context|k8s-deploy)$/,
    kinds: ['deploy'],
  },
  {
    pattern:
      /^(?:azurewebapp|azurermwebappdeployment|azurefunctionapp|azurecontainerapps|azurestaticwebapp|kubernetesmanifest|helmdeploy|sshdeploy|copyfilesoverssh|azurewebappcontainer|ssh)@/,
    kinds: ['deploy'],
  },
  { pattern: /^firebaseextended\/action-hosting-deploy$/, kinds: ['deploy'] },
  {
    pattern:
      /^(?:digitalocean\/(?:app_action.*|action-doctl-deploy)|johnbeynon\/render-deploy-action|bervproject\/railway-deploy|koyeb\/action-git-deploy|serverless\/github-action|superfly\/flyctl-actions)$/,
    kinds: ['deploy'],
    when: { input: 'args', value: /deploy|^$/ },
  },
  {
    pattern:
      /^(?:digitalocean\/app_action.*|johnbeynon\/render-deploy-action|bervproject\/railway-deploy|koyeb\/action-git-deploy)$/,
    kinds: ['deploy'],
  },
  { pattern: /^(?:deployphp\/action|capistrano\/.*|kamal-deploy\/.*)$/, kinds: ['deploy'] },
  {
    pattern:
      /^atlassian\/(?:aws-.*-(?:deploy|run)|aws-s3-deploy|ssh-run|scp-deploy|rsync-deploy|sftp-deploy|ftp-deploy|heroku-deploy|firebase-deploy|google-cloud-run-deploy|google-app-engine-deploy|kubectl-run|azure-web-apps-deploy|netlify-deploy)$/,
    kinds: ['deploy'],
  },
  // Looking afterwards
  {
    pattern:
      /^(?:jtalk\/url-health-check-action|indiesdev\/curl|nick-fields\/assert-action|cygnetdigital\/wait_for_response|checkly\/.*|grafana\/(?:run-)?k6-action)$/,
    kinds: ['smoke'],
  },
  // Named for what they do, whoever publishes them.
  {
    pattern:
      /\/[\w.-]{0,60}(?:health-?check|http-?status|url-?status|smoke-?test|wait-(?:on|for)-(?:url|http|site|response))[\w.-]{0,60}$/,
    kinds: ['smoke'],
  },
  { pattern: /^(?:launch-ready|.*\/launch-ready)$/, kinds: ['smoke'], when: { input: 'command', value: /smoke/ } },
]

/** What a ready-made step does by its reference (`owner/name@v4`, `node/test`, `Npm@1`, `atlassian/ssh-run:0.8.1`). */
export const actionKinds = (
  uses: string,
  inputs: Readonly<Record<string, string>>,
): { kind: CommandKind; frozen?: boolean }[] => {
  const name = uses.toLowerCase().replace(/^https?:\/\/[^/]+\//, '')
  const bare = /^[a-z]+@\d+$/.test(name) ? name : name.replace(/[@:].*$/, '')
  const found: { kind: CommandKind; frozen?: boolean }[] = []
  for (const { pattern, kinds, when, frozen } of knownActions) {
    if (!pattern.test(bare) && !pattern.test(name)) continue
    if (when && !when.value.test(inputs[when.input] ?? '')) continue
    for (const kind of kinds)
      if (!found.some(one => one.kind === kind))
        found.push(kind === 'install' && frozen !== undefined ? { kind, frozen } : { kind })
  }
  return found
}
