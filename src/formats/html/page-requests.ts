// Requests of a page that went wrong: which of them are the page's own fault.

/** One request of a page: `kind` as the browser names it (`script`, `image`), `own` whether it goes to the page's own site. */
export type PageRequest = { url: string; kind: string; own: boolean }

/** Without its scripts and styles a page breaks, wherever they come from. */
const isEssential = ({ kind, own }: PageRequest): boolean => own || /script|stylesheet/.test(kind)

/**
 * Whether a status is the page's own fault. Refusals (401, 403, 429) may be meant for this program; what other sites
 * answer counts only where the file is gone; browsers ask for a favicon by themselves.
 */
export const isFaultyAnswer = (request: PageRequest, status: number): boolean => {
  if (status < 400 || !isEssential(request)) return false
  if (!request.own) return status === 404 || status === 410
  return ![401, 403, 429].includes(status) && !/\/favicon\.ico$/.test(new URL(request.url).pathname)
}

/** Whether no answer is the page's own fault: only where that is certain, as when a host does not exist or refuses. */
export const isFaultySilence = (request: PageRequest, isCertain: boolean): boolean => isCertain && isEssential(request)

/** What Chromium says in its console of a script or stylesheet that came and is not used; null for any other message. */
export const refusedInConsole = (message: string): { url: string; problem: string } | null => {
  const start = message.slice(0, 2_000)
  const url = /'(https?:[^']{3,1000})'/.exec(start)?.[1] ?? /https?:\/\/[^\s'"]{3,1000}/.exec(start)?.[0]
  if (!url || !URL.canParse(url)) return null
  if (/^(?:Refused to (?:execute script|apply style) from|Failed to load module script)/.test(start))
    return {
      url,
      problem: `refused for its type${/MIME type (?:of )?["'(]?([\w/+.-]+)/.exec(start)?.[1] ? ` (${/MIME type (?:of )?["'(]?([\w/+.-]+)/.exec(start)![1]})` : ''}`,
    }
  return /^Failed to find a valid digest in the 'integrity' attribute/.test(start)
    ? { url, problem: 'refused for its integrity attribute' }
    : null
}
