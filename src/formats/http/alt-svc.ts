// Alt-Svc (RFC 7838): under which protocols the same host can be had.

/** Names of the protocols that are announced: `h3`, `h2`. Nothing where the value takes all back (`clear`). */
export const altServices = (value: string): string[] =>
  value.trim().toLowerCase() === 'clear'
    ? []
    : [...value.slice(0, 4096).matchAll(/(?:^|,)\s?([\w%-]{1,20})="[^"]{0,200}"/g)].map(match => match[1]!)
