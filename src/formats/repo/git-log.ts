// The output of git's plumbing, read as it streams in: `git log --raw -z` and `git cat-file --batch`.

/** `date` is ISO 8601; author and subject are bounded. */
export type LoggedCommit = { id: string; date: string; author: string; subject: string }

/** A file that changed in a commit: numbers of its version before and after; -1 where there is none, or it is no text. */
export type LoggedChange = { old: number; new: number; commit: number }

export type GitLog = {
  /** Youngest first. */
  commits: LoggedCommit[]
  /** Versions of files by number: object id, and the path under which each was seen first. */
  ids: string[]
  paths: string[]
  changes: LoggedChange[]
  /** Changes of files that nobody wants to read. */
  leftOut: number
}

/** What `git log` is to print for each commit, before its changes. The message comes last: it may hold anything but NUL. */
export const logFormat = '--format=%x1e%H%x1f%cI%x1f%an%x1f%s%x1f%b'

const zero = /^0+$/

/**
 * The objects of a line `:mode mode id id status`; one mode and id more, and one colon more, for each parent of a merge. Links (120000)
 * and submodules (160000) are no text.
 */
const objectsOf = (text: string): { old: string; new: string } => {
  const parts = text.replace(/^:+/, '').split(' ')
  const parents = text.length - text.replace(/^:+/, '').length
  const kind = parts[parents]!
  const ids = parts.slice(parents + 1, 2 * parents + 2)
  return { old: parents === 1 ? ids[0]! : '0', new: kind === '120000' || kind === '160000' ? '0' : ids.at(-1)! }
}

/** Reads NUL-separated output piece by piece. `worthReading` says by its path whether a file is kept; beyond `maxVersions` none is. */
export const createLogReader = (
  worthReading: (path: string) => boolean,
  maxVersions: number,
  onMessage?: (commit: number, message: string) => void,
) => {
  const log: GitLog = { commits: [], ids: [], paths: [], changes: [], leftOut: 0 }
  const numbers = new Map<string, number>()
  let rest = ''
  let pending: { old: string; new: string } | null = null
  const numberOf = (id: string, path: string): number => {
    if (zero.test(id)) return -1
    const known = numbers.get(id)
    if (known !== undefined) return known
    if (log.ids.length >= maxVersions) return -1
    numbers.set(id, log.ids.length)
    log.paths.push(path)
    return log.ids.push(id) - 1
  }
  const takePath = ({ old, new: now }: { old: string; new: string }, path: string): void => {
    if (!worthReading(path)) log.leftOut++
    else log.changes.push({ old: numberOf(old, path), new: numberOf(now, path), commit: log.commits.length - 1 })
  }
  const take = (field: string): void => {
    const text = field.startsWith('\n') ? field.slice(1) : field
    if (text === '') return
    if (pending) {
      takePath(pending, text)
      pending = null
    } else if (text.startsWith('\x1e')) {
      const [id = '', date = '', author = '', subject = '', ...body] = text.slice(1).split('\x1f')
      log.commits.push({ id, date, author: author.slice(0, 80), subject: subject.slice(0, 120) })
      onMessage?.(log.commits.length - 1, `${subject}\n${body.join('\x1f')}`)
    } else if (text.startsWith(':')) pending = objectsOf(text)
  }
  return {
    push: (chunk: string): void => {
      const text = rest + chunk
      let at = 0
      for (let end = text.indexOf('\0'); end !== -1; end = text.indexOf('\0', at)) {
        take(text.slice(at, end))
        at = end + 1
      }
      rest = text.slice(at)
    },
    /** What was read, the end of the output included. */
    end: (): GitLog => {
      if (rest) take(rest)
      rest = ''
      return log
    },
  }
}

/** One object of a batch: its bytes, or why they are not handed out. */
export type BatchObject = { kind: 'content'; content: Buffer } | { kind: 'missing' } | { kind: 'large' }

/** Reads the output of `git cat-file --batch` piece by piece; `each` gets the objects in their order. Larger ones are skipped. */
export const createBatchReader = (maxBytes: number, each: (object: BatchObject) => void) => {
  let kept: Buffer = Buffer.alloc(0)
  /** Pieces that came since, and how much has to be there before another look is of use. */
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let wanted = 0
  let skip = 0
  /** Takes one object off the front; false where more is needed first. */
  const next = (): boolean => {
    if (skip > 0) {
      const step = Math.min(skip, kept.length)
      kept = kept.subarray(step)
      skip -= step
      if (skip > 0) return false
    }
    const line = kept.indexOf(10)
    if (line < 0) return false
    const [, type, size] = kept.toString('latin1', 0, line).split(' ')
    const length = Number(size)
    if (type === 'missing' || size === undefined) {
      kept = kept.subarray(line + 1)
      each({ kind: 'missing' })
    } else if (length > maxBytes) {
      kept = kept.subarray(line + 1)
      skip = length + 1
      each({ kind: 'large' })
    } else {
      if (kept.length < line + 1 + length + 1) {
        wanted = line + 1 + length + 1
        return false
      }
      const content = kept.subarray(line + 1, line + 1 + length)
      kept = kept.subarray(line + 2 + length)
      each({ kind: 'content', content })
    }
    return true
  }
  return {
    push: (chunk: Buffer): void => {
      waiting.push(chunk)
      waitingBytes += chunk.length
      // A large object is put together once, not at each of its pieces.
      if (kept.length + waitingBytes < wanted) return
      kept = waiting.length === 1 && kept.length === 0 ? chunk : Buffer.concat([kept, ...waiting])
      waiting = []
      waitingBytes = 0
      wanted = 0
      while (next());
    },
  }
}
