// What the name of a variable says of its value.

/** `stripeSecretKey`, `config.stripe-secret_key` → `stripe_secret_key`: the last part of a name, in snake case. */
export const plainName = (name: string): string =>
  name
    .replace(/^.*[.$](?=\w)/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase()

/** Names of passwords, in snake case. */
export const passwordName =
  /(?:^|_)(?:pg|db|my|mysql|postgres|mongo|redis|root|user|admin|sa|smtp|mail|ftp|ssh|rabbitmq)?(?:password|passwd|pwd|passphrase|pass)(?:_?\d)?$/
const secretName =
  /(?:^|_)(?:secret|token|api_?key|apikey|access_?key|private_?key|auth_?key|signing_?key|encryption_?key|client_?secret|secret_?key|master_?key|service_?key|credentials?|webhook_?secret|session_?key|cookie_?key|license_?key|key)(?:_(?:prod|production|live|base|value|v?\d))?$/
const secretWord =
  /secret|token|password|passwd|passphrase|credential|private|api_?key|access_?key|auth|signing|encryption|master|service_?key|webhook|_key$/
const harmlessName =
  /public|(?:^|_)hashed(?:_|$)|(?:^|_)(?:uwsgi|proxy|fastcgi|scgi|grpc|memcached)_pass$|publishable|site_?key|anon(?:_|$)|csrf|xsrf|placeholder|label|hint|title|message|error|field|input|header|param|column|regex|pattern|length|expir|ttl|algorithm|(?:^|_)(?:id|ids|name|url|uri|path|file|dir|type|kind|prefix|suffix|policy|hash|digest|checksum|count|size|limit)$|reset|forgot|confirm|strength|visib|show|toggle|sort_?key|primary_?key|foreign_?key|partition_?key|cache_?key|storage_?key|idempotency|query_?key|i18n|translation|locale|keyboard|keycode|object_?key|row_?key|react_?key|translate|measurement|tracking|analytics|continuation|next_?token|page_?token|cancel|design_?token|fingerprint|integrity|aaguid|(?:reg|registry|report|s3|redis|lookup|map|hash|group|counter|dict|bucket|lock|session_storage|local_storage|feature|flag|event|field|setting|config|sso)_key$/

/** Whether a variable's name says that its value should be secret. */
export const isSecretName = (name: string): boolean => {
  const plain = plainName(name)
  return (passwordName.test(plain) || (secretName.test(plain) && secretWord.test(plain))) && !harmlessName.test(plain)
}

/** No variable has a longer name. */
const longestName = 200

/** Addresses that carry who signs in, or that let whoever has them post: of databases, queues, mail servers, webhooks. */
const loginName =
  /(?:database|db|postgres(?:ql)?|pg|mysql|maria|mongo\w*|redis|valkey|clickhouse|amqp|rabbitmq|smtp|mailer|webhook)(?:_\w+)?_(?:ur[li]|dsn)(?:_\w+)?$|connection_?string|(?:^|_)pem$/

/** Whether a variable's name says that its value holds a login or a key, though the name calls it an address. */
export const holdsLogin = (name: string): boolean => name.length <= longestName && loginName.test(plainName(name))

/** A name that ends in `_key` and says nothing else: of a map, a record, a report as well as of a secret. */
export const isLooseName = (name: string): boolean => {
  const plain = plainName(name)
  return (
    plain.endsWith('_key') &&
    !/secret|private|api_|access_|auth|sign|encrypt|crypt|master|service|session|cookie|hmac|jwt|aes|webhook/.test(
      plain,
    )
  )
}

/** Settings of a developer's own machine, as frameworks write them into a new project. */
const developmentFile =
  /(?:^|\/)config\/(?:environments\/)?(?:dev|development)\.(?:exs|rb)$|(?:^|\/)settings[/_](?:dev|development|local)\.py$/i
const signingName = /^(?:django_?)?(?:secret_?key(?:_?base)?|signing_?salt|encryption_?salt|app_?key|session_?secret)$/i

/** Whether a setting signs what a new project of Phoenix or Django hands its own developers: it guards nothing. */
export const signsDevelopment = (path: string, name: string): boolean =>
  developmentFile.test(path) && signingName.test(name)
