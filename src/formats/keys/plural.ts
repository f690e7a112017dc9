// Names of tables from names of models, as Rails and Laravel make them.

/** The plural of an English word, by its ending: `box` → `boxes`, `city` → `cities`, `user` → `users`. */
export const plural = (name: string): string =>
  /(?:s|x|ch|sh)$/.test(name) ? `${name}es` : /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`
