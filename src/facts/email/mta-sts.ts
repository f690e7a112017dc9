// MTA-STS: the record, and the policy fetched as senders fetch it: over verified HTTPS, without following redirects.
import { observed } from '../../core/fact.ts'
import {
  isMtaSts,
  type MtaStsPolicy,
  type MtaStsRecord,
  parseMtaStsPolicy,
  parseMtaStsRecord,
} from '../../formats/mail/mta-sts.ts'
import { headerOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { txtLookup } from './mail-lookups.ts'

export type PolicyFetch = {
  url: string
  /** `absent`: the host does not exist or says 404. `failed`: it is there and senders cannot fetch it. `unasked`: not known from here. */
  state: 'fetched' | 'absent' | 'failed' | 'unasked'
  status: number | null
  message: string | null
  contentType: string | null
  text: string
  policy: MtaStsPolicy | null
}

export type MtaSts = { texts: string[]; record: MtaStsRecord | null; fetch: PolicyFetch | null }

const policyBytes = 65_536

const fetchPolicy = async (domain: string, context: CollectContext): Promise<PolicyFetch> => {
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  const bare: PolicyFetch = {
    url,
    state: 'failed',
    status: null,
    message: null,
    contentType: null,
    text: '',
    policy: null,
  }
  const addresses = await Promise.all([
    context.net.dns.lookup(`mta-sts.${domain}`, 'A'),
    context.net.dns.lookup(`mta-sts.${domain}`, 'AAAA'),
  ])
  if (addresses.every(answer => answer.ok && answer.value.records.length === 0))
    return { ...bare, state: 'absent', message: `mta-sts.${domain} does not exist` }
  const exchange = await context.net.http({ url, follow: 0, verify: 'strict', maxBytes: policyBytes })
  if (!exchange.ok) {
    // A certificate or a refusal is seen by every sender; a time-out may be ours alone.
    const theirs = exchange.reason === 'tls-handshake' || exchange.reason === 'refused'
    return { ...bare, state: theirs ? 'failed' : 'unasked', message: exchange.message }
  }
  const hop = exchange.value.hops[0]
  if (!hop) return { ...bare, state: 'unasked', message: 'no answer' }
  const contentType = headerOf(hop, 'content-type')
  if (hop.status === 404 || hop.status === 410)
    return { ...bare, state: 'absent', status: hop.status, message: `the policy's address says ${hop.status}` }
  if (hop.status >= 300 && hop.status < 400)
    return { ...bare, status: hop.status, message: `a redirect (${hop.status}), which senders do not follow` }
  if (hop.status !== 200) return { ...bare, status: hop.status, message: `the policy's address says ${hop.status}` }
  return {
    ...bare,
    state: 'fetched',
    status: 200,
    contentType,
    text: hop.body.slice(0, 4000),
    policy: parseMtaStsPolicy(hop.body),
  }
}

const fact: FactDefinition<MtaSts> = {
  on: 'domain',
  async collect(subject, context) {
    const answer = await txtLookup(context.net.dns, `_mta-sts.${subject.name}`)
    if (!answer.ok) return answer.missing
    const texts = answer.records
      .filter(text => /^\s*v\s*=\s*STSv/i.test(text))
      .map(text => text.slice(0, 600))
      .sort()
    const valid = texts.filter(isMtaSts)
    return observed(
      {
        texts,
        record: valid[0] === undefined ? null : parseMtaStsRecord(valid[0]),
        fetch: texts.length ? await fetchPolicy(subject.name, context) : null,
      },
      context.now(),
    )
  },
}
export default fact
