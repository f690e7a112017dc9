// The frame of every HTML document of ours: self-contained, no script, no request, a policy that forbids both.
import { createHash } from 'node:crypto'

const policy = (css: string): string =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`

/** A whole document. `title` and `body` are HTML: everything from outside in them is escaped already. */
export const htmlPage = (title: string, css: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(css)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${css}</style>
</head>
<body>
${body}
</body>
</html>
`

/** The page with another style sheet, which its policy lets through. */
export const withStyle = (page: string, from: string, to: string): string =>
  page.replace(policy(from), () => policy(to)).replace(`<style>${from}</style>`, () => `<style>${to}</style>`)
