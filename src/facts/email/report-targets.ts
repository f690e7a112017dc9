// Where DMARC reports go: whether other domains agreed to receive them (RFC 9990 §4), and whether mail can arrive there.
import { notApplicable, observed } from '../../core/fact.ts'
import { isDmarc } from '../../formats/dmarc/dmarc.ts'
import type { ReportTarget, ReportTargets } from '../../formats/dmarc/report-addresses.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { FactDefinition } from '../definition.ts'
import { mxFields, txtLookup } from './mail-lookups.ts'

const fact: FactDefinition<ReportTargets> = {
  on: 'domain',
  async collect(_subject, context) {
    const dmarc = await context.need('dmarc')
    if (!dmarc.ok) return dmarc
    const { record, at, organizational } = dmarc.value.walk
    if (!record || at === null) return notApplicable('there is no DMARC record')
    const { dns } = context.net
    const all = [
      ...record.rua.map(uri => ({ tag: 'rua' as const, uri })),
      ...record.ruf.map(uri => ({ tag: 'ruf' as const, uri })),
    ]
    const targets = await Promise.all(
      all
        .filter(({ uri }) => uri.valid && uri.domain !== null)
        .slice(0, 20)
        .map(async ({ tag, uri }): Promise<ReportTarget> => {
          const domain = uri.domain as string
          // Below the same organizational domain no consent is needed; old receivers judge that by the Public Suffix List.
          const external =
            domain !== organizational &&
            !domain.endsWith(`.${organizational}`) &&
            registrableDomain(domain) !== registrableDomain(organizational)
          const authorisation = `${at}._report._dmarc.${domain}`
          const [consent, mx, a] = await Promise.all([
            external ? txtLookup(dns, authorisation) : null,
            dns.lookup(domain, 'MX'),
            dns.lookup(domain, 'A'),
          ])
          const hosts = mx.ok
            ? mx.value.records.map(mxFields).filter(host => host.exchange !== '' && host.exchange !== '.')
            : []
          const nullMx = mx.ok && mx.value.records.length > 0 && hosts.length === 0
          return {
            tag,
            address: uri.address ?? uri.uri,
            domain,
            external,
            authorised: consent === null || !consent.ok ? null : consent.records.some(text => isDmarc(text)),
            authorisation: external ? authorisation : null,
            receives: !mx.ok
              ? null
              : hosts.length > 0
                ? true
                : nullMx
                  ? false
                  : a.ok
                    ? a.value.records.length > 0
                    : null,
          }
        }),
    )
    return observed(
      // Reports are mailed (RFC 9990 §3): an address of the web receives none.
      {
        record: record.text,
        at,
        alias: dmarc.value.alias,
        targets,
        rua: record.rua.filter(uri => uri.valid && uri.domain !== null).length,
      },
      context.now(),
    )
  },
}
export default fact
