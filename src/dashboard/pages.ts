// The dashboard and the public status page: state → HTML, readable without a script. Everything that comes from outside is escaped.
import type { Board, BoardAlert, BoardIncident, BoardMonitor } from '../monitor/board.ts'
import type { ProductEvent } from '../monitor/store.ts'
import { escapeHtml } from '../report/shared/escape.ts'
import { duration, latency, percent, stateWords, time } from './words.ts'

export type PageWays = {
  /** Where the assets lie: `/` when served, empty in a folder of files. */
  base: string
  /** Changes are sent to the page. */
  live: boolean
  /** Somebody signed in, and may sign out. */
  signedIn: boolean
  title: string
  statusPage: boolean
}

const html = (text: string, limit = 300): string => escapeHtml(text, limit)

const head = ({ base, title }: Pick<PageWays, 'base' | 'title'>, script: boolean): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${html(title)}</title><meta name="description" content="Is it up, and since when"><link rel="icon" href="data:,"><link rel="stylesheet" href="${base}board.css">${script ? `<script src="${base}uplot.js" defer></script><script src="${base}board.js" defer></script>` : ''}</head>`

/** Runs of equal days become one rectangle, so that a thousand monitors stay a small page. */
const bar = (days: string): string => {
  const paths = new Map<string, string>()
  for (let at = 0; at < days.length; ) {
    let to = at
    while (days[to] === days[at]) to++
    paths.set(days[at]!, `${paths.get(days[at]!) ?? ''}M${at} 0h${to - at}v1h-${to - at}z`)
    at = to
  }
  return `<svg class="bar" viewBox="0 0 90 1" preserveAspectRatio="none" aria-hidden="true">${[...paths].map(([mark, path]) => `<path class="${mark === '-' ? 'x' : mark}" d="${path}"/>`).join('')}</svg>`
}

const counted = (days: string, mark: string): number => days.split(mark).length - 1

const daysInWords = ({ days, percent90 }: BoardMonitor): string => {
  const down = counted(days, 'd')
  const seen = 90 - counted(days, '-')
  return `${seen} days: ${percent(percent90)} up${down ? `, down on ${down} ${down === 1 ? 'day' : 'days'}` : ''}`
}

const stateBadge = (state: string): string => `<span class="state ${state}">${stateWords[state] ?? state}</span>`

const row = (monitor: BoardMonitor, place: number, isPublic: boolean, now: number): string => {
  const { name, state, since, target, kind, detail, p50, p95, month, lookedAt } = monitor
  const facts = isPublic
    ? ''
    : `<dl><div><dt>looks at</dt><dd>${html(kind)} ${html(target)}</dd></div><div><dt>last look</dt><dd>${lookedAt ? `${time(lookedAt)}, ${latency(monitor.latencyMs)}` : 'none yet'}</dd></div><div><dt>seen</dt><dd>${html(detail) || '–'}</dd></div><div><dt>median and p95 of 24 h</dt><dd>${latency(p50)}, ${latency(p95)}</dd></div><div><dt>this month</dt><dd>${percent(month.percent)}, ${month.leftMs >= 0 ? `${duration(month.leftMs)} left to lose` : `${duration(-month.leftMs)} too much`}${month.unknownMs > 60_000 ? `, ${duration(month.unknownMs)} not seen` : ''}</dd></div></dl><div class="curve" data-monitor="${html(name)}" data-file="${place}.json"></div>`
  const summary = `<span class="name">${html(name, 100)}</span>${stateBadge(state)}<span class="bars">${bar(monitor.days)}<span class="hidden">${daysInWords(monitor)}</span></span><span class="number">${percent(monitor.percent90)}</span>${isPublic ? '' : `<span class="number ms">${latency(p95)}</span>`}`
  const sinceWords = since && state !== 'waiting' ? ` title="${stateWords[state]} for ${duration(now - since)}"` : ''
  return isPublic
    ? `<li class="row public" data-name="${html(name)}"${sinceWords}>${summary}</li>`
    : `<li class="row" data-name="${html(name)}"><details><summary${sinceWords}>${summary}</summary>${facts}</details></li>`
}

const order: Readonly<Record<string, number>> = { down: 0, degraded: 1, unknown: 2, stale: 3, waiting: 4, up: 5 }
const sorted = (monitors: readonly BoardMonitor[]): BoardMonitor[] =>
  monitors.toSorted((a, b) => (order[a.state] ?? 9) - (order[b.state] ?? 9))

const incidentItem = (incident: BoardIncident, now: number, isPublic: boolean): string => {
  const { title, since, resolvedAt, acknowledgedBy, deploy, parts, state } = incident
  const span = resolvedAt
    ? `${time(since)}, for ${duration(resolvedAt - since)}`
    : `since ${time(since)}, ${duration(now - since)} so far`
  const detail = isPublic
    ? ''
    : `${acknowledgedBy ? `<p>${html(acknowledgedBy)} takes care of it.</p>` : ''}${deploy ? `<p>Last deploy before it: <code>${html(deploy, 60)}</code></p>` : ''}<ul class="parts">${parts
        .slice(0, 12)
        .map(part => `<li><strong>${html(part.monitor, 100)}</strong> ${html(part.detail)}</li>`)
        .join('')}${parts.length > 12 ? `<li>and ${parts.length - 12} more</li>` : ''}</ul>`
  const heading = isPublic
    ? parts
        .slice(0, 3)
        .map(part => html(part.monitor, 60))
        .join(', ') || 'Part of the service'
    : html(title, 120)
  return `<li class="incident ${resolvedAt ? 'over' : state}"><h3>${heading}</h3><p class="when">${span}</p>${detail}</li>`
}

const alertItem = (alert: BoardAlert): string => {
  const { channel, title, status, createdAt, deliveredAt, attempts, isUndeliverable } = alert
  const failed = attempts.filter(({ ok }) => !ok)
  const last = attempts.at(-1)
  const how =
    status === 'delivered'
      ? `delivered ${deliveredAt && deliveredAt - createdAt > 5000 ? `after ${duration(deliveredAt - createdAt)}` : 'at once'}${failed.length ? `, at attempt ${attempts.length}` : ''}`
      : status === 'cancelled'
        ? 'not needed any more'
        : `${isUndeliverable ? 'refused, tried once a day' : 'waiting'}; ${attempts.length} ${attempts.length === 1 ? 'attempt' : 'attempts'}`
  const answers = failed.length
    ? `<details><summary>${attempts.length} attempts</summary><ol>${attempts.map(({ at, ok, answer }) => `<li>${time(at)} ${ok ? 'taken' : 'failed'}: ${html(answer, 160)}</li>`).join('')}</ol></details>`
    : last
      ? `<span class="answer">${html(last.answer, 80)}</span>`
      : ''
  return `<tr><td>${time(createdAt)}</td><td>${html(title, 120)}</td><td>${html(channel, 60)}</td><td><span class="${status}">${how}</span> ${answers}</td></tr>`
}

const eventItem = ({ at, kind, status, commit, text, by, link }: ProductEvent): string => {
  const words = `${status === 'failure' ? '<span class="state down">failed</span> ' : status === 'success' ? '<span class="state up">done</span> ' : ''}${commit ? `<code>${html(commit, 12)}</code> ` : ''}${html(text, 200)}`
  return `<li>${time(at)} <strong>${kind}</strong> ${link ? `<a href="${html(link, 500)}" rel="noreferrer noopener">${words}</a>` : words}${by ? `, ${html(by, 60)}` : ''}</li>`
}

/** One sentence on how things are. */
export const verdictOf = ({ monitors, watcherAt, at }: Board): { state: string; text: string } => {
  const count = (state: string): number => monitors.filter(one => one.state === state).length
  if (monitors.length === 0) return { state: 'unknown', text: 'Nothing is watched yet' }
  if (count('down'))
    return {
      state: 'down',
      text:
        count('down') === 1
          ? `${monitors.find(one => one.state === 'down')!.name} is down`
          : `${count('down')} of ${monitors.length} are down`,
    }
  if (watcherAt === null || at - watcherAt > 180_000)
    return { state: 'unknown', text: 'The watcher does not run: nobody looks' }
  if (count('unknown') + count('stale') > monitors.length / 2)
    return { state: 'unknown', text: 'The monitor cannot see' }
  if (count('degraded'))
    return {
      state: 'degraded',
      text: `${count('degraded')} of ${monitors.length} ${count('degraded') === 1 ? 'is' : 'are'} slow or about to end`,
    }
  // What nobody has seen yet, or not lately, is not called up.
  const unseen = monitors.length - count('up')
  if (unseen > 0)
    return {
      state: count('up') > 0 ? 'up' : 'unknown',
      text: `${count('up')} of ${monitors.length} ${count('up') === 1 ? 'is' : 'are'} up, ${unseen} not seen yet or lately`,
    }
  return { state: 'up', text: monitors.length === 1 ? 'It is up' : `All ${monitors.length} are up` }
}

/** The part above the list: verdict, month, open incidents. It is sent anew when it changes. */
export const topPart = (board: Board): string => {
  const { month, target, at } = board
  const verdict = verdictOf(board)
  const open = board.incidents.filter(({ resolvedAt }) => resolvedAt === null)
  const left = duration(Math.abs(month.leftMs))
  const current = board.maintenance.filter(({ from, to }) => from <= at && to > at)
  return `<section class="verdict ${verdict.state}"><h1>${html(verdict.text, 160)}</h1><p>as of ${time(at)}</p></section>${current.map(({ to, note }) => `<p class="notice">Maintenance until ${time(to)}${note ? `: ${html(note, 200)}` : ''}. Nothing alerts, nothing counts.</p>`).join('')}<dl class="month"><div><dt>up this month</dt><dd class="${month.percent !== null && month.percent < target ? 'bad' : ''}">${percent(month.percent)}</dd><dd class="small">target ${percent(target)}</dd></div><div><dt>${month.leftMs >= 0 ? 'left to lose this month' : 'lost beyond the target'}</dt><dd class="${month.leftMs < 0 ? 'bad' : ''}">${left}</dd><dd class="small">${month.worst ? `by ${html(month.worst, 60)}` : 'each monitor'}</dd></div><div><dt>not seen this month</dt><dd>${duration(month.unknownMs / Math.max(1, board.monitors.length))}</dd><dd class="small">a monitor, counted apart</dd></div></dl>${open.length ? `<section aria-labelledby="open"><h2 id="open">Open now</h2><ul class="incidents">${open.map(incident => incidentItem(incident, at, false)).join('')}</ul></section>` : ''}`
}

/** The history below the list. */
export const historyPart = (board: Board): string => {
  const over = board.incidents.filter(({ resolvedAt }) => resolvedAt !== null).slice(0, 20)
  return `<section aria-labelledby="incidents"><h2 id="incidents">Incidents</h2>${over.length ? `<ul class="incidents">${over.map(incident => incidentItem(incident, board.at, false)).join('')}</ul>` : '<p>None that is over.</p>'}</section><section aria-labelledby="alerts"><h2 id="alerts">Alerts</h2>${board.alerts.length ? `<div class="scroll" tabindex="0" role="group" aria-label="Alert history"><table><thead><tr><th scope="col">when</th><th scope="col">what</th><th scope="col">channel</th><th scope="col">delivery</th></tr></thead><tbody>${board.alerts.map(alertItem).join('')}</tbody></table></div>` : '<p>None yet. <code>launch-ready monitor test-alert</code> sends the first one.</p>'}</section><section aria-labelledby="events"><h2 id="events">Deploys, jobs and notes</h2>${board.events.length ? `<ul class="events">${board.events.map(eventItem).join('')}</ul>` : '<p>None yet. <code>launch-ready monitor event deploy</code> in the pipeline tells of each.</p>'}</section>`
}

const monitorsPart = (board: Board, isPublic: boolean): string => {
  const places = new Map(board.monitors.map(({ name }, at) => [name, at]))
  return `<section aria-labelledby="monitors"><h2 id="monitors">${isPublic ? 'The last 90 days' : 'Monitors'}</h2>${isPublic ? '' : '<p class="legend" aria-hidden="true"><span>90 days</span><span>up</span><span>p95</span></p>'}<ul class="monitors">${sorted(
    board.monitors,
  )
    .map(monitor => row(monitor, places.get(monitor.name) ?? 0, isPublic, board.at))
    .join('')}</ul></section>`
}

/** The dashboard. */
export const dashboardPage = (board: Board, ways: PageWays): string =>
  `${head(ways, true)}<body${ways.live ? ' data-live="1"' : ''}><a class="skip" href="#monitors">Skip to the monitors</a><header><strong>${html(ways.title)}</strong><nav aria-label="Pages">${ways.statusPage ? `<a href="${ways.base}status${ways.live ? '' : '.html'}">Public status page</a>` : ''}${ways.signedIn ? '<form method="post" action="/sign-out"><button>Sign out</button></form>' : ''}</nav></header><main><div id="top" aria-live="polite">${topPart(board)}</div>${monitorsPart(board, false)}<div id="history">${historyPart(board)}</div></main><footer><p id="live">${ways.live ? 'Reload for the newest state.' : `Written ${time(board.at)}.`}</p></footer></body></html>`

/** The public status page: states by name, nothing of how or where. */
export const statusPage = (board: Board, ways: PageWays): string => {
  const verdict = verdictOf(board)
  const text = {
    up: 'All systems work',
    degraded: 'Some parts are slow',
    down: 'Something is down',
    unknown: 'We cannot tell right now',
  }[verdict.state]!
  const open = board.incidents.filter(({ resolvedAt }) => resolvedAt === null)
  const over = board.incidents.filter(({ resolvedAt }) => resolvedAt !== null).slice(0, 10)
  const list = (of: readonly BoardIncident[]): string =>
    `<ul class="incidents">${of
      .filter(({ state }) => state !== 'cannot-see')
      .map(incident => incidentItem(incident, board.at, true))
      .join('')}</ul>`
  return `${head(ways, false)}<body class="status"><main><section class="verdict ${verdict.state}"><h1>${text}</h1><p>as of ${time(board.at)}</p></section>${open.length ? `<section aria-labelledby="open"><h2 id="open">Now</h2>${list(open)}</section>` : ''}${monitorsPart(board, true)}<section aria-labelledby="incidents"><h2 id="incidents">Before</h2>${over.length ? list(over) : '<p>No incidents of late.</p>'}</section></main></body></html>`
}

/** Where the token is asked for. */
export const signInPage = (ways: Pick<PageWays, 'base' | 'title'>, problem: string | null): string =>
  `${head(ways, false)}<body class="sign-in"><main><h1>Sign in</h1><form method="post" action="/sign-in"><label for="token">Token</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus${problem ? ' aria-describedby="problem" aria-invalid="true"' : ''}>${problem ? `<p id="problem" role="alert">${html(problem)}</p>` : ''}<button>Open the dashboard</button></form></main></body></html>`

/** What changed in the rows, for pages that are open. */
export const rowStates = (board: Board): [string, string, string][] =>
  board.monitors.map(({ name, state, latencyMs }) => [name, state, latency(latencyMs)])

export { stateWords }
