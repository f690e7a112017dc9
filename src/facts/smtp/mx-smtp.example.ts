// What a sound mail server says on port 25.
import type { SmtpProbe } from '../../net/network.ts'
import type { MxSmtp } from './mx-smtp.ts'

/** A self-signed certificate of mx.coachdash.example, DER in base64, and the SHA-256 of its public key. */
export const certificate =
  'MIIBkzCCATmgAwIBAgIUEnz95YlxfIT55SlsQTAebABjBrIwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUbXguY29hY2hkYXNoLmV4YW1wbGUwHhcNMjYxMTI1MDI1MzMzWhcNMzYxMTIyMDI1MzMzWjAfMR0wGwYDVQQDDBRteC5jb2FjaGRhc2guZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABD9gYbs3T9BXvED3Y4YSzRRmAjktpLd8tjw4CCb3Vayqz3v98/sRVTwkbK+ojYx/iVUe9G8YOVnljysusyoW4/CjUzBRMB0GA1UdDgQWBBTNgNvSeM/SUGRQ4hM/1094zE7W4TAfBgNVHSMEGDAWgBTNgNvSeM/SUGRQ4hM/1094zE7W4TAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIBq7F3neaIE6ckd2jY8NdnGeOyvsVHxrJXT35sKfnqRGAiEAkcBTeW1ZxtL2EWKc2YULRcqSNsIedXHoE9DXfGrWji4='
export const association = '7ed2171eced2a0e5930594169c5c314c977e74d64cb138c283a63e6240de0d17'

/** TLS 1.3 with a certificate that verifies, with what is given changed. */
export const probeWith = (more: Partial<SmtpProbe> = {}): SmtpProbe => ({
  banner: '220 mx.coachdash.example ESMTP',
  extensions: ['PIPELINING', 'STARTTLS'],
  starttls: 'ok',
  tls: {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    chain: [certificate],
    authorized: true,
    error: null,
  },
  address: '192.0.2.25',
  ...more,
})

/** A session without encryption, which was not offered. */
export const plainProbe: SmtpProbe = probeWith({ starttls: 'not-offered', tls: null })

/** The server encrypts with a valid certificate. */
export const example: MxSmtp = { probe: probeWith(), message: null, obsolete: false, legacy: null }
