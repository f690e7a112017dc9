// SQL that stands in a string of another language: expressions in it become a name, so that the rest can be read.

/** `${…}` and `#{…}` replaced by a word that is legal wherever a name or a value is. */
export const readJavascriptSql = (text: string): string =>
  text
    .replace(/[$#]\{[^}]*\}/g, 'placeholder')
    .replace(/(?<![\w:])\?\??(?!\w)/g, 'placeholder')
    .replace(/%\((\w+)\)s/g, 'placeholder')
