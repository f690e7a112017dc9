// Whether an element is kept from sight before any script runs: by what it is, its attributes, its classes.
import { hidingClasses, hidingNames, showingClasses } from '../../data/hidden-classes.ts'

const hidingStyle = /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)/i

const showingStyle = /(?:^|[;\s])display\s*:\s*(?!none)\w/i

/** Beyond the edges that nobody can scroll to. */
const beyondEdges = /(?:^|[;\s])(?:left|top)\s*:\s*-\d{4,}(?:px|em|rem)/i

/** What is transparent, unless an animation or a transition of its own makes it seen. */
const fadedStyle = /(?:^|[;\s])opacity\s*:\s*0(?:\.0+)?\s*(?:!important)?\s*(?:;|$)/i
const isFaded = (rule: string): boolean => fadedStyle.test(rule) && !/animation|transition/i.test(rule)

/** Selectors of what a stylesheet keeps from sight on every screen: its rules outside of `@media` and the like. */
const hiddenSelectors = (css: string, isKept: (rule: string) => boolean): string[] => {
  const found: string[] = []
  let depth = 0
  let selector = ''
  const parts = css.split(/([{}])/)
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const text = parts[at]!
    if (parts[at + 1] === '{') {
      selector = depth === 0 ? text.slice(-200).trim() : ''
      depth++
      continue
    }
    depth = Math.max(0, depth - 1)
    if (depth === 0 && isKept(text.slice(0, 2000))) found.push(selector)
  }
  return found
}

/** Classes, and names of elements behind `#`, that a stylesheet keeps from sight, by rules for such a one alone. */
export const hiddenBy = (css: string): string[] =>
  hiddenSelectors(css, rule => hidingStyle.test(rule)).flatMap(selector => {
    const [, sign, name] = /^([.#])([\w-]{1,80})$/.exec(selector) ?? []
    return name === undefined ? [] : [sign === '#' ? `#${name}` : name]
  })

const whole = /^(?:html|body|\*|body \*)(?:\s*,\s*(?:html|body|\*))?$/i

const plainColour = (written: string | undefined): string | null => {
  const value = written
    ?.trim()
    .toLowerCase()
    .replace(/^white$/, '#fff')
    .replace(/^black$/, '#000')
  const short = value && /^#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3$/.exec(value)
  return short ? `#${short[1]}${short[2]}${short[3]}` : value && /^#[0-9a-f]{3,8}$/.test(value) ? value : null
}

/** Words in the colour of what is behind them. */
const isOneColour = (rule: string): boolean => {
  const words = plainColour(/(?:^|[;\s])color\s*:\s*([^;!]{1,30})/i.exec(rule)?.[1])
  return (
    words !== null && words === plainColour(/(?:^|[;\s])background(?:-color)?\s*:\s*([^;!]{1,30})/i.exec(rule)?.[1])
  )
}

/** Whether a stylesheet keeps the whole page from sight: hides it, fades it, or paints its words and their ground alike, and no words otherwise. */
export const isCurtain = (css: string): boolean => {
  const isPainted = css.length < 20_000 && (css.match(/(?:^|[;{\s])color\s*:/gi)?.length ?? 0) === 1
  return hiddenSelectors(css, rule => hidingStyle.test(rule) || isFaded(rule) || (isPainted && isOneColour(rule))).some(
    selector => whole.test(selector),
  )
}

const isHidingStyle = (style: string): boolean => hidingStyle.test(style) || beyondEdges.test(style)

/** `hiding`: the page's own classes that hide, and names of elements behind `#`. A dialog is closed until it is opened (HTML Standard §15.3.1). */
export const isHidden = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  hiding: ReadonlySet<string>,
): boolean => {
  if (attributes['hidden'] !== undefined || isHidingStyle(attributes['style'] ?? '')) return true
  if (name === 'dialog') return attributes['open'] === undefined
  // The whole page is shown by the script that takes such a class away.
  if (name === 'html' || name === 'body' || name === 'main') return false
  if (hiding.has(`#${attributes['id'] ?? ''}`)) return true
  if (hidingNames.has(attributes['id'] ?? '') && !showingStyle.test(attributes['style'] ?? '')) return true
  const classes = (attributes['class'] ?? '').slice(0, 1000).split(/\s+/)
  return (
    classes.some(each => hidingClasses.has(each) || hiding.has(each)) &&
    !classes.some(each => showingClasses.has(each) || /^(?:sm|md|lg|xl|2xl):(?!hidden)/.test(each))
  )
}
