// Our own watcher as a service: systemd, a container, a machine at Fly.
import { type Exported, type ExportInput, header } from './words.ts'

const systemd = (config: string): string => `${header}[Unit]
Description=launch-ready monitor
After=network-online.target
Wants=network-online.target

[Service]
Type=simple
User=launch-ready
WorkingDirectory=/var/lib/launch-ready
StateDirectory=launch-ready
# One line for each variable that the config names: SLACK_WEBHOOK=…
EnvironmentFile=/etc/launch-ready/environment
ExecStart=/usr/bin/npx --yes launch-ready monitor watch --config /etc/launch-ready/${config}
Restart=always
RestartSec=5
TimeoutStopSec=15
NoNewPrivileges=true
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true

[Install]
WantedBy=multi-user.target
`

const dockerfile = (config: string): string => `${header}FROM node:24-slim
RUN npm install --global launch-ready && useradd --create-home watcher && mkdir /data && chown watcher /data
USER watcher
WORKDIR /data
COPY ${config} /etc/launch-ready/${config}
HEALTHCHECK --interval=1m --timeout=10s --start-period=2m CMD ["launch-ready", "monitor", "status", "--config", "/etc/launch-ready/${config}"]
CMD ["launch-ready", "monitor", "watch", "--config", "/etc/launch-ready/${config}"]
`

const compose = `${header}services:
  watcher:
    build: .
    restart: always
    env_file: monitor.env
    volumes: ["monitor:/data"]
    ports: ["127.0.0.1:8788:8788"]
volumes:
  monitor: {}
`

const fly = `${header}app = "watcher"
primary_region = "fra"

[build]
  dockerfile = "Dockerfile"

[mounts]
  source = "monitor"
  destination = "/data"

[http_service]
  internal_port = 8788
  force_https = true
  auto_stop_machines = "off"
  min_machines_running = 1

[[vm]]
  size = "shared-cpu-1x"
  memory = "512mb"
`

const apart =
  'Run it on another machine and at another provider than the product: what takes the product away must not take the watcher along.'
const outside =
  'Outside of loopback the dashboard needs `monitor.listen: 0.0.0.0:8788`, `monitor.token` and `monitor.hosts`.'

export const serviceFiles = (tool: 'systemd' | 'docker' | 'fly', { config }: ExportInput): Exported => {
  const name = config
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[^\w.-]/g, '_')
  if (tool === 'systemd')
    return { files: [{ path: 'launch-ready-monitor.service', content: systemd(name) }], left: [apart] }
  const image = { path: 'Dockerfile', content: dockerfile(name) }
  if (tool === 'docker') return { files: [image, { path: 'compose.yaml', content: compose }], left: [apart, outside] }
  return {
    files: [image, { path: 'fly.toml', content: fly }],
    left: [apart, outside, 'Put the variables that the config names there: fly secrets set SLACK_WEBHOOK=…'],
  }
}
