// What is kept of a page on which a flow failed: its words and a picture, free of what was typed.
import type { Page } from 'playwright-core'
import type { Patience } from './patience.ts'

type Seen = { page: Page; time: Patience }

const mostScreenshotBytes = 400_000

/** The text of the page as it is seen; empty where it does not answer within so many milliseconds. */
export const textOf = async ({ page, time }: Seen, patience: number): Promise<string> =>
  (await time.within(patience, page.locator('body').allInnerTexts(), [])).join(' ')

/** The page's own words: what it marks as an alert, then its title and text. */
export const wordsOf = async (seen: Seen): Promise<string> => {
  const { page, time } = seen
  const alerts = await time.within(2_000, page.locator('[role=alert], [aria-live=assertive]').allInnerTexts(), [])
  const title = await time.within(2_000, page.title(), '')
  const text = await textOf(seen, 2_000)
  return [...alerts.map(alert => alert.trim()).filter(alert => alert !== ''), title, text]
    .join(': ')
    .replace(/\s+/g, ' ')
}

/** Empties what was typed and takes the given words out of every frame, so that the picture holds none. */
const blank = `words => {
  for (const field of document.querySelectorAll('input, textarea'))
    if (!/^(?:submit|button|reset|image|checkbox|radio)$/.test(field.type)) field.value = ''
  const texts = document.createTreeWalker(document, NodeFilter.SHOW_TEXT)
  while (texts.nextNode())
    for (const word of words)
      if (texts.currentNode.data.includes(word)) texts.currentNode.data = texts.currentNode.data.replaceAll(word, '…')
}`

/** A picture of what the customer sees, a JPEG in base64; null where none could be made free of what was typed. */
export const picture = async ({ page, time }: Seen, secrets: readonly string[]): Promise<string | null> => {
  for (const frame of page.frames()) {
    const cleaned = frame.evaluate(`(${blank})(${JSON.stringify(secrets)})`).then(() => true)
    if (!(await time.within(2_000, cleaned, false)) && frame === page.mainFrame()) return null
  }
  const shot = page.screenshot({
    type: 'jpeg',
    quality: 60,
    timeout: time.allowing(5_000),
    animations: 'disabled',
    caret: 'hide',
  })
  const bytes = await time.within<Buffer | null>(6_000, shot, null)
  return bytes && bytes.length <= mostScreenshotBytes ? bytes.toString('base64') : null
}
