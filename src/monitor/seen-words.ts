// What a look saw, as a sentence for somebody who is woken by it: the raw figures stand behind the words.

type Rule = { on: RegExp; say: (parts: RegExpExecArray, raw: string) => string }

/** What a status means for those who come, most specific first. */
const statusWords = (status: number): string => {
  if (status === 401 || status === 403) return 'it turns visitors away'
  if (status === 404 || status === 410) return 'the page is not there any more'
  if (status === 429) return 'it limits how often it may be asked'
  if (status === 502 || status === 504)
    return 'the front server is there, but the application behind it gives no answer'
  if (status === 503) return 'it says that it is out of service or has too much to do'
  if (status >= 500) return 'the application fails and shows an error instead of the page'
  if (status >= 400) return 'it refuses the request'
  return status >= 300 ? 'it leads elsewhere instead of showing the page' : 'it answers, but not as expected'
}

const seconds = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} seconds`)

const rules: readonly Rule[] = [
  {
    on: /^2\d\d in (\d+) ms, slower than (.+)$/,
    say: ([, ms, limit]) =>
      `it answers, but only after ${seconds(Number(ms))}; everything over ${limit} counts as slow`,
  },
  {
    on: /^(\d{3}) in \d+ ms, but (.+)$/,
    say: ([, status, what]) =>
      what!.startsWith('the page says')
        ? `it answers (status ${status}), but ${what}, which it must not`
        : `it answers (status ${status}), but ${what}`,
  },
  {
    on: /^(\d{3}) in \d+ ms(?:, expected (.+))?$/,
    say: ([, status], raw) => `${statusWords(Number(status))} (${raw})`,
  },
  {
    on: /^STARTTLS is (.+)$/,
    say: ([, what]) => `the mail server takes no encrypted mail: STARTTLS is ${what}`,
  },
  {
    on: /^the certificate ends in (-\d+) days?$/,
    say: ([, days]) => `the certificate ended ${days!.slice(1)} ${days === '-1' ? 'day' : 'days'} ago`,
  },
  {
    on: /^the certificate ends in (\d+) days?$/,
    say: (_, raw) => `${raw} and was not renewed yet`,
  },
  {
    on: /^it has never reported in (.+)$/,
    say: ([, time]) => `the job has not reported once in ${time}: it does not run, or does not say so`,
  },
  {
    on: /^last reported (.+) ago, expected every (.+)$/,
    say: ([, ago, every]) => `the job last reported ${ago} ago and should every ${every}`,
  },
  { on: /^the last run failed$/, say: () => 'the job ran and reported that it failed' },
  { on: /^loop: (.+)$/, say: ([, url]) => `it redirects in a circle (${url})` },
]

/** The sentence, without its full stop; what needs no other words stays. */
export const seenInWords = (detail: string): string => {
  for (const { on, say } of rules) {
    const parts = on.exec(detail)
    if (parts) return say(parts, detail)
  }
  return detail
}
