// A host's TLS for the examples of checks: one sound address, and what differs from it. The certificates were made for this file by a
// root of their own (valid October to December 2026, for example.com).
import { missing, observed } from '../../core/fact.ts'
import type { Tls, TlsEndpoint } from './tls.ts'

const at = '2026-11-25T00:00:00Z'

/** A private root, DER in base64. */
export const exampleRoot =
  'MIIBujCCAWCgAwIBAgIDAQAAMAoGCCqGSM49BAMCMDMxGjAYBgNVBAoMEUV4YW1wbGUgQXV0aG9yaXR5MRUwEwYDVQQDDAxFeGFtcGxlIFJvb3' +
  'QwHhcNMjAwMTAxMDAwMDAwWhcNNDkwMTAxMDAwMDAwWjAzMRowGAYDVQQKDBFFeGFtcGxlIEF1dGhvcml0eTEVMBMGA1UEAwwMRXhhbXBsZSBS' +
  'b290MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+wfIROHNV3R2DBOp3oJGUPxTpMNm6h00954Ic01LVmbAwN4pYeU5maKQNz+PRHOA94Pb3n' +
  'VpwuTcVPR3fXkE/6NjMGEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFNfmKXX9uf+GOHRdfuezZ2N53gEbMB8G' +
  'A1UdIwQYMBaAFNfmKXX9uf+GOHRdfuezZ2N53gEbMAoGCCqGSM49BAMCA0gAMEUCIQC2uPiOSAbaSVRocQjHKASyZgnVHExF6dxIPvxXX4ilgA' +
  'IgNEkmsscrDWusm2dnyIT5seSvuvTzW6RG0VDe0rXT8YU='

/** Signed by it, for example.com and www.example.com, 2026-10-01 to 2026-12-30. */
export const exampleLeaf =
  'MIIB2DCCAYCgAwIBAgIDAQABMAoGCCqGSM49BAMCMDMxGjAYBgNVBAoMEUV4YW1wbGUgQXV0aG9yaXR5MRUwEwYDVQQDDAxFeGFtcGxlIFJvb3' +
  'QwHhcNMjYxMDAxMDAwMDAwWhcNMjYxMjMwMDAwMDAwWjAWMRQwEgYDVQQDDAtleGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA' +
  'BLKvZArnFysfZslxoeBCH/lU9Q7n4jibZeCtL4EUUgJuAKOlmbh1yh9rZO6U+HoKFseanmWJY8aM7EwQ81bJufejgZ8wgZwwDAYDVR0TAQH/BA' +
  'IwADAOBgNVHQ8BAf8EBAMCBaAwHQYDVR0OBBYEFKU4HRRe/lCeoPDJanIZglndprMFMB8GA1UdIwQYMBaAFNfmKXX9uf+GOHRdfuezZ2N53gEb' +
  'MBMGA1UdJQQMMAoGCCsGAQUFBwMBMCcGA1UdEQQgMB6CC2V4YW1wbGUuY29tgg93d3cuZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDRgAwQwIgPO' +
  'I2L3La7eerO8ODKdsDRw13t3ZIu1O2ZOo8Si3P6tsCHzGBHrOU3HhWRxsX5AKIfbU1pvN8eJCfw+J/GtYEpyw='

/** Signed by itself, for example.com, the same dates. */
export const exampleSelfSigned =
  'MIIBrDCCAVKgAwIBAgIDAQACMAoGCCqGSM49BAMCMBYxFDASBgNVBAMMC2V4YW1wbGUuY29tMB4XDTI2MTAwMTAwMDAwMFoXDTI2MTIzMDAwMD' +
  'AwMFowFjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARJijwVNL1O6utfs0zRM8aV/lzXJIuyxv4/38hX' +
  'uVGDGL6gEDHqhPQl11QVgZtphQkkMyMfX6CtIvPbFZcdw1W2o4GOMIGLMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgWgMB0GA1UdDgQWBB' +
  'QLcpGXYnh09iRNL5p5pWPqYs7JeTAfBgNVHSMEGDAWgBQLcpGXYnh09iRNL5p5pWPqYs7JeTATBgNVHSUEDDAKBggrBgEFBQcDATAWBgNVHREE' +
  'DzANggtleGFtcGxlLmNvbTAKBggqhkjOPQQDAgNIADBFAiEAjUChjHj+77Sz6XSpzz7vQsxSLbZiInPhXMk8JK2E2RcCIAW5bxAHw9dUd2tHTX' +
  'X1iJNIfBfkU63do2qddIXK9wZi'

/** What is other at the one address: single versions and cipher families, the chain (DER in base64), a closed port. */
export type TlsDifference = Partial<
  Pick<TlsEndpoint, 'forwardSecrecy' | 'dhBits' | 'weakCiphers' | 'browsers' | 'otherKey'>
> & {
  versions?: Partial<TlsEndpoint['versions']>
  weak?: Partial<TlsEndpoint['weak']>
  chain?: string[]
  refused?: boolean
  alpn?: string
}

const handshakeOf = (chain: string[], alpn: string): TlsEndpoint['handshake'] =>
  observed(
    {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn,
      chain,
      chainLength: chain.length,
      chainBytes: 1_000,
      scts: 0,
      ocsp: null,
      dhBits: null,
      curve: null,
    },
    at,
  )

/** A host with one address, sound but for what is given. */
export const tlsWith = ({ versions, weak, chain, refused, alpn = 'h2', ...more }: TlsDifference): Tls => ({
  endpoints: [
    {
      address: '192.0.2.10',
      family: 4,
      handshake: refused
        ? missing('refused', '192.0.2.10:443 refuses the connection')
        : handshakeOf(chain ?? [exampleLeaf], alpn),
      browsers: { chrome: true, safari: null },
      otherKey: null,
      versions: { SSLv3: false, TLSv1: false, 'TLSv1.1': false, 'TLSv1.2': true, 'TLSv1.3': true, ...versions },
      weak: { NULL: false, anonymous: false, EXPORT: false, RC4: false, DES: false, '3DES': false, ...weak },
      weakCiphers: [],
      forwardSecrecy: true,
      dhBits: null,
      ...more,
    },
  ],
  otherPorts: [],
  privateAddresses: [],
  withoutName: null,
  authorities: [{ der: exampleRoot, private: true }],
  fetched: [],
  elsewhere: [],
  otherClient: false,
})

/** A valid certificate, TLS 1.2 and 1.3, sound ciphers. */
export const example: Tls = tlsWith({})
