import type { Page } from 'playwright-core'

/** Milliseconds of processor time that the process of a page has used since it began, whatever else this machine does. */
export const pageTime = async (page: Page): Promise<number> => {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', {})
  const { metrics } = await devtools.send('Performance.getMetrics')
  const milliseconds = 1_000 * metrics.find(({ name }) => name === 'ProcessTime')!.value
  if (!(milliseconds > 0)) throw new Error('the browser does not say what its page has used')
  return milliseconds
}
