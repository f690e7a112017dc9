// Blackbox exporter, scrape config and alert rules for Prometheus.
import { stringify } from 'yaml'
import type { MonitorView } from '../../formats/monitor/section.ts'
import { daysOf, type Exported, type ExportInput, header, leftOut, seconds, slug, statusesOf, textOf } from './words.ts'

const kinds = ['http', 'tls', 'tcp', 'smtp', 'dns']

const moduleOf = (monitor: MonitorView): Record<string, unknown> => {
  const { kind, target } = monitor
  if (kind === 'http')
    return {
      prober: 'http',
      timeout: '10s',
      http: {
        ...(statusesOf(monitor).length ? { valid_status_codes: statusesOf(monitor) } : {}),
        follow_redirects: false,
        ...(textOf(monitor) === null
          ? {}
          : { fail_if_body_not_matches_regexp: [textOf(monitor)!.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')] }),
      },
    }
  if (kind === 'dns') {
    const [name, type = 'A'] = target.split(/\s+/)
    return {
      prober: 'dns',
      timeout: '5s',
      dns: { query_name: name, query_type: type.toUpperCase(), valid_rcodes: ['NOERROR'] },
    }
  }
  if (kind === 'smtp')
    return {
      prober: 'tcp',
      timeout: '10s',
      tcp: {
        query_response: [
          { expect: '^220' },
          { send: 'EHLO prober\r' },
          { expect: '^250-STARTTLS' },
          { send: 'STARTTLS\r' },
          { expect: '^220' },
          { starttls: true },
        ],
      },
    }
  return { prober: 'tcp', timeout: '5s', ...(kind === 'tls' ? { tcp: { tls: true } } : {}) }
}

const targetOf = ({ kind, target }: MonitorView): string => (kind === 'dns' ? '9.9.9.9' : target)

const scrape = (monitor: MonitorView): Record<string, unknown> => ({
  job_name: slug(monitor.name),
  metrics_path: '/probe',
  scrape_interval: `${seconds(monitor.intervalMs)}s`,
  params: { module: [slug(monitor.name)] },
  static_configs: [{ targets: [targetOf(monitor)], labels: { monitor: monitor.name } }],
  relabel_configs: [
    { source_labels: ['__address__'], target_label: '__param_target' },
    { source_labels: ['__param_target'], target_label: 'instance' },
    { target_label: '__address__', replacement: 'blackbox:9115' },
  ],
})

const rules = (monitors: readonly MonitorView[]): Record<string, unknown> => {
  const certificate = monitors.find(({ kind }) => kind === 'tls')
  return {
    groups: [
      {
        name: 'product',
        rules: [
          {
            alert: 'Down',
            expr: 'probe_success == 0',
            for: '2m',
            labels: { severity: 'page' },
            annotations: { summary: '{{ $labels.monitor }} is down' },
          },
          {
            alert: 'NotSeen',
            expr: 'up == 0',
            for: '5m',
            labels: { severity: 'page' },
            annotations: { summary: 'The blackbox exporter does not answer: nobody looks' },
          },
          {
            alert: 'CertificateEnds',
            expr: `(probe_ssl_earliest_cert_expiry - time()) / 86400 < ${certificate ? daysOf(certificate, 14) : 14}`,
            for: '1h',
            labels: { severity: 'ticket' },
            annotations: { summary: 'The certificate of {{ $labels.instance }} ends in {{ $value | humanize }} days' },
          },
        ],
      },
    ],
  }
}

export const prometheusFiles = ({ monitors }: ExportInput): Exported => {
  const taken = monitors.filter(({ kind }) => kinds.includes(kind))
  return {
    files: [
      {
        path: 'blackbox.yml',
        content: `${header}${stringify({ modules: Object.fromEntries(taken.map(monitor => [slug(monitor.name), moduleOf(monitor)])) })}`,
      },
      {
        path: 'prometheus.yml',
        content: `${header}${stringify({ global: { scrape_interval: '60s' }, rule_files: ['alerts.yml'], scrape_configs: taken.map(scrape) })}`,
      },
      { path: 'alerts.yml', content: `${header}${stringify(rules(taken), { lineWidth: 0 })}` },
    ],
    left: leftOut('the blackbox exporter', monitors, kinds),
  }
}
