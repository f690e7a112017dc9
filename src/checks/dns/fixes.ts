// Fixes of the checks of this stage that have several, in the words of registrars, DNS providers and hostings.
import type { Fix } from '../../core/fix.ts'
import { addRecord, fix, manual, manualFix, redirect, removeRecord, replaceRecord, setting } from '../../core/fixes.ts'
import type { Refusal } from '../../formats/dns/caa-renewal.ts'
import { absoluteName } from '../../formats/dns/name.ts'

/** `name` is where the records stand, `own` false where an alias leads there; `shown` is the host and how many more. */
export type CaaData = { name: string; own: boolean; host: string; shown: string } & Pick<
  Refusal,
  'authority' | 'wanted' | 'remove'
>

const caaElsewhere = ({ name, host, authority, wanted }: CaaData): Fix => ({
  ...manualFix(
    `Let ${authority || 'the authority in use'} issue although ${host} is an alias`,
    [`Settle with the operator of ${name} who issues for ${host}.`],
    30,
  ),
  steps: [
    `The records stand at ${name}, which ${host} is an alias of: ask its operator to name ${wanted.join(', ') || 'sound records'} there, or to issue the certificate himself.`,
    `Or replace the alias of ${host} by address records and put your own CAA records beside them.`,
  ],
})

const caaSummary = ({ name, authority, wanted, remove }: CaaData): string => {
  if (wanted.length) return `Let ${authority} issue for ${name}`
  if (!remove.length) return `Name the authorities that may issue for ${name}`
  return authority
    ? `Take the CAA record that forbids every authority out of ${name}`
    : `Take the broken CAA record of ${name} out`
}

export const caaFix = (data: CaaData): Fix => {
  const { name, own, remove, wanted } = data
  if (!own) return caaElsewhere(data)
  const changes = [
    ...remove.map(record => removeRecord(name, 'CAA', record)),
    ...wanted.map(record => addRecord(name, 'CAA', record)),
  ]
  const steps = [
    ...remove.map(record => `Remove the CAA record ${record} of ${name}.`),
    ...wanted.map(record => `Add the CAA record ${record} to ${name}.`),
    'Add one line for every other authority that you use (for mail or at another host).',
  ]
  const byHand = [manual(`Add CAA records for the authorities that issue for ${name}.`)]
  return fix(caaSummary(data), changes.length ? changes : byHand, steps, 10)
}

/** `alias`: a CNAME record that leads `host` to this name is missing. */
export type SpellingData = { host: string; origin: string; start: string; alias?: string }

export const redirectFix = ({ host, origin }: SpellingData): Fix =>
  fix(
    `Redirect ${host} to ${origin} for good, path and query kept`,
    // http goes to https of the same host first: browsers learn there that it is always to be https (RFC 6797 §7.2).
    [redirect(`http://${host}/`, `https://${host}/`, 308, true), redirect(`https://${host}/`, `${origin}/`, 308, true)],
    [
      `In the settings of your hosting, make ${origin.replace(/^https?:\/\//, '')} the primary domain and let ${host} redirect to it with status 308 (or 301).`,
      'The ready rules for your platform are written by: `launch-ready dns --out launch-ready`',
    ],
    10,
  )

export const redirectLoopFix = ({ host, origin }: SpellingData): Fix =>
  fix(
    `Let ${origin} answer, and only the other spellings redirect`,
    [manual(`Turn off the redirect that ${origin} itself sends; keep the one of ${host} to it.`)],
    [
      `Two places redirect to each other: find the one at ${origin} (hosting, DNS provider's forwarding, Cloudflare rule) and turn it off.`,
      'Behind Cloudflare the usual cause is encryption mode Flexible: set it to Full (strict).',
    ],
    20,
  )

export const certificateFix = ({ host }: SpellingData): Fix =>
  fix(
    `Get a certificate for ${host}`,
    [setting('tls', `${host}/certificate`, { names: [host] })],
    [
      `Add ${host} to the hosting, so that it is given a certificate: the browser checks it before it follows the redirect.`,
    ],
  )

export const missingHostFix = ({ host, origin, alias }: SpellingData): Fix =>
  fix(
    `Add ${host}, and redirect it to ${origin}`,
    [
      ...(alias ? [addRecord(host, 'CNAME', absoluteName(alias), 300)] : []),
      manual(`Add ${host} to the hosting: certificate, and a redirect to ${origin}.`),
    ],
    [`Add the record, then add ${host} to the hosting so that it has a certificate and redirects to ${origin}.`],
  )

export const canonicalTagFix = ({ start, origin }: SpellingData): Fix =>
  fix(
    `Name ${origin} in the page's canonical link`,
    [manual(`Set the canonical link of ${start} to ${origin}/.`)],
    [`Change <link rel="canonical"> of ${start} to an address that begins with ${origin}.`],
    10,
  )

export type ProxyData = {
  name: string
  record: string
  proxied: boolean
  address: string
  shownBy: string
  outside?: boolean
}

