// Tells by its name whether a host is a copy for the team.

/** Whether a host is a staging or preview copy: `staging.example.com`, `pr-12-web.example.com`. Expects lower case. */
export const isStagingHost = (host: string): boolean =>
  /^([a-z0-9-]+-)?(staging|stage|stg|dev|develop|development|test|testing|qa|uat|preview|sandbox|preprod|pre-prod)(-[a-z0-9-]+)?\.|^pr-?\d+[.-]/.test(
    host,
  )
