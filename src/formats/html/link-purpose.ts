// What a link is for: whether a customer signs up or pays behind it, and whether following it would do something.
import { keyPageOf } from './key-pages.ts'

const checkouts =
  /^(?:(?:buy|checkout|billing|donate)\.stripe\.com|(?:[\w-]+\.)?lemonsqueezy\.com|(?:[\w-]+\.)?gumroad\.com|(?:buy|checkout|pay)\.paddle\.com|(?:www\.)?paypal\.(?:com|me)|polar\.sh|[\w-]+\.chargebee(?:portal)?\.com|[\w-]+\.recurly\.com)$/i

/** `signup` or `payment` where a customer signs up or pays behind the link; else null. */
export const linkPurpose = (url: string, text: string): 'signup' | 'payment' | null => {
  if (!URL.canParse(url)) return null
  if (checkouts.test(new URL(url).hostname) && /[?/]\w{4,}/.test(new URL(url).pathname)) return 'payment'
  const kind = keyPageOf(url, text)?.kind
  return kind === 'signup' || kind === 'payment' ? kind : null
}

/** Whether a GET of the link might log somebody out, delete, order or unsubscribe: such links are never asked. */
export const sideEffect = (url: string, text: string): boolean =>
  /(?:^|[/?&=_.-])(?:log-?_?out|sign-?_?out|abmelden|deconnexion|unsubscribe|opt-?out|delete|remove|destroy|cancel|add-?to-?cart|add_to_cart|vote|like|download|export)(?:$|[/?&=_.-])/i.test(
    URL.canParse(url) ? new URL(url).pathname + new URL(url).search : url,
  ) || /^(?:log ?out|sign ?out|abmelden|déconnexion|cerrar sesión|unsubscribe|delete)$/i.test(text.trim())

/**
 * Whether a link is one of Cloudflare's own paths: it hides mail addresses behind such links, which its script turns back; without it they
 * are 404.
 */
export const isCloudflareOwn = (url: string): boolean => new URL(url).pathname.startsWith('/cdn-cgi/')
