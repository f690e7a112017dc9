// Hosts whose passwords guard nothing: this machine, a private network, those of manuals.

/** This machine, a name without a dot, or one that only resolves at home. */
export const localHost =
  /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|[\w-]+|[\w.-]+\.(?:local|localhost|test))$/i
/** A private network: a laptop's at home, or the one that a platform runs production in. The password tells. */
export const privateHost =
  /^(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|[\w.-]+\.internal)$/i
/** Hosts of manuals and templates. */
export const documentationHost =
  /(?:^|\.)(?:example\.(?:com|org|net)|example|invalid|domain\.com|(?:foo|bar|baz|foobar)\.com|host\.com|yourdomain\.\w+|company\.com|acme\.com)$/i
/** Mailboxes that catch what a product sends while it is tried: nothing leaves them (https://mailtrap.io, https://ethereal.email). */
export const catchingHost = /^(?:sandbox\.)?(?:smtp\.)?mailtrap\.io$|(?:^|\.)ethereal\.email$/i
