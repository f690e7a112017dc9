// Procfile: `process: command` a line, as Heroku, Fly, Railway and foreman read it.

export type ProcessLine = { name: string; command: string; line: number }

/** Processes of a Procfile, in order; lines that are none are left out. */
export const parseProcfile = (text: string): ProcessLine[] =>
  text.split(/\r?\n/).flatMap((raw, index) => {
    const match = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(raw.trim())
    return match ? [{ name: match[1]!, command: match[2]!.trim(), line: index + 1 }] : []
  })
