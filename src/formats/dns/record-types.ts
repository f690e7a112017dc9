// DNS record types by mnemonic and number (IANA, Domain Name System Parameters), as far as they are written or read here.

const typeCodes: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  URI: 256,
  CAA: 257,
  AXFR: 252,
  ANY: 255,
}
const typeNames = new Map(Object.entries(typeCodes).map(([name, code]) => [code, name]))

/** Number of a type: its mnemonic or `TYPE123` (RFC 3597 §5). Null when it is neither. */
export const typeCode = (type: string): number | null => {
  const upper = type.toUpperCase()
  const known = typeCodes[upper]
  if (known !== undefined) return known
  const number = /^TYPE(\d{1,5})$/.exec(upper)?.[1]
  return number !== undefined && Number(number) <= 65_535 ? Number(number) : null
}

/** Mnemonic of a type, `TYPE123` when it has none here. */
export const typeName = (code: number): string => typeNames.get(code) ?? `TYPE${code}`
