// Names below the domain and where each was seen: an open transfer, common labels, certificate transparency, certificates, records.

import { type Fact, observed } from '../../core/fact.ts'
import { commonLabels } from '../../data/common-names.ts'
import { isWithin, normaliseName } from '../../formats/dns-name.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { ask } from './authority.ts'
import { answeringServers } from './name-servers.ts'

export type FoundName = {
  name: string
  /** `zone` transfer, `common` label, `transparency`, `certificate`, `record`, `host` (discovered or configured). Sorted. */
  sources: string[]
  /** Its alias, when it is one. */
  cname: string | null
  addresses: string[]
  /** False for names that only a log knows and DNS does not any more. */
  exists: boolean
}

export type FoundNames = {
  names: FoundName[]
  /** Sources that could not be asked, and why. */
  unasked: { source: string; message: string }[]
}

const mostNames = 200

/** `https://crt.sh/?q=%25.{domain}&output=json`: rows with `name_value`, several names in one, a line each. */
const transparency = async (context: CollectContext, domain: string): Promise<Fact<string[]> | null> => {
  const template = context.config.dns?.certificateTransparency
  if (template === false) return null
  const url = (template ?? 'https://crt.sh/?q=%25.{domain}&output=json&deduplicate=Y').replaceAll('{domain}', domain)
  const answer = await context.net.http({ url, follow: 2, verify: 'strict', maxBytes: 4_000_000 })
  if (!answer.ok) return answer
  const last = answer.value.hops.at(-1)
  const fail = (message: string): Fact<string[]> => ({ ok: false, reason: 'malformed', message, retryable: true })
  if (last?.status !== 200) return fail(`certificate transparency search answered ${last?.status ?? 'nothing'}`)
  try {
    const rows = JSON.parse(last.body) as unknown
    if (!Array.isArray(rows)) return fail('certificate transparency search gave no list')
    const names = rows.flatMap(row =>
      [row?.name_value, row?.common_name]
        .filter(value => typeof value === 'string')
        .flatMap((value: string) => value.split('\n')),
    )
    return observed(
      names.map(name => normaliseName(name.trim())),
      context.now(),
    )
  } catch {
    return fail('certificate transparency search gave no JSON')
  }
}

const fact: FactDefinition<FoundNames> = {
  on: 'domain',
  deadlines: 12,
  async collect(subject, context) {
    const domain = subject.name
    const known = await context.need('nameServers', subject)
    if (!known.ok) return known
    const servers = answeringServers(known.value)
    // Each name is asked once; the common ones at once, while the other sources are still looked at.
    const asked = new Map<string, ReturnType<typeof ask> | null>()
    const look = (name: string): ReturnType<typeof ask> | null => {
      let reply = asked.get(name)
      if (reply === undefined) {
        const server = servers[asked.size % Math.max(1, servers.length)]
        reply = server ? ask(context, server, name, 'A') : null
        asked.set(name, reply)
      }
      return reply
    }
    for (const label of commonLabels) void look(`${label}.${domain}`)
    const [transfer, wild, logs, hosts] = await Promise.all([
      context.need('zoneTransfer', subject),
      context.need('wildcard', subject),
      transparency(context, domain),
      context.subjects('host'),
    ])
    const seen = new Map<string, Set<string>>()
    const add = (name: string, source: string): void => {
      const text = normaliseName(name)
      if (
        !isWithin(text, domain) ||
        text === domain ||
        text.startsWith('*.') ||
        !/^[a-z0-9_.-]+$/.test(text) ||
        seen.size >= mostNames
      )
        return
      seen.set(text, (seen.get(text) ?? new Set()).add(source))
    }
    for (const host of hosts) add(host.name, 'host')
    if (transfer.ok)
      for (const record of transfer.value.records ?? [])
        if (['A', 'AAAA', 'CNAME'].includes(record.type)) add(record.name, 'zone')
    const certificates = await Promise.all(hosts.map(host => context.need('certificateNames', host)))
    for (const certificate of certificates)
      if (certificate.ok) for (const name of certificate.value.names) add(name, 'certificate')
    if (logs?.ok) for (const name of logs.value) add(name, 'transparency')
    for (const label of commonLabels) add(`${label}.${domain}`, 'common')

    const wildContent = wild.ok
      ? new Set(wild.value.records.map(record => `${record.type} ${record.data}`))
      : new Set<string>()
    const names = await Promise.all(
      [...seen].map(async ([name, sources]): Promise<FoundName | null> => {
        const reply = await look(name)
        const answers = reply?.ok ? reply.value.answers : []
        const own = answers.filter(record => normaliseName(record.name) === name)
        const cname = own.find(record => record.type === 'CNAME')?.data ?? null
        const addresses = answers.filter(record => record.type === 'A').map(record => record.data)
        const onlyWild = own.length > 0 && own.every(record => wildContent.has(`${record.type} ${record.data}`))
        const guessed = [...sources].every(source => source === 'common')
        const exists = own.length > 0 || (reply?.ok === true && reply.value.rcode === 'NOERROR' && !guessed)
        if (guessed && (!exists || onlyWild || own.length === 0)) return null
        return {
          name,
          sources: [...sources].filter(source => !guessed || source === 'common').sort(),
          cname: cname ? normaliseName(cname) : null,
          addresses: [...new Set(addresses)].sort(),
          exists,
        }
      }),
    )
    return observed(
      {
        names: names.filter(name => name !== null).sort((a, b) => (a.name < b.name ? -1 : 1)),
        unasked: logs && !logs.ok ? [{ source: 'certificate transparency', message: logs.message }] : [],
      },
      context.now(),
    )
  },
}
export default fact
