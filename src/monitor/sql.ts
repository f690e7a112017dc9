// The little of SQL that both stores have: statements with `?`, rows, transactions. One implementation of the port stands on it.

export type SqlValue = string | number | null | Uint8Array
export type SqlRow = Readonly<Record<string, SqlValue>>

/** Statements of one transaction, or of none. */
export type Sql = {
  all(statement: string, ...values: SqlValue[]): Promise<SqlRow[]>
  run(statement: string, ...values: SqlValue[]): Promise<number>
}

export type SqlDriver = {
  readonly kind: 'sqlite' | 'postgres'
  readonly where: string
  /** Whether this program alone may watch over the store; always true where a lease decides. */
  readonly holdsLock: boolean
  /** Runs `use` in one transaction: all of it is written, or nothing. */
  transaction<T>(use: (sql: Sql) => Promise<T>): Promise<T>
  /** Outside of a transaction. */
  read<T>(use: (sql: Sql) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** What is wrong with a store, in the words that the program decides by. */
export type StoreFault = 'corrupt' | 'full' | 'locked' | 'unreachable' | 'newer' | 'other'

export class StoreError extends Error {
  override name = 'StoreError'
  readonly fault: StoreFault
  constructor(fault: StoreFault, message: string) {
    super(message)
    this.fault = fault
  }
}
