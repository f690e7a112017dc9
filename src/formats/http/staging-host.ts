// Tells by its name whether a host is a copy for the team, or made for trying things out.

const team =
  /(?:^|[.-])(?:staging|stage|stg|dev|develop|development|test|testing|preview|qa|uat|sandbox|pre-?prod)(?:[.-]|\d*\.)|(?:^|\.)pr-?\d+[.-]/i
const trial = /(?:^|[.-])(?:demo|canary|next|beta)(?:[.-]|\d*\.)/i

/** The labels left of the last two, each with a dot behind it: `dev.com` is a name like any other. */
const labelsOf = (host: string): string => host.split('.').slice(0, -2).join('.').concat('.')

/** Whether a host is a staging or preview copy: `app.staging.example.com`, `dev2.example.com`, `pr-12-web.example.com`. */
export const isStagingHost = (host: string): boolean => team.test(labelsOf(host))

/** Whether test keys and development addresses belong on a host: a copy for the team, a demo, a beta. */
export const isTrialHost = (host: string): boolean => isStagingHost(host) || trial.test(labelsOf(host))
