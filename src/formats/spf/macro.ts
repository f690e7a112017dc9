// SPF macro strings (RFC 7208 §7): syntax, and expansion for one message. Text is bytes in latin1.

/** A literal run, or one macro expansion: `%{ir}` → letter i, reversed. */
export type MacroPart =
  | { literal: string }
  | { letter: string; escape: boolean; digits: number | null; reverse: boolean; delimiters: string; text: string }

export type MacroString = { parts: MacroPart[]; fault: { at: number; message: string } | null }

/** What the letters stand for in one evaluation. `p` is looked up only when the text asks for it. */
export type MacroValues = {
  s: string
  l: string
  o: string
  d: string
  i: string
  h: string
  v: string
  c: string
  r: string
  t: string
  p: () => Promise<string>
}

const domainLetters = 'slodiphv'
const macro = /^%\{([a-z])(\d*)(r?)([.\-+,/_=]*)\}/i

/**
 * Reads a macro string. `where` says which letters and characters are legal: in a domain-spec and a modifier no space,
 * in an explanation (the text that `exp=` leads to) spaces and the letters c, r and t.
 */
export const parseMacroString = (text: string, where: 'domain' | 'modifier' | 'explanation'): MacroString => {
  const parts: MacroPart[] = []
  let literal = ''
  const fail = (at: number, message: string): MacroString => ({ parts, fault: { at, message } })
  const flush = (): void => {
    if (literal !== '') parts.push({ literal })
    literal = ''
  }
  let at = 0
  while (at < text.length) {
    const character = text[at] as string
    if (character !== '%') {
      const code = character.charCodeAt(0)
      if ((code < 0x21 || code > 0x7e) && !(code === 0x20 && where === 'explanation'))
        return fail(at, `character 0x${code.toString(16).padStart(2, '0')} is not allowed here`)
      literal += character
      at++
      continue
    }
    const next = text[at + 1]
    if (next === '%' || next === '_' || next === '-') {
      literal += next === '%' ? '%' : next === '_' ? ' ' : '%20'
      // `%%`, `%_` and `%-` are macro-expand in the grammar: a domain-spec may end in one.
      flush()
      at += 2
      continue
    }
    const match = macro.exec(text.slice(at, at + 64))
    if (!match) return fail(at, `"${text.slice(at, at + 8)}" is no macro`)
    const letter = (match[1] as string).toLowerCase()
    const allowed = where === 'domain' ? domainLetters : `${domainLetters}crt`
    if (!allowed.includes(letter))
      return fail(
        at,
        'crt'.includes(letter) ? `%{${match[1]}} is allowed in explanations only` : `there is no macro %{${match[1]}}`,
      )
    const digits = match[2] === '' ? null : Number(match[2])
    if (digits === 0) return fail(at, 'a macro that keeps 0 labels is not allowed')
    flush()
    parts.push({
      letter,
      escape: match[1] !== letter,
      digits,
      reverse: match[3] !== '',
      delimiters: match[4] || '.',
      text: match[0],
    })
    at += match[0].length
  }
  flush()
  return { parts, fault: null }
}

const topLabel = /\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?$/i
const macroEnd = /(?:%\{[a-z]\d*r?[.\-+,/_=]*\}|%%|%_|%-)$/i

/** Why this is no domain-spec (RFC 7208 §7.1), or null when it is one. `at` is relative to the text. */
export const domainSpecFault = (text: string): { at: number; message: string } | null => {
  if (text === '') return { at: 0, message: 'a domain name is missing' }
  const { fault } = parseMacroString(text, 'domain')
  if (fault) return fault
  if (macroEnd.test(text) || topLabel.test(text)) return null
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return { at: 0, message: `"${text}" is an address, which belongs in ip4:` }
  if (!text.replace(/\.$/, '').includes('.')) return { at: 0, message: `"${text.slice(0, 80)}" is no full domain name` }
  return { at: 0, message: `"${text.slice(0, 80)}" does not end in a valid top-level label` }
}

/** URL-escapes everything outside RFC 3986's unreserved characters, for upper-case macro letters. */
const urlEscape = (text: string): string =>
  text.replace(
    /[^A-Za-z0-9\-._~]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )

/** Expands the parts for one message. */
export const expandMacros = async (parts: readonly MacroPart[], values: MacroValues): Promise<string> => {
  let out = ''
  for (const part of parts) {
    if ('literal' in part) {
      out += part.literal
      continue
    }
    const raw = part.letter === 'p' ? await values.p() : values[part.letter as Exclude<keyof MacroValues, 'p'>]
    let labels = [raw]
    if (part.digits !== null || part.reverse || part.delimiters !== '.') {
      labels = raw.split(new RegExp(`[${part.delimiters.replace(/[\\\]^-]/g, '\\$&')}]`))
      if (part.reverse) labels.reverse()
      if (part.digits !== null) labels = labels.slice(-part.digits)
    }
    const value = labels.join('.')
    out += part.escape ? urlEscape(value) : value
  }
  return out
}

/** Drops a trailing dot, and labels from the left until the name fits 253 characters (RFC 7208 §7.3). */
export const fitName = (name: string): string => {
  let fitted = name.replace(/\.$/, '')
  while (fitted.length > 253 && fitted.includes('.')) fitted = fitted.slice(fitted.indexOf('.') + 1)
  return fitted
}

/** True when a DNS query can be made of the name: no empty label, none over 63 bytes, 253 in all. */
export const isQueryable = (name: string): boolean =>
  name !== '' && name.length <= 253 && name.split('.').every(label => label.length > 0 && label.length <= 63)
