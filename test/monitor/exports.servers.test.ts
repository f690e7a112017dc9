// Exports read by the programs that they are for: Prometheus by promtool, units by systemd; the rules for nginx by a log that nginx writes.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { redactionCode } from '../../src/formats/logs/code.ts'
import { monitorOf } from '../../src/formats/monitor/section.ts'
import { exportFor } from '../../src/monitor/exports/export.ts'
import { freePort } from '../support/free-port.ts'
import { ended, untilOpen } from '../support/until-open.ts'

const monitors = [
  { name: 'app', http: 'https://app.example.com/', expect: { status: 200, text: 'Log "in" ${x}', latency: 2000 } },
  { name: 'api', http: 'https://api.example.com/health', expect: { json: { status: 'ok' } } },
  { name: 'certificate', tls: 'app.example.com:443', expect: { daysLeft: 14 } },
  { name: 'db', tcp: 'db.example.com:5432' },
  { name: 'dns', dns: 'app.example.com A', expect: { data: ['192.0.2.10'] } },
  { name: 'mail', smtp: 'smtp.example.com:587', interval: 300_000 },
].map(one => monitorOf(one, 60_000))

const written = (tool: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'monitor-export-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const { path, content } of exportFor(tool, {
    monitors,
    domain: 'example.com',
    config: 'launch-ready.config.yaml',
  })!.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

describe('exports, read by the programs that they are for', () => {
  it('Prometheus takes its rules and its config', () => {
    const folder = written('prometheus')
    const ran = (...words: string[]): string => execFileSync('promtool', words, { cwd: folder, encoding: 'utf8' })
    expect(ran('check', 'rules', 'alerts.yml')).toContain('SUCCESS: 3 rules found')
    expect(ran('check', 'config', 'prometheus.yml')).toContain('SUCCESS')
  })

  it('systemd takes its unit', () => {
    const folder = written('systemd')
    const unit = exportFor('systemd', { monitors, domain: 'example.com', config: 'c.yaml' })!.files.find(({ path }) =>
      path.endsWith('.service'),
    )!
    // The program is not installed where this runs: any other that is there stands for it.
    const path = join(folder, unit.path)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'))
    const said = execFileSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect(said).toBe('')
  })
})

describe('the rules for nginx', () => {
  it('keep what is secret out of the log that a real nginx writes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'monitor-nginx-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const [rules] = redactionCode('nginx')!
    writeFileSync(join(folder, 'redact-log.conf'), rules!.content)
    const port = await freePort()
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp {\ninclude redact-log.conf;\naccess_log ${folder}/access.log redacted;\nclient_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;\nserver { listen 127.0.0.1:${port}; location / { return 204; } }\n}\n`,
    )
    const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
    try {
      await untilOpen(port, nginx)
      const url = `http://127.0.0.1:${port}`
      await fetch(`${url}/login?password=canary-password-1&page=2`)
      await fetch(`${url}/hook?api_key=canary-token-22`, {
        headers: { authorization: 'Bearer canary-token-22', cookie: 'sid=canary-token-22' },
      })
      await fetch(`${url}/find?q=ada%40example.org`)
      await fetch(`${url}/reset-password/canarytokencanarytoken`)
      await fetch(`${url}/pay?n=4111111111111111`, { headers: { referer: `${url}/x?token=canary-token-22` } })
      await fetch(`${url}/pricing?page=2`)
    } finally {
      await ended(nginx)
    }
    const log = readFileSync(join(folder, 'access.log'), 'utf8')
    for (const secret of [
      'canary-password-1',
      'canary-token-22',
      'ada@',
      'ada%40',
      'canarytokencanarytoken',
      '4111111111111111',
    ])
      expect(log).not.toContain(secret)
    expect(log).toContain('/pricing?page=2')
    expect(log).toContain('/reset-password/[token]')
    expect(log).toContain('127.0.0.0')
  })
})
