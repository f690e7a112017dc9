// The output of git's plumbing, read as it streams in: `git log --raw -z` and `git cat-file --batch`.

/** `date` is ISO 8601; author and subject are bounded. `replaced`: its message says of secrets that they were replaced. */
export type LoggedCommit = { id: string; date: string; author: string; subject: string; replaced?: true }

/** What was done, and not what is to be. */
const done =
  /\b(?:rotated|revoked|regenerated|invalidated|already reset|(?:was|were|been|now|is|are) (?:reset|disabled|replaced|renewed)|password reset)\b/i
const ofSecret = /\b(?:keys?|secrets?|tokens?|passwords?|credentials?|api access)\b/i
const denied = /\b(?:not|never|must|should|todo|need(?:s|ed)?|to be|please|if|unless|until|before|after|when)\b/i

/** Whether a line of a message says that secrets were replaced. */
const saysDone = (message: string): boolean =>
  done.test(message) && message.split('\n').some(line => done.test(line) && ofSecret.test(line) && !denied.test(line))

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

/** Characters of a message that are read; one of a squash holds those of many commits. */
const longestMessage = 200_000

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
      const message = `${subject}\n${body.join('\x1f')}`
      log.commits.push({
        ...{ id, date, author: author.slice(0, 80), subject: subject.slice(0, 120) },
        ...(saysDone(message.slice(0, longestMessage)) ? { replaced: true as const } : {}),
      })
      onMessage?.(log.commits.length - 1, message)
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

/**
 * Reads the output of `git cat-file --batch` piece by piece; `each` gets the objects in their order. Larger ones are skipped. All pieces are
 * put into one buffer, which the next object overwrites: who keeps a content copies it.
 */
export const createBatchReader = (maxBytes: number, each: (object: BatchObject) => void) => {
  let buffer = Buffer.allocUnsafe(1 << 18)
  /** What was put in and not taken yet lies between the two. */
  let from = 0
  let to = 0
  /** How much has to be there before another look is of use: a large object is looked for once, not at each of its pieces. */
  let wanted = 0
  let skip = 0
  const put = (chunk: Buffer): void => {
    if (to + chunk.length > buffer.length) {
      const needed = to - from + chunk.length
      const roomy = needed > buffer.length ? Buffer.allocUnsafe(Math.max(needed, 2 * buffer.length)) : buffer
      buffer.copy(roomy, 0, from, to)
      buffer = roomy
      to -= from
      from = 0
    }
    to += chunk.copy(buffer, to)
  }
  /** Takes one object off the front; false where more is needed first. */
  const next = (): boolean => {
    const skipped = Math.min(skip, to - from)
    from += skipped
    skip -= skipped
    if (skip > 0) return false
    const line = buffer.subarray(from, to).indexOf(10)
    if (line < 0) return false
    const [, type, size] = buffer.toString('latin1', from, from + line).split(' ')
    const length = Number(size)
    if (type === 'missing' || size === undefined) {
      from += line + 1
      each({ kind: 'missing' })
    } else if (length > maxBytes) {
      from += line + 1
      skip = length + 1
      each({ kind: 'large' })
    } else {
      wanted = line + 1 + length + 1
      if (to - from < wanted) return false
      const start = from + line + 1
      from += wanted
      wanted = 0
      each({ kind: 'content', content: buffer.subarray(start, start + length) })
    }
    return true
  }
  return {
    push: (chunk: Buffer): void => {
      put(chunk)
      if (to - from < wanted) return
      wanted = 0
      while (next());
    },
  }
}
