// Questions to a person at the terminal. What draws them is loaded when the first one is asked.
import { Exit, exitCodes } from './exit-code.ts'

/** The answer, or `fallback` where it is empty or nobody can be asked. */
export type Ask = (question: string, fallback: string) => Promise<string>

/** Asks where `asks` is true; takes every fallback otherwise. A person who gives up (Ctrl-C) ends the program: throws Exit. */
export const createAsk =
  (asks: boolean, signal: AbortSignal): Ask =>
  async (message, fallback) => {
    if (!asks) return fallback
    const { isCancel, text } = await import('@clack/prompts')
    const answer = await text({ message, placeholder: fallback, defaultValue: fallback, signal })
    if (isCancel(answer)) throw new Exit(exitCodes.interrupted)
    return answer.trim() || fallback
  }
