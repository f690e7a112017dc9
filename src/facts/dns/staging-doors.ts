// Whether the test systems that were found let a stranger in: what their front doors answer to somebody without a login.
import { observed } from '../../core/fact.ts'
import { stagingLabel } from '../../data/common-names.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { walk } from '../http/fetch.ts'

/**
 * `open`: a page comes without a login. `closed`: a login is asked for, or somebody else's sign-on page comes first, or the
 * way leads to another host. `unreached`: nothing answers a stranger there.
 */
export type StagingDoor = { name: string; state: 'open' | 'closed' | 'unreached'; said: string }

export type StagingDoors = { doors: StagingDoor[] }

const mostDoors = 12

/** Queries of sign-on pages may carry what nobody else should read. */
const withoutQuery = (url: string): string => url.replace(/[?#].*$/, '')

const doorOf = async (context: CollectContext, name: string): Promise<StagingDoor> => {
  const walks = await Promise.all([`https://${name}/`, `http://${name}/`].map(url => walk(context, url, 6)))
  const ends = walks.flatMap(walked => (walked.ok ? [walked.value] : []))
  const shown = ends.map(({ hops }) => hops.at(-1)!)
  const open = shown.find(hop => hop.status >= 200 && hop.status < 300 && new URL(hop.url).hostname === name)
  if (open) return { name, state: 'open', said: `${withoutQuery(open.url)} → ${open.status}` }
  const last = shown[0]
  if (last) {
    const elsewhere = registrableDomain(new URL(last.url).hostname) !== registrableDomain(name)
    return {
      name,
      state: 'closed',
      said: elsewhere ? `leads to ${new URL(last.url).hostname}` : `${withoutQuery(last.url)} → ${last.status}`,
    }
  }
  const failed = walks.find(walked => !walked.ok)
  return { name, state: 'unreached', said: failed && !failed.ok ? failed.message : 'no answer' }
}

const fact: FactDefinition<StagingDoors> = {
  on: 'domain',
  deadlines: 14,
  async collect(subject, context) {
    const found = await context.need('foundNames', subject)
    if (!found.ok) return found
    const label = (name: string): string => name.slice(0, -subject.name.length - 1)
    const names = found.value.names
      .filter(item => item.exists && (item.addresses.length > 0 || item.cname !== null))
      .filter(item => stagingLabel.test(label(item.name)) && !label(item.name).includes('_'))
      .slice(0, mostDoors)
    return observed({ doors: await Promise.all(names.map(item => doorOf(context, item.name))) }, context.now())
  },
}
export default fact
