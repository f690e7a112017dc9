import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { monitorOf } from '../../src/formats/monitor/section.ts'
import { readToolFile } from '../../src/formats/monitor/tool-files.ts'
import { exportFor, exportTools } from '../../src/monitor/exports/export.ts'

const monitors = [
  { name: 'app', http: 'https://app.example.com/', expect: { status: 200, text: 'Log "in" ${x}', latency: 2000 } },
  {
    name: 'api',
    http: 'https://api.example.com/health',
    expect: { json: { status: 'ok' } },
    headers: { authorization: 'Bearer hidden-token' },
  },
  { name: 'certificate', tls: 'app.example.com:443', expect: { daysLeft: 14 } },
  { name: 'db', tcp: 'db.example.com:5432' },
  { name: 'domain', domain: 'example.com', expect: { daysLeft: 30 } },
  { name: 'dns', dns: 'app.example.com A', expect: { data: ['192.0.2.10'] } },
  { name: 'mail', smtp: 'smtp.example.com:587', interval: 300_000 },
  { name: 'nightly', heartbeat: 'nightly', every: 86_400_000, grace: 1_800_000 },
  { name: 'login works', flow: 'login' },
].map(one => monitorOf(one, 60_000))

const files = (tool: string) =>
  exportFor(tool, { monitors, domain: 'example.com', config: 'launch-ready.config.yaml' })!

describe('monitors for other tools', () => {
  it.each(exportTools)('%s gets files without secrets, and is told what is left out', tool => {
    const { files: written, left } = files(tool)
    expect(written.length).toBeGreaterThan(0)
    expect(JSON.stringify(written)).not.toContain('hidden-token')
    for (const { content } of written) expect(content.endsWith('\n')).toBe(true)
    if (!['systemd', 'docker', 'fly'].includes(tool)) expect(left.join('\n')).toContain('login works')
  })

  it.each([
    ['gatus', 7],
    ['uptime-kuma', 8],
    ['upptime', 3],
  ])('%s reads back as the same monitors', (tool, count) => {
    const [file] = files(tool).files
    const read = readToolFile(file!.path, file!.content)
    expect(read?.monitors).toHaveLength(count)
    expect(read?.monitors[0]).toMatchObject({
      name: 'app',
      kind: 'http',
      target: 'https://app.example.com/',
      asserts: true,
      paused: false,
    })
  })

  it('writes YAML that parses, with each module that Prometheus names', () => {
    const written = Object.fromEntries(files('prometheus').files.map(({ path, content }) => [path, parse(content)]))
    const modules = Object.keys(written['blackbox.yml'].modules)
    for (const job of written['prometheus.yml'].scrape_configs) expect(modules).toContain(job.params.module[0])
    expect(written['alerts.yml'].groups[0].rules.map((rule: { alert: string }) => rule.alert)).toEqual([
      'Down',
      'NotSeen',
      'CertificateEnds',
    ])
    expect(parse(files('github-actions').files[0]!.content).jobs.look.steps[0].run).toContain("look 'app'")
  })

  it('escapes what would be a template of Terraform', () => {
    expect(files('better-stack').files[0]!.content).toContain('"Log \\"in\\" $${x}"')
    expect(files('uptimerobot').files[0]!.content).toContain('uptimerobot_monitor" "app"')
  })
})