export const proxyFix = ({ record, proxied, outside }: ProxyData): Fix =>
  fix(
    `Set ${record} to ${proxied ? 'DNS only' : 'Proxied'} at Cloudflare`,
    [
      outside
        ? manual(`Set ${record} to ${proxied ? 'DNS only' : 'Proxied'} at Cloudflare.`)
        : setting('cloudflare', `dns/${record}/proxied`, !proxied, proxied),
    ],
    [
      `In the DNS settings at Cloudflare, switch the cloud of ${record} to ${proxied ? 'grey (DNS only)' : 'orange (Proxied)'}.`,
    ],
    5,
  )

export const originFix = ({ address, shownBy }: ProxyData): Fix =>
  fix(
    `Let the server at ${address} answer Cloudflare only`,
    [manual(`Close ports 80 and 443 of ${address} to everyone but Cloudflare.`)],
    [
      'In the server’s firewall, accept ports 80 and 443 from Cloudflare’s ranges only (or use a Cloudflare Tunnel).',
      `Remove or move what shows the address: ${shownBy}.`,
      'Then change the server’s address: the old one is known.',
    ],
    60,
  )

/** `end` is the last name of a long chain, '' where the alias cannot simply lead there. */
export type AliasData = { name: string; target: string; others: string[]; end: string }

export const aliasFix = ({ name, end }: AliasData): Fix =>
  fix(
    `Put the alias of ${name} right`,
    [end ? replaceRecord(name, 'CNAME', `${end}.`, undefined, 300) : manual(`Replace the CNAME record of ${name}.`)],
    [
      `Replace the CNAME record of ${name}: at the apex by the provider's ALIAS or by A and AAAA records; elsewhere by one CNAME to the last name of the chain.`,
    ],
    10,
  )

export const aliasLoopFix = ({ name, target }: AliasData): Fix =>
  fix(
    `Break the circle at ${name}`,
    [removeRecord(name, 'CNAME', `${target}.`)],
    [`Remove the CNAME record of ${name}, and add one to the name that really serves it.`],
    10,
  )

export const aliasToAddressFix = ({ name, target }: AliasData): Fix =>
  fix(
    `Replace the CNAME of ${name} by an address record`,
    [removeRecord(name, 'CNAME', `${target}.`), addRecord(name, 'A', target, 300)],
    [`An alias needs a name; ${target} is an address.`],
    5,
  )

export type DnssecData = { zone: string; reason: string; left?: string; unlinked?: boolean; lack?: string }

export const brokenChainFix = ({ zone, reason }: DnssecData): Fix =>
  fix(
    `Make the signatures of ${zone} hold again, or take the DS record out`,
    [
      removeRecord(zone, 'DS', ''),
      manual(`Sign ${zone} anew at its DNS provider, then enter the new DS record at the registrar.`),
    ],
    [
      'Now: at the registrar, remove the DS record. The domain works again unsigned once its lifetime (often a day) has passed.',
      `Then repair the signing at the DNS provider (${reason}), let it give you the new DS record, and enter that at the registrar.`,
      'Since March 2026 certificate authorities validate too: until this is repaired no certificate can be renewed.',
    ],
    45,
  )

export const signatureRenewalFix = ({ zone, left }: DnssecData): Fix =>
  fix(
    `Let the signatures of ${zone} be renewed`,
    [manual(`Restart the signing of ${zone} and check that its signatures have a new date.`)],
    [
      'Find out why the signer does not run: a stopped service, a full disk, a key that it may not read.',
      `Sign the zone again; ${left ?? 'little time'} is left.`,
    ],
    30,
  )

export const signingFix = ({ zone, unlinked }: DnssecData): Fix =>
  unlinked
    ? fix(
        `Enter the DS record of ${zone} at the registrar`,
        [manual(`Enter the DS record of ${zone} at the registrar.`)],
        ['The zone is signed already. Copy the DS record from the DNS provider to the registrar.'],
        20,
      )
    : fix(
        `Turn DNSSEC on for ${zone}`,
        [manual(`Turn DNSSEC on for ${zone} and enter its DS record at the registrar.`)],
        [
          'Turn DNSSEC on at the DNS provider (usually one switch).',
          'Copy the DS record that it shows to the registrar, unless both are the same company.',
        ],
        20,
      )

export const algorithmFix = ({ zone }: DnssecData): Fix =>
  fix(
    `Sign ${zone} with algorithm 13 (ECDSA P-256)`,
    [manual(`Roll ${zone} over to algorithm 13.`)],
    [
      'Add a key of algorithm 13 at the DNS provider, add its DS record at the registrar, and remove the old ones after two days.',
    ],
    60,
  )

/** `names` are the zone's own name servers, or the target of a name server that is an alias. */
export type NameServerData = {
  zone: string
  server?: string
  addresses?: string[]
  names?: string[]
  overTcp?: boolean
}

const provider = 'your registrar and DNS provider'

export const secondNetworkFix = ({ zone }: NameServerData): Fix =>
  fix(
    `Give ${zone} name servers in two networks`,
    [manual(`Add a name server for ${zone} in another network.`)],
    [
      `Add a second name server in another network (every DNS provider gives at least two), in the zone and at ${provider}.`,
    ],
    30,
  )

