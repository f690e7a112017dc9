import { startWorld } from './src/lab/start.ts'
import { loadWorld } from './src/lab/world.ts'
import { auditWorld } from './test/support/lab-audit.ts'
const world = loadWorld(process.argv[2]!)
const running = await startWorld(world)
const { report, milliseconds, exit } = await auditWorld(running, process.argv.slice(3))
for (const f of report.findings) console.log(f.severity, f.check, f.outcome, f.subject, '|', f.title, '|', f.evidence.slice(0,2).map(e => e.label + ': ' + e.value.slice(0,150)).join(' ; '))
for (const c of report.checks) if (c.status === 'unknown' || process.env.ALL && c.status !== 'fail' && c.check.match(process.env.ALL)) console.log('unknown', c.check, c.status, c.outcome, c.subject, c.reason)
console.log(report.verdict, exit, milliseconds, report.summary)
await running.close()
process.exit()
