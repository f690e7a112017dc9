// How a program comes to stop at its start where a variable is missing.
import type { Fix } from '../../core/fix.ts'
import { fix, manual, writeFile } from '../../core/fixes.ts'

/** `what`: how production comes to start although something is missing. `open`: own secrets that fall back to a text of the code. */
export type Unchecked = { what: string; file: string; by: string; count: number; content: string; open: string[] }

const failWithout = ({ file, open }: Unchecked): Fix =>
  fix(
    `Let the program stop where ${open[0]} is not set`,
    [manual(`${file}: without ${open.join(', ')} the program must not start; take the value out of the code`)],
    [
      `Set ${open.join(', ')} where production runs, each to 32 random bytes of its own (\`openssl rand -base64 32\`).`,
      `In ${file}, read it without the value behind it, and stop with an error where it is not set.`,
      'Where production ran on the value of the code, everybody is logged out once: that is what makes the forged sessions void.',
    ],
    20,
  )

export const letHold = (data: Unchecked): Fix => (data.open.length ? failWithout(data) : holdSchema(data))

const holdSchema = ({ file, by }: Unchecked): Fix =>
  fix(
    'Let production validate its variables',
    [manual(`${file}: validation must run when the production server starts`)],
    [
      `In ${file}, let ${by} hold for linting and image builds alone, and not where the program starts.`,
      'Deploy once, and see that the start fails without a variable.',
    ],
    15,
  )

export const writeModule = ({ content, count }: Unchecked): Fix =>
  fix(
    'Read all variables in one file that fails at once',
    [
      content
        ? writeFile('src/env.ts', content)
        : manual('Validate the environment at the start, in the words of your language'),
    ],
    [
      `Write one module that reads the ${count} variables and throws, with the names, where any is missing.`,
      'Read them from there everywhere.',
    ],
    30,
  )