export const nameServerFix = ({ zone, server, addresses = [], overTcp }: NameServerData): Fix =>
  fix(
    `Put ${server} right, or take it out of the delegation`,
    addresses.length
      ? addresses.map(address => setting('name-server', address, overTcp ? { tcp: true } : { serves: zone }))
      : [manual(`Take ${server} out of the NS records of ${zone} and out of its delegation, or give it an address.`)],
    [
      `Ask the operator of ${server} to serve ${zone} over UDP and TCP on port 53.`,
      `If nobody can, remove it from the NS records of the zone and from the delegation at ${provider}.`,
    ],
    30,
  )

export const parentFix = ({ zone, server, addresses = [], names }: NameServerData): Fix =>
  fix(
    `Make the registrar's list of name servers equal to the zone's`,
    [
      server
        ? setting('registrar', `${zone}/glue`, { [server]: addresses })
        : setting('registrar', `${zone}/nameservers`, names),
    ],
    [`At the registrar of ${zone}, set the name servers to ${names?.join(', ')}.`],
  )

export const nameServerAliasFix = ({ server = '', addresses = [], names = [] }: NameServerData): Fix =>
  fix(
    `Give ${server} its own address records`,
    [
      ...names.map(target => removeRecord(server, 'CNAME', `${target}.`)),
      ...addresses.map(address => addRecord(server, address.includes(':') ? 'AAAA' : 'A', address)),
    ],
    [
      `Replace the CNAME record of ${server} by the A and AAAA records of its target (RFC 2181 §10.3 forbids the alias).`,
    ],
  )

export type ConflictData = { app: string; marketing: string; cookie: string }

export const hostingFix = ({ app, marketing }: ConflictData): Fix =>
  fix(
    `Serve the product at ${app} and the marketing site at ${marketing}, each by its own`,
    [manual(`Assign ${app} to the project of the product.`)],
    [`In the hosting, give ${app} its own project, and check which project each domain is assigned to.`],
    30,
  )

export const cookieFix = ({ app, marketing, cookie }: ConflictData): Fix =>
  fix(
    `Rename the cookie ${cookie}, or keep it to its own host`,
    [manual(`Set ${cookie} without Domain at ${app} and ${marketing}.`)],
    [`Set ${cookie} without a Domain attribute (best with the prefix __Host-) at ${app}.`],
    20,
  )

export type LeadData = { name: string; target: string; via: string; service: string }

export const leadFix = ({ name, target, via, service }: LeadData): Fix => {
  const takeOut = `Take ${target} out of the ${via} records of ${name}`
  const claim = `or claim it at ${service || target}`
  const summaries: Record<string, string> = {
    CNAME: `Remove the alias of ${name}, ${claim}`,
    ALIAS: `Remove the address of ${name}, ${claim}`,
  }
  return fix(
    summaries[via] ?? takeOut,
    [via === 'CNAME' ? removeRecord(name, 'CNAME', `${target}.`) : manual(`${takeOut}.`)],
    [
      `If ${target} is not used any more, remove the record.`,
      ...(service ? [`If it is, add ${name} to your account at ${service}.`] : []),
    ],
  )
}

export const delegationFix = ({ name, target }: LeadData): Fix =>
  fix(
    `Remove the delegation of ${name}`,
    target.split(', ').map(server => removeRecord(name, 'NS', `${server}.`)),
    [`No server that ${name} is delegated to serves it. Remove its NS records, or set the zone up there again.`],
  )

/** `behind` are the addresses of the servers that have not the version of the others. */
export type VersionData = { zone: string; behind: string[]; names: string[] }

/** The servers serve the zone of the primary again. */
export const versionFix = ({ zone, behind }: VersionData): Fix =>
  fix(
    `Bring the name servers of ${zone} to the same version`,
    behind.map(address => setting('name-server', address, { serves: zone })),
    [
      'Find out why the zone is not transferred: the primary is not reached, refuses the transfer, or its serial was not raised.',
      'Raise the serial and let the servers transfer again; take a server of a former provider out of the delegation.',
    ],
    30,
  )

/** A name below the domain, and its label as the config lists it. */
export type ListedData = { name: string; label: string }

/** Nobody listed the name: it goes, or it is listed. */
export const listFix = ({ name, label }: ListedData): Fix =>
  fix(
    `Remove ${name}, or list it`,
    [manual(`Decide about ${name}: remove its records, or add "${label}" to dns.subdomains.`)],
    [
      `Find out who uses ${name}. If nobody does, remove its records.`,
      `If it is meant, add "${label}" to dns.subdomains in the config.`,
    ],
    10,
  )

/** A test system is shown to those who work on it only. */
export const loginFix = ({ name }: ListedData): Fix =>
  fix(
    `Put ${name} behind a login`,
    [manual(`Protect ${name} with a login.`)],
    [
      'Turn on the hosting’s deployment protection, or a password, or let it be reached through a VPN only.',
      'Keep real customers’ data out of it.',
    ],
    20,
  )
