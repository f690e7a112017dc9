// Files that must never be served, and how their content proves itself. Dated 2026-11-25; sources: OWASP WSTG-CONF-04 and -05
// (old backup and unreferenced files), Spring Boot actuator reference, Git repository layout (gitrepository-layout(5)) and index format (gitformat-index(5)), Apple .DS_Store format.

/** What kind of content must be there before a path counts as exposed. */
export type ProofKind =
  | 'dotenv'
  | 'git-head'
  | 'git-config'
  | 'git-index'
  | 'svn'
  | 'hg'
  | 'sql-dump'
  | 'archive'
  | 'aws-credentials'
  | 'private-key'
  | 'php-source'
  | 'php-config-backup'
  | 'json-config'
  | 'yaml-config'
  | 'docker-compose'
  | 'terraform-state'
  | 'web-config'
  | 'server-status'
  | 'phpinfo'
  | 'actuator-env'
  | 'actuator-heap'
  | 'actuator'
  | 'debug-console'
  | 'ds-store'
  | 'npmrc'
  | 'git-credentials'
  | 'htpasswd'
  | 'netrc'
  | 'docker-login'
  | 'shell-history'
  | 'sqlite'
  | 'log'
  | 'graphiql'

export type ExposureProbe = { path: string; proof: ProofKind }

/** In the order of what they cost, so that a host asked slowly is asked for the worst first. */
export const exposureProbes: readonly ExposureProbe[] = [
  { path: '/.env', proof: 'dotenv' },
  { path: '/.git/HEAD', proof: 'git-head' },
  { path: '/.env.production', proof: 'dotenv' },
  { path: '/.env.prod', proof: 'dotenv' },
  { path: '/.env.local', proof: 'dotenv' },
  { path: '/.env.development', proof: 'dotenv' },
  { path: '/.env.staging', proof: 'dotenv' },
  { path: '/.env.backup', proof: 'dotenv' },
  { path: '/.env.bak', proof: 'dotenv' },
  { path: '/.env.old', proof: 'dotenv' },
  { path: '/.env.save', proof: 'dotenv' },
  { path: '/.env~', proof: 'dotenv' },
  { path: '/.env.example', proof: 'dotenv' },
  { path: '/api/.env', proof: 'dotenv' },
  { path: '/app/.env', proof: 'dotenv' },
  { path: '/backend/.env', proof: 'dotenv' },
  { path: '/server/.env', proof: 'dotenv' },
  { path: '/.git/config', proof: 'git-config' },
  { path: '/.git/index', proof: 'git-index' },
  { path: '/.svn/entries', proof: 'svn' },
  { path: '/.svn/wc.db', proof: 'sqlite' },
  { path: '/.hg/requires', proof: 'hg' },
  { path: '/backup.sql', proof: 'sql-dump' },
  { path: '/dump.sql', proof: 'sql-dump' },
  { path: '/database.sql', proof: 'sql-dump' },
  { path: '/db.sql', proof: 'sql-dump' },
  { path: '/backup.sql.gz', proof: 'archive' },
  { path: '/database.sql.gz', proof: 'archive' },
  { path: '/backup.zip', proof: 'archive' },
  { path: '/backup.tar.gz', proof: 'archive' },
  { path: '/db.sqlite3', proof: 'sqlite' },
  { path: '/database.sqlite', proof: 'sqlite' },
  { path: '/database.db', proof: 'sqlite' },
  { path: '/prisma/dev.db', proof: 'sqlite' },
  { path: '/.aws/credentials', proof: 'aws-credentials' },
  { path: '/.npmrc', proof: 'npmrc' },
  { path: '/.git-credentials', proof: 'git-credentials' },
  { path: '/.vscode/sftp.json', proof: 'json-config' },
  { path: '/.htpasswd', proof: 'htpasswd' },
  { path: '/.netrc', proof: 'netrc' },
  { path: '/.docker/config.json', proof: 'docker-login' },
  { path: '/.bash_history', proof: 'shell-history' },
  { path: '/id_rsa', proof: 'private-key' },
  { path: '/.ssh/id_rsa', proof: 'private-key' },
  { path: '/id_ed25519', proof: 'private-key' },
  { path: '/.ssh/id_ed25519', proof: 'private-key' },
  { path: '/privkey.pem', proof: 'private-key' },
  { path: '/server.key', proof: 'private-key' },
  { path: '/private.key', proof: 'private-key' },
  { path: '/config.json', proof: 'json-config' },
  { path: '/appsettings.json', proof: 'json-config' },
  { path: '/appsettings.Production.json', proof: 'json-config' },
  { path: '/serviceAccountKey.json', proof: 'json-config' },
  { path: '/terraform.tfstate', proof: 'terraform-state' },
  { path: '/web.config', proof: 'web-config' },
  { path: '/config.yml', proof: 'yaml-config' },
  { path: '/config.yaml', proof: 'yaml-config' },
  { path: '/config/database.yml', proof: 'yaml-config' },
  { path: '/config.php', proof: 'php-source' },
  { path: '/wp-config.php', proof: 'php-source' },
  { path: '/wp-config.php.bak', proof: 'php-config-backup' },
  { path: '/wp-config.php~', proof: 'php-config-backup' },
  { path: '/wp-config.old', proof: 'php-config-backup' },
  { path: '/wp-config.php.save', proof: 'php-config-backup' },
  { path: '/wp-config.txt', proof: 'php-config-backup' },
  { path: '/docker-compose.yml', proof: 'docker-compose' },
  { path: '/docker-compose.yaml', proof: 'docker-compose' },
  { path: '/server-status', proof: 'server-status' },
  { path: '/phpinfo.php', proof: 'phpinfo' },
  { path: '/info.php', proof: 'phpinfo' },
  { path: '/actuator/env', proof: 'actuator-env' },
  { path: '/actuator/heapdump', proof: 'actuator-heap' },
  { path: '/actuator', proof: 'actuator' },
  { path: '/console', proof: 'debug-console' },
  { path: '/elmah.axd', proof: 'debug-console' },
  { path: '/_profiler/', proof: 'debug-console' },
  { path: '/telescope', proof: 'debug-console' },
  { path: '/_ignition/health-check', proof: 'debug-console' },
  { path: '/.DS_Store', proof: 'ds-store' },
  { path: '/storage/logs/laravel.log', proof: 'log' },
  { path: '/log/production.log', proof: 'log' },
  { path: '/debug.log', proof: 'log' },
  { path: '/wp-content/debug.log', proof: 'log' },
]

/** Dumps and archives are often named for the host, or for the name that the domain is known by. */
export const namedProbes = (host: string, label: string): ExposureProbe[] =>
  [...new Set([host.replace(/^www\./, ''), label])].flatMap((name): ExposureProbe[] => [
    { path: `/${name}.sql`, proof: 'sql-dump' },
    { path: `/${name}.zip`, proof: 'archive' },
  ])

/** One path of each kind that a server may have a rule for: a hidden file, a folder, endings, a name. */
export const sampledPaths: readonly string[] = ['/.env', '/.git/HEAD', '/backup.sql', '/backup.zip', '/config.json']

/** What editors and people add to the name of a file that they keep: asked where the file itself is served. */
export const keptEndings: readonly string[] = ['~', '.bak', '.old', '.orig', '.save', '.swp', '.1']
