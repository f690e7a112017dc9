// How a certificate is put right: the setting that a program can apply, and the steps for whoever holds the host.
import type { Fix } from '../../core/fix.ts'
import { fix, manual, removeRecord, setting } from '../../core/fixes.ts'
import { certificatePlatforms } from '../../data/certificate-platforms.ts'

export type CertificateData = {
  host: string
  /** What was seen, in words. */
  detail: string
  /** Whole days until the certificate ends (since it ended, where it has). */
  days: number
  /** Names that a new certificate must be for. */
  names: string[]
  /** Hosting platform, where the host's alias tells. */
  platform: string | null
  /** Addresses that it holds for. */
  addresses: string[]
  /** Addresses where nothing answers beside others that do; whether those that answer differ; whether the host is an alias. */
  down: string[]
  differ: boolean
  aliased: boolean
}

/** The platform that a chain of aliases leads to; null when none is known. */
export const platformOf = (cnames: readonly string[]): string | null =>
  certificatePlatforms.find(({ suffix }) => cnames.some(name => suffix.test(name)))?.name ?? null

/** The steps of the platform that serves the host, else the steps for a server of one's own. */
const stepsFor = (data: CertificateData, own: string[]): string[] =>
  data.platform
    ? certificatePlatforms
        .filter(({ name }) => name === data.platform)
        .map(({ step }) => step.replaceAll('{host}', data.host))
    : own

const certificateSetting = (data: CertificateData) =>
  setting('tls', `${data.host}/certificate`, { names: data.names, chain: 'full', validDays: 90, key: 'ec-p256' })

/** A new certificate from a public authority, whole chain installed. */
export const newCertificate = (data: CertificateData): Fix =>
  fix(
    `Put a valid certificate for ${data.names.join(', ')} in place`,
    [certificateSetting(data)],
    stepsFor(data, [
      `Get a certificate for ${data.names.join(', ')} from a public authority (free from Let's Encrypt: \`certbot\`, or Caddy, which does it by itself).`,
      'Install the whole chain (`fullchain.pem`), not the certificate alone, and reload the web server.',
      'Make renewal automatic, and let the renewal reload the server.',
    ]),
    data.platform ? 15 : 30,
  )

/** The same certificate, sent with what belongs to it. */
export const fullChain = (data: CertificateData): Fix =>
  fix(
    `Send the whole certificate chain of ${data.host}, in order`,
    [certificateSetting(data)],
    stepsFor(data, [
      'Configure the file with the whole chain: `ssl_certificate …/fullchain.pem` (nginx), `SSLCertificateFile …/fullchain.pem` (Apache).',
      "The file holds the host's certificate first, then the one that issued it, and so on; the root may be left out.",
      'Reload the web server.',
    ]),
    10,
  )

/** Renewal that is late. */
export const renew = (data: CertificateData): Fix =>
  fix(
    `Renew the certificate of ${data.host} now, and find out why it was not renewed by itself`,
    [certificateSetting(data)],
    stepsFor(data, [
      'See why the automatic renewal did not run: `certbot renew --dry-run`, `systemctl list-timers`, or the log of your ACME client.',
      'Renew, and reload the web server: a renewed file that is not loaded helps nobody.',
    ]),
    20,
  )

const seeWhetherItRuns = (where: string): string =>
  `See whether the server ${where} runs, listens on port 443 and is let through by the firewall.`

/** Nothing answers on port 443. */
export const listen = (data: CertificateData): Fix =>
  fix(
    `Make ${data.host} answer on port 443 with a certificate for its name`,
    [setting('web-server', `${data.host}/`, { listen: 443 }), certificateSetting(data)],
    stepsFor(data, [
      seeWhetherItRuns(`behind ${data.addresses.join(', ') || data.host}`),
      `If ${data.host} should not exist, remove its address from DNS.`,
    ]),
    30,
  )

/** An address that is down leaves DNS; where an alias leads to it, the record is another's. */
const takeOut = ({ host, aliased }: CertificateData, address: string) =>
  aliased
    ? manual(`Have the server at ${address} answer for ${host}, or ask the host that its alias leads to.`)
    : removeRecord(host, address.includes(':') ? 'AAAA' : 'A', address)

/** Addresses that answer differently: what is down leaves DNS, what serves another certificate gets the right one. */
export const sameEverywhere = (data: CertificateData): Fix => {
  const list = data.down.join(', ')
  const changes = [
    ...(data.differ ? [certificateSetting(data)] : []),
    ...data.down.map(address => takeOut(data, address)),
  ]
  const same = data.differ ? 'certificate' : 'pages'
  return fix(
    list
      ? `Bring the server at ${list} back, or take the address out of DNS`
      : `Serve the same ${same} of ${data.host} at every address`,
    changes.length
      ? changes
      : [
          manual(
            `Bring the servers behind all addresses of ${data.host} to the same state, or take those that fail out.`,
          ),
        ],
    [
      ...(list
        ? [
            seeWhetherItRuns(`at ${list}`),
            `If it is gone for good, remove ${list} from the address records of ${data.host}: no customer is sent there then.`,
          ]
        : []),
      ...(data.differ
        ? [
            'Install the certificate that is right on the servers behind the other addresses too (the IPv6 one is often forgotten).',
          ]
        : []),
    ],
    20,
  )
}
