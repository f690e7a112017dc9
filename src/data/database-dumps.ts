// How each database is dumped and brought back, by its own tools.

/** Commands that a person runs; variables are theirs to set. Restores go into a scratch database, never over the product's. */
export const databaseDumps: Readonly<Record<string, { dump: string; restore: string }>> = {
  postgresql: {
    dump: 'pg_dump --format=custom --file=backup.dump "$DATABASE_URL"',
    restore: 'pg_restore --clean --if-exists --dbname="$SCRATCH_DATABASE_URL" backup.dump',
  },
  mysql: {
    dump: 'mysqldump --single-transaction --result-file=backup.sql "$DATABASE"',
    restore: 'mysql "$SCRATCH_DATABASE" < backup.sql',
  },
  sqlite: { dump: 'sqlite3 app.db ".backup backup.db"', restore: 'sqlite3 backup.db "PRAGMA integrity_check"' },
  mongodb: {
    dump: 'mongodump --uri "$MONGODB_URI" --archive=backup.archive',
    restore: 'mongorestore --uri "$SCRATCH_URI" --archive=backup.archive',
  },
}
