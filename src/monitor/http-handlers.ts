// What jobs, people and pipelines ask the watcher over HTTP: heartbeats, acknowledgements, test alerts that were seen, events. Plain
// functions, so that whatever server there is can mount them.
import type { Channel } from './alerts/channel.ts'
import { isSame, type Keys } from './keys.ts'
import type { ProductEvent, Store } from './store.ts'
import { tellEvent } from './telling.ts'

export type AskedOverHttp = { method: string; path: string; authorization: string | null; body: string }
export type AnsweredOverHttp = { status: number; type: 'text/plain' | 'text/html' | 'application/json'; body: string }

export type HandlerWays = {
  store: () => Store
  clock: { now(): number; elapsed(): number }
  keys: Keys
  /** Names of the jobs that may report. */
  jobs: readonly string[]
  channels: readonly Pick<Channel, 'name' | 'afterMs' | 'deploys'>[]
  /** Opens `/event`; null: it is closed. */
  token: string | null
}

/** Null: none of ours. */
export type Handler = (asked: AskedOverHttp) => Promise<AnsweredOverHttp | null>

/** Reports of one job that say the same within this time are one: a flood costs nothing. */
const leastBetweenMs = 1_000

const plain = (status: number, body: string): AnsweredOverHttp => ({ status, type: 'text/plain', body: `${body}\n` })

const page = (title: string, inner: string, status = 200): AnsweredOverHttp => ({
  status,
  type: 'text/html',
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title><h1>${title}</h1>${inner}</html>\n`,
})

/** A link alone changes nothing: chat programs open links to show what is behind them. */
const button = (title: string, label: string): AnsweredOverHttp =>
  page(title, `<form method="post"><button style="font-size:1.5rem;padding:1rem">${label}</button></form>`)

const html = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.codePointAt(0)};`)

const takeBeat = (ways: HandlerWays) => {
  const last = new Map<string, { at: number; ok: boolean }>()
  const tokens = ways.jobs.map(name => ({ name, token: ways.keys.beat(name) }))
  return async (token: string, ending: string | undefined): Promise<AnsweredOverHttp> => {
    const found = tokens.filter(item => isSame(item.token, token))[0]
    if (!found) return plain(404, 'no such heartbeat')
    const failed = ending === 'fail' || (ending !== undefined && /^\d+$/.test(ending) && Number(ending) !== 0)
    if (ending !== undefined && !failed && ending !== '0') return plain(404, 'no such heartbeat')
    const before = last.get(found.name)
    const now = ways.clock.elapsed()
    if (before && before.ok === !failed && now - before.at < leastBetweenMs) return plain(200, 'ok')
    await ways.store().addBeat({ name: found.name, at: ways.clock.now(), ok: !failed })
    last.set(found.name, { at: now, ok: !failed })
    return plain(200, 'ok')
  }
}

const acknowledge = async (ways: HandlerWays, method: string, incident: string, token: string): Promise<AnsweredOverHttp> => {
  // The same answer for an incident that there is not and for a token that is wrong.
  if (!isSame(ways.keys.acknowledge(incident), token)) return page('This link is not valid', '', 404)
  const known = (await ways.store().incidents({ open: true, limit: 1_000 })).find(({ id }) => id === incident)
  if (!known) return page('It is over', '<p>This incident is closed, or was never there.</p>', 410)
  if (known.acknowledgedAt !== null)
    return page('Somebody takes care of it', `<p>${html(known.acknowledgedBy ?? 'Somebody')} said so.</p>`, 410)
  if (method !== 'POST') return button(html(known.title), 'I take care of it')
  const taken = await ways.store().acknowledge(incident, 'link', ways.clock.now())
  return taken ? page('Thank you', '<p>Nobody else is called for it.</p>') : page('Somebody was quicker', '', 410)
}

const see = async (ways: HandlerWays, method: string, nonce: string): Promise<AnsweredOverHttp> => {
  const proof = (await ways.store().proofs()).find(item => isSame(item.nonce, nonce))
  if (!proof) return page('This link is not valid', '', 404)
  if (method !== 'POST') return button('Test alert', 'I have seen it')
  await ways.store().seen(proof.nonce, 'link', ways.clock.now())
  return page('Thank you', '<p>This way works.</p>')
}

const text = (value: unknown, most: number): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, most) : null

/** What a pipeline says, as far as it makes sense; null where it makes none. */
export const eventOf = (value: unknown, now: number): ProductEvent | null => {
  if (value === null || typeof value !== 'object') return null
  const { kind, status, commit, text: said, by, link, id } = value as Record<string, unknown>
  if (kind !== 'deploy' && kind !== 'job' && kind !== 'note') return null
  if (status !== undefined && status !== null && status !== 'success' && status !== 'failure') return null
  const url = text(link, 500)
  return {
    id: text(id, 64) ?? `${kind}-${now}-${text(commit, 40) ?? ''}`,
    at: now,
    kind,
    status: status ?? null,
    commit: text(commit, 64),
    text: text(said, 500) ?? '',
    by: text(by, 100),
    link: url !== null && /^https?:\/\//.test(url) ? url : null,
  }
}

const takeEvent = async (ways: HandlerWays, { authorization, body }: AskedOverHttp): Promise<AnsweredOverHttp> => {
  if (ways.token === null) return plain(404, 'monitor.token is not set: events are not taken over HTTP')
  if (!isSame(authorization ?? '', `Bearer ${ways.token}`)) return plain(401, 'a token is needed')
  let value: unknown = null
  try {
    value = JSON.parse(body)
  } catch {
    return plain(400, 'expected JSON')
  }
  const event = eventOf(value, ways.clock.now())
  if (!event) return plain(400, 'expected { "kind": "deploy", "job" or "note", "status": "success" or "failure" }')
  await ways.store().addEvent(event, tellEvent(event, ways.channels, event.at))
  return { status: 201, type: 'application/json', body: `${JSON.stringify({ id: event.id })}\n` }
}

export const createHandler = (ways: HandlerWays): Handler => {
  const beat = takeBeat(ways)
  return async asked => {
    const { method, path } = asked
    if (!['GET', 'HEAD', 'POST'].includes(method)) return null
    const [, place, first = '', second, ...more] = path.split('?')[0]!.split('/').map(part => {
      try {
        return decodeURIComponent(part)
      } catch {
        return ''
      }
    })
    if (more.length > 0) return null
    if (place === 'beat') return beat(first, second)
    if (place === 'ack' && second !== undefined) return acknowledge(ways, method, first, second)
    if (place === 'seen' && second === undefined) return see(ways, method, first)
    if (place === 'event' && method === 'POST' && first === '') return takeEvent(ways, asked)
    return null
  }
}
