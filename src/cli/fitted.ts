// What is said on standard error, in lines that fit the terminal.
import { wrap } from '../report/shared/width.ts'
import { errColumns, type Io } from './io.ts'

const leastWidth = 40

/** Wrapped at words, each line of the message by itself; whole where no terminal shows it, for programs read it there. */
export const fitted = (message: string, io: Pick<Io, 'errIsTerminal' | 'errStream' | 'columns'>): string => {
  const columns = io.errIsTerminal ? errColumns(io) : null
  return columns
    ? message
        .split('\n')
        .flatMap(line => wrap(line, Math.max(leastWidth, columns) - 2).map((part, at) => (at ? `  ${part}` : part)))
        .join('\n')
    : message
}
