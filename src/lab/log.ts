// What the lab saw: one entry per exchange, with its start and end as the client felt them. The bench reads chains from it.

/** Milliseconds of the monotonic clock. `from` names what was talked to (`dns 192.0.2.53`, `https www.example.com`). */
export type LabExchange = {
  kind: 'dns' | 'tcp' | 'tls' | 'http' | 'smtp'
  to: string
  what: string
  start: number
  end: number
  connection?: number
}

export type LabLog = { exchanges: LabExchange[]; add(exchange: LabExchange): void }

export const createLog = (): LabLog => {
  const exchanges: LabExchange[] = []
  return { exchanges, add: exchange => void exchanges.push(exchange) }
}
