// SQL that stands in a string of another language: expressions in it become a name, so that the rest can be read.

/** `${…}` and `#{…}` replaced by a word that is legal wherever a name or a value is. */
export const readJavascriptSql = (text: string): string =>
  text
    .replace(/[$#]\{[^}]*\}/g, 'placeholder')
    // Before a text it is an operator of JSON.
    .replace(/(?<![\w:])\?\??(?!\w|\s{0,9}')/g, 'placeholder')
    .replace(/%\((\w+)\)s/g, 'placeholder')
