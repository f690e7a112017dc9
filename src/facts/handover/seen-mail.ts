// Who takes and who sends the mail of the domain, in short.
import { mailProviders, providerOfMx, providersOfInclude } from '../../data/mail-providers.ts'
import type { SeenMail, SeenSelector } from '../../formats/handover/production.ts'
import type { CollectContext } from '../definition.ts'
import type { Facts } from '../index.generated.ts'

/** Services by what the domain's own SPF record includes, however deep they stand. */
const spfServices = (spf: Facts['spf']): string[] => {
  const root = spf.names[0]?.tree?.root
  const targets = root?.terms.flatMap(({ target, node, ignored }) =>
    ignored || target === null ? [] : [target, ...(node?.terms.flatMap(term => term.target ?? []) ?? [])],
  )
  return [...new Set((targets ?? []).flatMap(target => providersOfInclude(target).map(({ name }) => name)))].sort()
}

const providerOfSelector = ({ selector, why }: Facts['selectors']['selectors'][number]): string | null =>
  mailProviders.find(({ name }) => why.includes(name))?.name ??
  mailProviders.find(({ dkim }) => dkim.includes(selector))?.name ??
  null

const readSelectors = (read: Facts['selectors']): SeenSelector[] =>
  read.selectors.map(one => ({
    selector: one.selector,
    domain: one.domain,
    provider: providerOfSelector(one),
    state: one.revoked ? 'revoked' : one.state,
    key: one.print,
  }))

/** A record with one space between its words: more of them change nothing. */
const spaced = (text: string | undefined): string | null => text?.trim().replace(/\s+/g, ' ') ?? null

/** A list of tags in the way in which most write it. */
const tagged = (text: string | undefined): string | null =>
  text === undefined
    ? null
    : text
        .split(';')
        .map(tag => {
          const [name = '', ...value] = tag.split('=')
          return [name, value.join('=')].map(part => part.trim()).join(value.length ? '=' : '')
        })
        .filter(Boolean)
        .join('; ')

export const seenMail = async (context: CollectContext): Promise<SeenMail | null> => {
  const [mx, spf, selectors, dmarc] = await Promise.all([
    context.need('mx'),
    context.need('spf'),
    context.need('selectors'),
    context.need('dmarc'),
  ])
  const services = context.target.repo === null ? null : await context.need('mailServices')
  if (!mx.ok && !spf.ok) return null
  const servers = mx.ok ? mx.value.hosts.map(({ exchange }) => exchange).sort() : []
  return {
    mailServers: servers,
    inbox: servers.map(host => providerOfMx(host)?.name).find(Boolean) ?? null,
    takesMail: mx.ok ? !mx.value.nullMx && (servers.length > 0 || mx.value.implicit.length > 0) : null,
    spf: spf.ok ? spaced(spf.value.names[0]?.texts[0]) : null,
    spfServices: spf.ok ? spfServices(spf.value) : [],
    selectors: selectors.ok ? readSelectors(selectors.value) : [],
    dmarc: dmarc.ok ? tagged(dmarc.value.walk.record?.text) : null,
    providers: selectors.ok ? [...new Set(selectors.value.providers.map(({ name }) => name))].sort() : [],
    repoServices: services?.ok ? services.value.services.map(({ provider }) => provider).sort() : [],
  }
}
