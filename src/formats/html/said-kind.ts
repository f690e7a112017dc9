// Of what kind it is what a page shows in place of its own: each has another cause, and is mended at another place.
import { textKey, unfilled, unpaid, upkeep } from '../../data/dead-pages.ts'
import { isXmlFault } from './xml-form.ts'

/**
 * `document`, XML with a fault; `bytes`, no text at all; `source`, what a server or a build should have run; `pointer`, a name of a file
 * in its place; `markup`, tags that people read; `unfilled`, places of a template; `upkeep`, work on the site; `notice`, what a hoster or
 * a platform says of an account or a name; `tool`, the console of a program; `error`, everything else.
 */
export type SaidKind =
  | 'document'
  | 'bytes'
  | 'source'
  | 'pointer'
  | 'markup'
  | 'unfilled'
  | 'upkeep'
  | 'notice'
  | 'tool'
  | 'error'

/** What is said of a page whose bytes are no text. */
export const bytesWords = 'bytes that are no text'

const source =
  /^\s*(?:<\?(?:php\b|=)|<%|\{%|@extends\(|#!\s?\/|import\s[^;'"]{1,200}\sfrom\s*["']|(?:export default|module\.exports)\b|<template>|doctype html\b|---\s+\w)/

const markup = /<\/?(?:!doctype|html|head|body|meta|link|title|h[1-6]|div|p|a|section|main|header|nav|span|img)[\s>]/i

/** What a page does that is only about to come back. */
const returning =
  /\b(?:be|are|is) (?:right )?back\b|gleich wieder|bald (?:wieder|zur[üu]ck)|in k[üu]rze|de retour|volve[mr]|torn(?:iamo|eremo)|zo terug|voltamos|wracamy|\bupgrading\b|[üu]berarbeitet|\bgewartet/i

/** What a hoster, a registrar or a platform speaks of: whose it is, whether it was paid for, where it leads. */
const ofAccount =
  /\b(?:account|domain|tenant|workspace|service|site|web ?site|store|shop|project|deployment|instance|plan|subscription|app)\b.{0,40}\b(?:suspended|disabled|deactivated|expired|paused|unpublished|not (?:found|connected|linked|configured|published)|archived|deleted|locked|asleep)\b|\bno (?:such )?(?:site|app|domain|project|deployment|store|bucket)\b|\b(?:connected|linked|attached|pointed) to this (?:domain|address)\b|\b(?:bandwidth|quota|resource|transfer)\b.{0,20}\b(?:limit|exceeded|reached|used up)\b|payment.?required|ancho de banda|bande passante|largura de banda|banda passante|\bdom[äae]in\w*\b.{0,60}\b(?:abgelaufen|gesperrt|expir\w+|suspend\w+|caducad\w+|scadut\w+|wygas\w+)|домен.{0,40}(?:не прилинкован|не привязан|заблокирован|истёк|истек|приостановлен)|(?:аккаунт|сайт).{0,40}(?:заблокирован|приостановлен|отключ[её]н)/iu

/** Of what kind words are that stand in place of a page. */
export const saidKind = (words: string): SaidKind => {
  const start = words.slice(0, 400)
  if (start === bytesWords) return 'bytes'
  if (isXmlFault(start)) return 'document'
  if (start.startsWith('version https://git-lfs.')) return 'pointer'
  if (source.test(start)) return 'source'
  if (markup.test(start)) return 'markup'
  if (unfilled.test(start) || textKey.test(start) || /^(?:translation missing|\{\{|\[\[|%[A-Z])/.test(start))
    return 'unfilled'
  if (ofAccount.test(start) || unpaid.test(start)) return 'notice'
  if (upkeep.test(start) || returning.test(start)) return 'upkeep'
  return 'error'
}
