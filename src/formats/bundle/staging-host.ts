// Hosts that are made for trying things out: test keys and development addresses belong there.

const labels =
  /(?:^|[.-])(?:staging|stage|stg|dev|develop|development|test|testing|preview|qa|uat|sandbox|demo|canary|next|beta)(?:[.-]|\d*\.)/i

/** Whether a label left of the last two says so: `app.staging.example.com`, `dev2.example.com`, not `dev.com`. */
export const isStagingHost = (host: string): boolean => labels.test(host.split('.').slice(0, -2).join('.').concat('.'))
