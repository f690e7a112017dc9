// Fixes of the monitor stage: monitors and channels as they stand in the config, steps in the words of each tool.
import type { Fix } from '../../core/fix.ts'
import { command, configKey, fix, manual, manualFix, patchFile } from '../../core/fixes.ts'
import type { Watching } from '../../facts/monitor/watching.ts'
import type { SeenMonitor } from '../../formats/monitor/seen.ts'

const inConfig = (section: string, line: string): string =>
  `In launch-ready.config.yaml, under monitor.${section}:\n  ${line}`

/** Whether the config lists its monitors itself, and the watcher that reads it is running: where it makes them itself, a list would replace them. */
export const isListed = ({ section, reading, monitors }: Pick<Watching, 'section' | 'reading' | 'monitors'>): boolean =>
  section !== null &&
  section.monitors !== null &&
  reading !== null &&
  monitors.some(({ source, paused }) => source === 'launch-ready' && !paused)

const restart =
  'Restart `launch-ready monitor watch`, which reads its config when it begins; `launch-ready monitor status` shows it.'

/** Another pause between the looks of a monitor of ours. */
const lookEveryMinute = (name: string): Fix =>
  fix('Let it look every minute.', [configKey(`monitor.monitors[name=${name}].interval`, '1m')], [restart], 5)

/** A monitor of another tool is mended in that tool's file; where the diff cannot be shown, there by hand. */
const inToolFile = (
  summary: string,
  { path, patch, step }: { path: string | undefined; patch: string | undefined; step: string },
): Fix =>
  path !== undefined && patch !== undefined
    ? fix(summary, [patchFile(path, patch)], ['Deploy it: the tool reads the file when it begins.'], 5)
    : manualFix(summary, [step], 5)

/** The monitor that was found for a page: where it stands, and how it can be changed there. */
export type FoundMonitor = {
  tool: string
  name: string
  listed: boolean
  file: SeenMonitor['file'] | null
}

export const lookMoreOften = ({ tool, name, listed, file }: FoundMonitor): Fix =>
  listed && tool === 'launch-ready'
    ? lookEveryMinute(name)
    : inToolFile('Let it look every minute.', {
        ...{ path: file?.path, patch: file?.quickens },
        step: `In ${tool}: set the interval of "${name}" to 1 minute.`,
      })

export const lookAgain = ({ tool, name, file }: FoundMonitor): Fix =>
  tool === 'launch-ready'
    ? manualFix(
        'Start the watcher, and let something restart it.',
        [
          'Run `launch-ready monitor watch` as a service: `launch-ready monitor export systemd`.',
          'Set `monitor.deadMan`, so that somebody hears when it stops.',
        ],
        15,
      )
    : inToolFile('Switch it on again.', {
        ...{ path: file?.path, patch: file?.wakes },
        step: `In ${tool}: resume "${name}".`,
      })

/** An entry of the list of monitors. */
export const listMonitor = (entry: Readonly<Record<string, unknown>>, minutes = 5): Fix =>
  fix('Add the monitor to the list.', [configKey('monitor.monitors[]', entry)], [restart], minutes)

/** A page as such an entry. Its words are for its maker to choose: a status is compared at first. */
export const pageMonitor = ({ what, url }: { what: string; url: string }): Readonly<Record<string, unknown>> => ({
  name: what,
  http: url,
  expect: { status: what === 'webhook' ? [200, 400, 401, 405] : 200 },
})

/** A monitor to put in. */
export const addMonitor = (line: string, minutes = 10): Fix =>
  fix(
    'Add the monitor, and let the watcher run.',
    [manual(inConfig('monitors', line)), command('launch-ready monitor watch')],
    [
      inConfig('monitors', line),
      'Start it where the product does not run: `launch-ready monitor watch` (`launch-ready monitor export systemd|docker|fly` writes the service).',
      'Or give the same monitors to the service that you have: `launch-ready monitor export gatus|uptime-kuma|upptime|checkly|better-stack|uptimerobot`.',
    ],
    minutes,
  )

/** Channels that a config gains; where their messages go stands in the environment alone. */
const channelOf = {
  team: { name: 'team', slack: '${SLACK_WEBHOOK}' },
  second: { name: 'second way', webhook: '${ALERT_WEBHOOK}', after: '10m' },
}

/** Channels for a watcher of ours that lacks them. */
export const listChannels = (names: readonly (keyof typeof channelOf)[]): Fix => {
  const variables = names.map(name => (name === 'team' ? 'SLACK_WEBHOOK' : 'ALERT_WEBHOOK')).join(' and ')
  return fix(
    names.length > 1
      ? 'Add two channels, and prove that they reach somebody.'
      : 'Add a second channel, and prove that it reaches somebody.',
    names.map(name => configKey('monitor.alerts[]', channelOf[name])),
    [
      `First put ${variables} into the environment: the addresses that your chat and your pager give you. Discord, Teams, Telegram, ntfy, PagerDuty, Opsgenie and mail go by their own keys.`,
      'Say who reads each: `people: [ada, bob]`.',
      restart,
      'Prove it: `launch-ready monitor test-alert`.',
    ],
    15,
  )
}

