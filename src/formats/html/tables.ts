// Tables of a page: rows of cells as text, the row of headings first.
import { Parser } from 'htmlparser2'

const most = { tables: 20, rows: 1000, cells: 40, cell: 200 }

/** Tables that have headings (`th`, or `td` in `thead`); nested ones are read into the outer one's cells. */
export const readTables = (html: string): string[][][] => {
  const tables: string[][][] = []
  if (!/<table/i.test(html)) return tables
  let row: string[] | null = null
  let inCell = false
  const parser: Parser = new Parser({
    onopentag(name) {
      const table = tables.at(-1)
      if (name === 'table') {
        if (tables.length >= most.tables) parser.pause()
        else tables.push([])
      } else if (name === 'tr' && table && table.length < most.rows) {
        row = []
        table.push(row)
      } else if ((name === 'td' || name === 'th') && row && row.length < most.cells) {
        row.push('')
        inCell = true
      }
    },
    ontext(text) {
      if (inCell && row) row[row.length - 1] = ((row.at(-1) ?? '') + text).slice(0, most.cell)
    },
    onclosetag(name) {
      if (name === 'td' || name === 'th') inCell = false
      if (name === 'tr' || name === 'table') row = null
    },
  })
  parser.write(html)
  parser.end()
  return tables.map(table => table.map(cells => cells.map(cell => cell.replace(/\s+/g, ' ').trim())))
}
