// Hosts that mail services lead clicks and openings through, under their own names; and servers that rewrite links on receipt.
// Looked at on 2026-11-25 in each service's documentation of click tracking.

export type TrackingHost = { service: string; host: RegExp; ownDomain: string }

/** `ownDomain`: what the service calls the setting that puts a name of one's own in place. */
export const trackingHosts: readonly TrackingHost[] = [
  { service: 'SendGrid', host: /(?:^|\.)(?:ct\.)?sendgrid\.net$/, ownDomain: 'Sender Authentication → Link Branding' },
  {
    service: 'Postmark',
    host: /^(?:click|track)\.pstmrk\.it$/,
    ownDomain: 'Sender signatures → domain → Custom tracking domain',
  },
  {
    service: 'Amazon SES',
    host: /(?:^|\.)awstrack\.me$/,
    ownDomain: 'Configuration set → Reputation → Custom redirect domain',
  },
  {
    service: 'Mailgun',
    host: /(?:^|\.)mailgun\.(?:org|net|info)$/,
    ownDomain: 'Domain settings → Tracking → CNAME email.<your domain>',
  },
  {
    service: 'Mailchimp',
    host: /(?:^|\.)(?:list-manage\.com|mailchimp\.com|mailchi\.mp|mcusercontent\.com)$/,
    ownDomain: 'Domains → Custom click tracking',
  },
  { service: 'Mandrill', host: /(?:^|\.)mandrillapp\.com$/, ownDomain: 'Domains → Tracking domains' },
  {
    service: 'Brevo',
    host: /(?:^|\.)(?:sendib[tm]\d*\.com|sendinblue\.com|brevo\.com|sibautomation\.com)$/,
    ownDomain: 'Senders, domains → Branded link domain',
  },
  { service: 'Resend', host: /(?:^|\.)resend-clicks(?:-a)?\.com$/, ownDomain: 'Domains → Custom tracking subdomain' },
  { service: 'Loops', host: /^(?:c|click|links)\.loops\.so$/, ownDomain: 'Settings → Domain → Tracking' },
  {
    service: 'Customer.io',
    host: /(?:^|\.)(?:customeriomail\.com|track\.customer\.io)$/,
    ownDomain: 'Workspace settings → Email → Custom link tracking domain',
  },
  {
    service: 'Mailjet',
    host: /(?:^|\.)(?:mjt\.lu|mailjet\.com)$/,
    ownDomain: 'Account → Sender domains → Custom tracking domain',
  },
  { service: 'SparkPost', host: /(?:^|\.)(?:spgo\.io|sparkpostmail\.com)$/, ownDomain: 'Domains → Tracking domains' },
  {
    service: 'HubSpot',
    host: /(?:^|\.)(?:hubspotlinks\.com|hubspotemail\.net|hs-sites\.com)$/,
    ownDomain: 'Settings → Domains → Email sending tracking',
  },
  {
    service: 'Klaviyo',
    host: /(?:^|\.)(?:klclick\d*\.com|kmail-lists\.com)$/,
    ownDomain: 'Settings → Domains → Click tracking',
  },
  {
    service: 'Kit (ConvertKit)',
    host: /(?:^|\.)(?:convertkit-mail\d*\.com|kit-mail\d*\.com)$/,
    ownDomain: 'Settings → Email → Verified sending domain',
  },
  {
    service: 'Campaign Monitor',
    host: /(?:^|\.)(?:cmail\d+\.com|createsend\d*\.com)$/,
    ownDomain: 'Account → Custom domain',
  },
  {
    service: 'ActiveCampaign',
    host: /(?:^|\.)(?:activehosted\.com|emlnk\d*\.com|acemlnb\.com)$/,
    ownDomain: 'Settings → Advanced → Domain alias',
  },
  {
    service: 'Constant Contact',
    host: /(?:^|\.)(?:rs6\.net|constantcontact\.com)$/,
    ownDomain: 'Account settings → Advanced settings',
  },
  {
    service: 'Salesforce',
    host: /(?:^|\.)(?:exct\.net|exacttarget\.com|s\d+\.sfmc-content\.com)$/,
    ownDomain: 'Sender Authentication Package',
  },
  {
    service: 'Intercom',
    host: /(?:^|\.)(?:intercom-clicks\.com|intercom-mail\.com|via\.intercom\.io)$/,
    ownDomain: 'Settings → Email → Custom link branding',
  },
  {
    service: 'MailerLite',
    host: /(?:^|\.)(?:ml\.mailersend\.com|mlsend\d*\.com|mailersend\.net)$/,
    ownDomain: 'Domains → Tracking',
  },
  { service: 'beehiiv', host: /^link\.mail\.beehiiv\.com$/, ownDomain: 'Settings → Domain' },
  {
    service: 'a link shortener',
    host: /^(?:bit\.ly|t\.co|tinyurl\.com|ow\.ly|rebrand\.ly|is\.gd|cutt\.ly|shorturl\.at|lnkd\.in|buff\.ly|t\.ly|goo\.gl)$/,
    ownDomain: 'a link to your own site',
  },
]

/** The service behind a host; null when it is none of them. */
export const trackingServiceOf = (host: string): TrackingHost | null =>
  trackingHosts.find(item => item.host.test(host.toLowerCase())) ?? null

/** Gateways that put their own link in the place of the mail's when it arrives, and how the link itself is found in it. */
const rewriters: readonly { host: RegExp; original: (url: URL) => string | null }[] = [
  { host: /\.safelinks\.protection\.outlook\.com$/, original: url => url.searchParams.get('url') },
  {
    host: /^urldefense\.(?:com|us)$/,
    original: url => /\/v3\/__(.+?)__;/.exec(url.href)?.[1]?.replace(/^(https?):\/(?!\/)/, '$1://') ?? null,
  },
  { host: /^urldefense\.proofpoint\.com$/, original: url => decodedProofpoint(url.searchParams.get('u')) },
  { host: /^(?:[\w-]+\.)?protect(?:-[a-z0-9]+)?\.mimecast\.com$/, original: () => null },
  { host: /^linkprotect\.cudasvc\.com$/, original: url => url.searchParams.get('a') },
  {
    host: /(?:^|\.)(?:secure-web\.cisco\.com|clicktime\.symantec\.com|urlsand\.esvalabs\.com|url\.emailprotection\.link)$/,
    original: () => null,
  },
]

const decodedProofpoint = (text: string | null): string | null => {
  if (text === null) return null
  try {
    return decodeURIComponent(text.replace(/-/g, '%').replace(/_/g, '/'))
  } catch {
    return null
  }
}

/** What the receiver made of a link: the link itself, or null where it cannot be told; `undefined` when the receiver left it alone. */
export const rewrittenLink = (url: URL): string | null | undefined => {
  const rewriter = rewriters.find(item => item.host.test(url.hostname))
  return rewriter ? rewriter.original(url) : undefined
}
