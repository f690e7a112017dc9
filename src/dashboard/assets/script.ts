// The script of the dashboard, as it is sent to the browser: live states, curves, local times. The page is whole without it.

export const script = `'use strict'
;(() => {
  const words = { up: 'up', degraded: 'degraded', down: 'down', unknown: 'not known', waiting: 'not looked yet', stale: 'not looked of late' }
  const localTimes = root => {
    for (const element of root.querySelectorAll('time[datetime]')) {
      const at = new Date(element.dateTime)
      element.title = element.textContent
      element.textContent = at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
    }
  }
  localTimes(document)
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const draw = async place => {
    if (place.dataset.drawn || typeof uPlot === 'undefined') return
    place.dataset.drawn = '1'
    const url = document.body.dataset.live ? '/latency?monitor=' + encodeURIComponent(place.dataset.monitor) : 'latency/' + place.dataset.file
    let data
    try {
      const answer = await fetch(url, { credentials: 'same-origin' })
      if (!answer.ok) return
      data = await answer.json()
    } catch {
      return
    }
    if (data.at.length < 2) return
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 } }
    const title = document.createElement('p')
    title.className = 'when'
    title.textContent = 'Latency of the last 7 days, hour by hour'
    place.append(title)
    const plot = new uPlot({
      width: Math.max(200, place.clientWidth - 40), height: 170, cursor: { y: false }, legend: { live: true },
      scales: { y: { range: (_, low, high) => [0, Math.max(10, high * 1.1)] } },
      series: [{ label: 'time' }, { label: 'median ms', stroke: colour('--bar-up'), width: 2 }, { label: 'p95 ms', stroke: colour('--bar-warn'), width: 2 }],
      axes: [axis, { ...axis, size: 56, values: (_, all) => all.map(value => value + ' ms') }],
    }, [data.at, data.p50, data.p95], place)
    new ResizeObserver(() => plot.setSize({ width: Math.max(200, place.clientWidth - 40), height: 170 })).observe(place)
  }
  document.addEventListener('toggle', event => {
    const curve = event.target instanceof HTMLDetailsElement && event.target.open && event.target.querySelector('.curve')
    if (curve) draw(curve)
  }, true)
  if (!document.body.dataset.live) return
  const rows = new Map([...document.querySelectorAll('.row')].map(row => [row.dataset.name, row]))
  const live = document.getElementById('live')
  const source = new EventSource('/live')
  source.addEventListener('open', () => { live.textContent = 'Live.' })
  source.addEventListener('error', () => { live.textContent = 'The connection is lost; trying again. What you see may be old.' })
  source.addEventListener('rows', event => {
    for (const [name, state] of JSON.parse(event.data)) {
      const badge = rows.get(name)?.querySelector('.state')
      if (!badge) continue
      badge.className = 'state ' + state
      badge.textContent = words[state] ?? state
    }
  })
  for (const part of ['top', 'history'])
    source.addEventListener(part, event => {
      const place = document.getElementById(part)
      place.innerHTML = JSON.parse(event.data)
      localTimes(place)
    })
  source.addEventListener('reload', () => location.reload())
})()
`
