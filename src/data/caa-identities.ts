// Which CAA domains each certificate authority answers to, by the organisation in its issuing certificates.
// Source: the authorities' own pages and practice statements, a link per row. Looked up 2026-11-25.

export type CertificateAuthority = {
  name: string
  organisation: RegExp
  /** The first is the one to write into a record. */
  identities: readonly string[]
  source: string
}

export const certificateAuthorities: readonly CertificateAuthority[] = [
  {
    name: "Let's Encrypt",
    organisation: /let'?s encrypt|\bISRG\b/i,
    identities: ['letsencrypt.org'],
    source: 'https://letsencrypt.org/docs/caa/',
  },
  {
    name: 'Google Trust Services',
    organisation: /google trust services/i,
    identities: ['pki.goog', 'google.com'],
    source: 'https://pki.goog/faq/#caa',
  },
  {
    name: 'DigiCert',
    organisation: /digicert|\bthawte|geotrust|rapidssl|quovadis|symantec|verisign/i,
    identities: [
      'digicert.com',
      'www.digicert.com',
      'digicert.ne.jp',
      'cybertrust.ne.jp',
      'thawte.com',
      'geotrust.com',
      'rapidssl.com',
      'quovadisglobal.com',
      'symantec.com',
      'digitalcertvalidation.com',
      'amazon.com',
    ],
    source: 'https://docs.digicert.com/en/certcentral/manage-certificates/dns-caa-resource-record-check.html',
  },
  {
    name: 'Sectigo',
    organisation: /sectigo|comodo|usertrust/i,
    identities: ['sectigo.com', 'comodo.com', 'comodoca.com', 'usertrust.com', 'trust-provider.com'],
    source: 'https://www.sectigo.com/knowledge-base/detail/Certification-Authority-Authorization-CAA',
  },
  {
    name: 'ZeroSSL',
    organisation: /zerossl/i,
    identities: ['sectigo.com', 'zerossl.com', 'comodoca.com', 'comodo.com', 'usertrust.com', 'trust-provider.com'],
    source: 'https://help.zerossl.com/hc/en-us/articles/360060119753',
  },
  {
    name: 'Amazon',
    organisation: /^amazon\b|amazon trust/i,
    identities: ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'],
    source: 'https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html',
  },
  {
    name: 'GlobalSign',
    organisation: /globalsign/i,
    identities: ['globalsign.com'],
    source: 'https://support.globalsign.com/ssl/general-ssl/caa-checking',
  },
  {
    name: 'GoDaddy',
    organisation: /godaddy|go daddy|starfield/i,
    identities: ['godaddy.com', 'starfieldtech.com'],
    source: 'https://www.godaddy.com/help/add-a-caa-record-27288',
  },
  {
    name: 'Entrust',
    organisation: /entrust/i,
    identities: ['entrust.net', 'affirmtrust.com'],
    source: 'https://www.entrust.com/legal-compliance',
  },
  {
    name: 'SSL.com',
    organisation: /ssl\.com|ssl corporation/i,
    identities: ['ssl.com'],
    source: 'https://www.ssl.com/faqs/what-is-certification-authority-authorization-caa/',
  },
  {
    name: 'Microsoft',
    organisation: /microsoft corporation/i,
    identities: ['microsoft.com'],
    source: 'https://www.microsoft.com/pki/mscorp/cps',
  },
  {
    name: 'Apple',
    organisation: /^apple inc/i,
    identities: ['pki.apple.com'],
    source: 'https://www.apple.com/certificateauthority/',
  },
  {
    name: 'Buypass',
    organisation: /buypass/i,
    identities: ['buypass.com', 'buypass.no'],
    source: 'https://www.buypass.com/products/tls-ssl-certificates/caa',
  },
  {
    name: 'Certum',
    organisation: /certum|asseco|unizeto/i,
    identities: ['certum.pl', 'certum.eu'],
    source: 'https://www.certum.eu/en/caa',
  },
  { name: 'Actalis', organisation: /actalis/i, identities: ['actalis.it'], source: 'https://www.actalis.com/caa' },
  {
    name: 'HARICA',
    organisation: /harica|hellenic academic/i,
    identities: ['harica.gr'],
    source: 'https://www.harica.gr/',
  },
  {
    name: 'IdenTrust',
    organisation: /identrust/i,
    identities: ['identrust.com'],
    source: 'https://www.identrust.com/support/documents',
  },
  {
    name: 'SwissSign',
    organisation: /swisssign/i,
    identities: ['swisssign.com', 'swisssign.net', 'swisssign.li'],
    source: 'https://www.swisssign.com/en/support/caa.html',
  },
  {
    name: 'Telia',
    organisation: /telia/i,
    identities: ['telia.com', 'telia.fi', 'telia.se'],
    source: 'https://cps.trust.telia.com/',
  },
  {
    name: 'D-Trust',
    organisation: /d-trust/i,
    identities: ['d-trust.net', 'dtrust.de', 'd-trust.de', 'dtrust.net'],
    source: 'https://www.d-trust.net/',
  },
  {
    name: 'TrustAsia',
    organisation: /trustasia/i,
    identities: ['trustasia.com'],
    source: 'https://www.trustasia.com/',
  },
]

/** The authority whose issuing certificates bear this organisation or common name; null when we do not know it. */
export const authorityOf = (issuer: string): CertificateAuthority | null =>
  certificateAuthorities.find(authority => authority.organisation.test(issuer)) ?? null