/** A service that notices when the watcher falls silent. */
export const watchTheWatcher = (): Fix =>
  fix(
    'Let an outside service wait for the monitor.',
    [configKey('monitor.deadMan', '${DEADMAN_URL}')],
    [
      'Make a check at healthchecks.io, Cronitor or Better Stack (heartbeat, every minute, grace 5 minutes), and put its URL into the environment as DEADMAN_URL.',
      restart,
    ],
    10,
  )

/** The public view of a dashboard that runs already is a status page; else one is published. */
export const publishStatus = ({ domain, board }: { domain: string; board?: string | undefined }): Fix => {
  const summary = 'Publish the status page of your monitor.'
  return board === undefined
    ? manualFix(
        summary,
        [
          `Point status.${domain} at the dashboard of the monitor: its public view is at /status; or publish static files: \`launch-ready monitor dashboard --out site\`.`,
          'Name it in the config: `hosts: { status: … }`, and link it from the footer.',
        ],
        30,
      )
    : fix(
        summary,
        [configKey('hosts.status', board)],
        [`Link https://${board}/status from the footer: it is the public view of the monitor’s dashboard.`],
        10,
      )
}

/** Words that the right page alone shows; `words` are a heading that it has today. */
export const compareText = ({
  tool,
  name,
  listed,
  words,
}: {
  tool: string
  name: string
  listed: boolean
  words: string | null
}): Fix => {
  const summary = 'Let the monitor look for words that only the right page shows.'
  const isOurs = tool === 'launch-ready'
  if (!isOurs || !listed || words === null)
    return manualFix(
      summary,
      [
        isOurs
          ? `Add \`expect: { text: … }\` to "${name}".`
          : `In ${tool}: add a keyword or a body assertion to "${name}".`,
      ],
      5,
    )
  return fix(
    summary,
    [configKey(`monitor.monitors[name=${name}].expect.text`, words)],
    ['That is a heading of the page as it is today. Choose other words where it will change.', restart],
    5,
  )
}

/** A channel to put in. */
export const addChannel = (line: string, step = 'Prove it: `launch-ready monitor test-alert`.'): Fix =>
  fix(
    'Add the channel, and prove that it reaches somebody.',
    [manual(inConfig('alerts', line)), command('launch-ready monitor test-alert')],
    [inConfig('alerts', line), step],
    15,
  )

/** A channel whose mailbox is read proves itself; of another somebody has to say that the alert was seen. */
export const testAlert = (
  summary: string,
  { channel, isRead }: { channel: string; isRead: boolean },
  steps: string[] = [],
): Fix =>
  fix(
    summary,
    [command('launch-ready monitor test-alert')],
    [
      ...steps,
      'Run `launch-ready monitor test-alert`.',
      isRead
        ? `It looks for the alert in the mailbox of ${channel} itself: nobody has to confirm it.`
        : `Whoever reads ${channel} opens the link in the message, or runs \`launch-ready monitor test-alert --ack <nonce>\`.`,
    ],
    10,
  )

/** The step that tells people about a deploy. */
export const notifyStep = [
  '- name: Tell the team',
  '  if: always()',
  `  run: npx launch-ready monitor event deploy --commit "$GITHUB_SHA" --status "\${{ job.status == 'success' && 'success' || 'failure' }}"`,
  '  env:',
  '    SLACK_WEBHOOK: ${{ secrets.SLACK_WEBHOOK }}',
]

export const steps = manualFix

export const addTracker = (): Fix =>
  fix(
    'Add an error tracker.',
    [command('npx @sentry/wizard@latest')],
    [
      'Make a project at Sentry, GlitchTip, Bugsnag or Honeybadger (each has a free plan).',
      'Install its package for your framework, and read the DSN from the environment.',
      'Break something on purpose in production once, and see it arrive.',
    ],
    45,
  )

/** The option that hands personal data to a tracker is turned round where it stands. */
export const leaveDataOut = ({
  tool,
  place,
  patch,
}: {
  tool: string
  place: string
  patch?: string | undefined
}): Fix =>
  fix(
    'Leave personal data out.',
    [patch ? patchFile(place, patch) : manual(`${place}: take the option out.`)],
    [
      `${place}: take the option out, or filter with \`beforeSend\` (\`launch-ready monitor redact --as sentry\` writes it).`,
      `Name ${tool} in your privacy policy either way.`,
    ],
    20,
  )
