// Plurals of English words: names of tables from names of models, as Rails and Laravel make them, and numbers of things.

/** The plural of an English word, by its ending: `box` → `boxes`, `city` → `cities`, `user` → `users`. */
export const plural = (name: string): string =>
  /(?:s|x|ch|sh)$/.test(name) ? `${name}es` : /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`

/** "1 monitor", "2 monitors". */
export const counted = (count: number, noun: string): string => `${count} ${count === 1 ? noun : plural(noun)}`
