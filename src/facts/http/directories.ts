// Asks a host for directories that its front page's files stand in, and for a few usual ones: does it list what is there?
import { type Missing, observed } from '../../core/fact.ts'
import { directoryListing } from '../../formats/html/directory-listing.ts'
import { readHtml } from '../../formats/html/html.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import type { HttpHop } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { openDoor } from './web.ts'

export type Directories = {
  /** Paths asked for, sorted. */
  asked: string[]
  listed: { path: string; names: string[] }[]
  unanswered: { path: string; message: string }[]
}

const usual = ['/uploads/', '/backup/', '/files/', '/images/', '/assets/']
const mostSeen = 4
const firstBytes = 65_536

/** Directories of files that the page loads from its own host, outermost first. */
const seenOn = (hop: HttpHop, host: string): string[] => {
  if (!isPage(hop)) return []
  const paths = readHtml(hop.body, hop.url)
    .resources.map(item => new URL(item.url))
    .filter(url => url.hostname === host)
    .map(url => url.pathname.replace(/[^/]*$/, ''))
    .filter(path => path !== '/' && path.length < 200)
  return [...new Set(paths)]
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))
    .slice(0, mostSeen)
}

const fact: FactDefinition<Directories> = {
  on: 'host',
  async collect(subject, context) {
    const opened = await openDoor(subject, context)
    if (!opened.ok) return opened
    const { door } = opened.value
    const first = door.hops[0]!
    const last = door.hops.at(-1)!
    const isHere = new URL(last.url).hostname === subject.name
    const paths = [...new Set([...(isHere ? seenOn(last, subject.name) : []), ...usual])].sort()
    const listed: Directories['listed'] = []
    const unanswered: Directories['unanswered'] = []
    const root = isHere ? directoryListing(last.body) : null
    if (root) listed.push({ path: new URL(last.url).pathname, names: root.names })
    // A host that sends its front door elsewhere serves no files of its own.
    const wanted = isHere ? paths : []
    await Promise.all(
      wanted.map(async path => {
        const answer = await context.net.http({
          url: new URL(path, first.url).href,
          method: 'GET',
          maxBytes: firstBytes,
        })
        const hop = answer.ok ? answer.value.hops[0] : undefined
        if (!hop) unanswered.push({ path, message: (answer as Missing).message ?? 'no answer' })
        else if (hop.status === 200 && hop.body !== last.body) {
          const listing = directoryListing(hop.body)
          if (listing) listed.push({ path, names: listing.names })
        }
      }),
    )
    const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)
    return observed({ asked: wanted, listed: listed.sort(byPath), unanswered: unanswered.sort(byPath) }, context.now())
  },
}
export default fact
