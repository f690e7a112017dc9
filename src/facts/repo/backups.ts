// Where the repository sets up backups of its database: configuration of backup tools, and commands that dump.
import { observed } from '../../core/fact.ts'
import { isAside } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { maskCommand } from './pipelines.ts'
import { filesOf, readerOf, worldOf } from './script-world.ts'

export type Backups = { found: { file: string; line: number; text: string }[] }

const configurations: readonly [RegExp, string][] = [
  [/(?:^|\/)litestream\.ya?ml$/, 'Litestream'],
  [/(?:^|\/)(?:pgbackrest|barman)\.conf$/, 'pgBackRest or Barman'],
  [/(?:^|\/)(?:\.?wal-?g|walg)[\w.-]*\.(?:ya?ml|json|env)$/, 'WAL-G'],
  [/(?:^|\/)(?:\.?restic|borgmatic|duplicity|kopia)[\w.-]*\.(?:ya?ml|toml|conf|sh)$/, 'restic, Borg or Kopia'],
  [/(?:^|\/)config\/backup\.php$/, 'spatie/laravel-backup'],
  [/(?:^|\/)config\/backup\.rb$|(?:^|\/)Backup\/models\/[^/]+\.rb$/, 'backup gem'],
]
const dumping =
  /\b(?:pg_dump(?:all)?|mysqldump|mariadb-dump|mongodump|litestream replicate|wal-g backup-push|pgbackrest\b.*backup|restic backup|sqlite3\b.*\.backup|heroku pg:backups:(?:capture|schedule)|fly pg backup|backup:run|dbbackup|\bpitr\b|backup_retention_period|automated_backup|point_in_time_recovery)\b/i

const fact: FactDefinition<Backups> = {
  on: 'repo',
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const world = worldOf(context, tree.value)
    const found: Backups['found'] = []
    const files = filesOf(tree.value).filter(path => !isAside(path))
    for (const file of files) {
      const named = configurations.find(([pattern]) => pattern.test(file))
      if (named) found.push({ file, line: 1, text: named[1] })
    }
    const search = (file: string, text: string): void => {
      const at = text.search(dumping)
      if (at < 0) return
      const line = text.slice(0, at).split('\n').length
      found.push({ file, line, text: maskCommand(text.split('\n')[line - 1]!.trim()).slice(0, 160) })
    }
    for (const [file, text] of Object.entries(world.files)) search(file, text)
    for (const file of files
      .filter(path =>
        /\.tf$|(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$|^\.github\/workflows\/|^\.gitlab-ci\.yml$|(?:^|\/)crontab$|(?:^|\/)(?:config\/schedule\.rb|routes\/console\.php|Kernel\.php|settings\.py)$/.test(
          path,
        ),
      )
      .slice(0, 300)) {
      search(file, reader.maybe(file, { maxBytes: 256 << 10 }) ?? '')
    }
    return observed(
      { found: found.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)).slice(0, 30) },
      context.now(),
    )
  },
}
export default fact
