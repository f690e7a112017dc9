// Text that a template left behind: variables that were not filled, values that are none, filler. Code samples are no text.

export type Placeholder = { found: string; where: 'subject' | 'text' | 'html' | 'link' }

/** Variables of template languages that nobody writes to customers. */
const variables = [
  // Handlebars, Mustache, Jinja, Liquid, Twig, Angular, Vue.
  /\{\{\{?[^{}\n]{1,80}\}\}\}?|\{%-?[^{}%\n]{1,80}-?%\}|\{\{\}\}/g,
  // ERB, EJS, ASP; template literals of JavaScript, JSP, shell; Ruby's interpolation.
  /<%[=-]?[^<>%\n]{1,80}%>|\$\{[A-Za-z_][\w.]{0,60}\}|#\{[A-Za-z_][\w.]{0,60}\}/g,
  // Mailchimp; Salesforce; Smarty; Mailgun and others between percent signs.
  /\*\|[A-Z0-9_:]{2,60}\|\*|\{!\$?[A-Za-z_][\w.]{1,60}\}|\{\$[A-Za-z_][\w.>-]{1,60}\}/g,
  /%%[A-Za-z_]\w{1,40}%%|%[A-Z][A-Z0-9]*_[A-Z0-9_]{1,30}%|%(?:FIRSTNAME|LASTNAME|FULLNAME|USERNAME|NAME|EMAIL|COMPANY|LINK|URL|UNSUBSCRIBE)%|%(?:recipient|user|customer|contact)[._]\w{1,40}%/gi,
  // Single brackets only around what is plainly a variable.
  /\{(?:(?:first|last|full|user|customer|company|account|product|app|site)[ _-]?name|name|email|url|link|token|code|user|username|company|amount|date|resetLink|reset_link|confirmUrl|verificationCode)\}/gi,
  /\[\[?(?:(?:your(?:[ _-](?:company|business|product|app|brand|team|site))?|first|last|full|user|customer|company|recipient|sender|account|product|app)[ _-]?(?:name|company|email|address|link)|insert[^[\]\n]{1,40}|name|firstname|lastname|company)\]\]?(?!\()/gi,
  // Encoded in a link.
  /%7B%7B[^\s&]{1,80}?%7D%7D/gi,
]

/** Values that a program printed although they are none. The group `value` is compared as written: Nan and Null are people. */
const values = [
  /\[object (?:Object|Promise|Undefined|Null)\]/g,
  /\bInvalid Date\b/g,
  /(?:^|[\s([$€£¥:#])NaN(?=$|[\s)\].,!?:;%€])/g,
  /\b(?:hi|hello|hey|dear|hallo|lieber?|guten tag|bonjour|salut|hola|ciao|olá|hej|welcome|welcome back|thanks|thank you)[, ]+(?<value>undefined|null|None|NaN)(?=$|[\s.,!?:;–—-])/gi,
  /(?:^|\n)[ \t]*(?:undefined|null|NaN)[ \t]*(?=$|\n)/g,
  /[$€£¥#:][ \t]?(?:undefined|null)(?=$|[\s.,!?;)])/g,
  /\b(?:undefined|null)[ \t]+(?:undefined|null)\b/g,
  /\b(?:order|invoice|code|number|plan|team|workspace|account|project|receipt|ticket|booking|subscription|company|user|name|to|for|by|from|expires)[ \t]+(?<value>undefined|null)(?=$|\n|[.,!?:;](?:\s|$))/gi,
  /\b(?:order|invoice|code|number|plan|team|workspace|account|project|receipt|ticket|booking|subscription)[ \t]+(?<value>undefined)\b(?![ \t]+(?:behaviou?r|variable|reference|value|method|function))/gi,
]
const printed: readonly string[] = ['undefined', 'null', 'None', 'NaN']

const filler = [
  /\blorem\s+ipsum\b/gi,
  /\b(?:your|insert|add|replace)[ \t]+(?:text|content|headline|copy|logo|image)[ \t]+(?:goes[ \t]+)?here\b/gi,
]

const most = 20
const textLimit = 400_000

/** Fenced and inline code of plain text: what stands there is an example. */
const withoutCode = (text: string): string =>
  text.replace(/```[\s\S]*?(?:```|$)/g, ' ').replace(/`[^`\n]{1,200}`/g, ' ')

/** Placeholders in visible text, each once, at most 20. `code` holds the code samples of the same mail: what stands there, too, is no placeholder. */
export const placeholdersIn = (text: string, where: Placeholder['where'], code = ''): Placeholder[] => {
  const clean = withoutCode(text.slice(0, textLimit))
  const found = new Map<string, Placeholder>()
  for (const pattern of [...variables, ...(where === 'link' ? [] : [...values, ...filler])])
    for (const match of clean.matchAll(pattern)) {
      const words = match[0].replace(/\s+/g, ' ').trim().slice(0, 80)
      if (match.groups?.['value'] && !printed.includes(match.groups['value'])) continue
      if (words === '' || code.includes(words) || found.size >= most) continue
      found.set(words.toLowerCase(), { found: words, where })
    }
  return [...found.values()]
}

/** The same in the address of a link: also a path or value that is `undefined`. */
export const placeholdersInLink = (href: string): Placeholder[] => [
  ...placeholdersIn(href, 'link'),
  ...[...href.slice(0, 4_000).matchAll(/(?<=[/=])(?:undefined|null|NaN|\[object%20Object\])(?=$|[/?&#])/g)]
    .slice(0, 1)
    .map((match): Placeholder => ({ found: match[0], where: 'link' })),
]
