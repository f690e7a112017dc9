// Whether a request that a script makes can fail.

/** curl without --fail ends well whatever comes back, unless its status or body is compared. */
export const isBlind = ({ text }: { text: string }): boolean =>
  /(?:^|→ )\s*curl\b/.test(text) &&
  !/\s(?:-\w*f\w*|--fail(?:-with-body|-early)?)(?=\s|$)|http_code|\bgrep\b|\bjq -e/.test(text)
