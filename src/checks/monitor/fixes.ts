// Fixes of the monitor stage: monitors and channels as they stand in the config, steps in the words of each tool.
import type { Fix } from '../../core/fix.ts'
import { command, fix, manual, manualFix } from '../../core/fixes.ts'

const inConfig = (section: string, line: string): string =>
  `In launch-ready.config.yaml, under monitor.${section}:\n  ${line}`

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

/** A channel to put in. */
export const addChannel = (line: string, step = 'Prove it: `launch-ready monitor test-alert`.'): Fix =>
  fix(
    'Add the channel, and prove that it reaches somebody.',
    [manual(inConfig('alerts', line)), command('launch-ready monitor test-alert')],
    [inConfig('alerts', line), step],
    15,
  )

export const testAlert = (summary: string, channel: string, steps: string[] = []): Fix =>
  fix(
    summary,
    [command('launch-ready monitor test-alert')],
    [
      ...steps,
      'Run `launch-ready monitor test-alert`.',
      `Whoever reads ${channel} opens the link in the message, or runs \`launch-ready monitor test-alert --ack <nonce>\`.`,
    ],
    10,
  )

/** The step that tells people about a deploy. */
export const notifyStep = `      - name: Tell the team
        if: always()
        run: npx launch-ready monitor event deploy --commit "$GITHUB_SHA" --status "\${{ job.status == 'success' && 'success' || 'failure' }}"
        env:
          SLACK_WEBHOOK: \${{ secrets.SLACK_WEBHOOK }}
`

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
