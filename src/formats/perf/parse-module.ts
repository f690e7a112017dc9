// A module of JavaScript or TypeScript as its tree; null where it cannot be parsed.
import { isNode, type JavascriptParser, type Node } from '../repo/javascript-nodes.ts'

export const parseModule = (parse: JavascriptParser, path: string, source: string): Node | null => {
  try {
    const file = parse(source, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      plugins: [
        /\.[cm]?tsx?$/.test(path) ? 'typescript' : 'flow',
        ...(/x$/.test(path) || /\.m?js$/.test(path) ? (['jsx'] as const) : []),
        'decorators-legacy',
      ],
    }) as unknown as Node
    return isNode(file['program']) ? file['program'] : null
  } catch {
    return null
  }
}
