// A host's robots.txt.
import { observed } from '../../core/fact.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import type { FactDefinition } from '../definition.ts'
import { walk } from './fetch.ts'

/** `text` is empty where there is none (4xx: everything may be fetched, RFC 9309 §2.3.1.3). */
export type Robots = { url: string; status: number; text: string }

const mostBytes = 512_000

const fact: FactDefinition<Robots> = {
  on: 'host',
  async collect(subject, context) {
    const web = await context.need('web', subject)
    if (!web.ok) return web
    const door = frontDoor(web.value)
    if (!door.ok) return door
    const scheme = web.value.https.ok ? 'https' : 'http'
    const walked = await walk(context, `${scheme}://${subject.name}/robots.txt`, 5)
    if (!walked.ok) return walked
    const last = walked.value.hops.at(-1)!
    const isText = walked.value.ended === 'answer' && last.status === 200
    return observed(
      { url: last.url, status: last.status, text: isText ? last.body.slice(0, mostBytes) : '' },
      context.now(),
    )
  },
}
export default fact
