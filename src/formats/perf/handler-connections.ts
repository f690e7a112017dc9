// Connections to a database that handlers of requests in Python and Ruby open anew each time. PHP is left out: it begins anew with each request
// by design, and has as many connections as workers.
import type { DatabasePlace } from './database-use.ts'

const indentOf = (line: string): number => line.length - line.trimStart().length

const pythonRoute =
  /^\s{0,40}@[\w.]{1,80}\.(?:get|post|put|patch|delete|head|options|route|websocket|api_route|api_view)\(|^\s{0,40}@api_view\(/
const pythonDef = /^\s{0,40}(?:async\s{1,4})?def\s/
/** Views of Django: they take the request. */
const pythonView = /^\s{0,40}(?:async\s{1,4})?def\s{1,4}\w{1,80}\((?:self,\s?)?request\b/
const pythonOpens =
  /\b(?:psycopg2?|pymysql|MySQLdb|mysql\.connector|asyncpg|aiomysql|aiopg)\.(?:connect|create_pool)\(|\b(?:create_engine|create_async_engine|AsyncConnection\.connect)\(/
const pythonDrivers =
  /^\s{0,40}(?:import|from)\s{1,4}(?:psycopg2?|pymysql|MySQLdb|mysql|asyncpg|aiomysql|aiopg|sqlalchemy|sqlmodel)\b/m

/** Places in handlers of Flask, FastAPI, Starlette and Django. */
const inPython = (source: string): DatabasePlace[] => {
  if (!pythonDrivers.test(source)) return []
  const found: DatabasePlace[] = []
  let [handler, isDecorated, isText]: [number | null, boolean, boolean] = [null, false, false]
  source.split('\n').forEach((line, index) => {
    const marks = line.split(/"""|'''/).length - 1
    const wasText = isText
    if (marks % 2 === 1) isText = !isText
    const text = line.trim()
    if (wasText || text === '' || text.startsWith('#')) return
    const indent = indentOf(line)
    if (handler !== null && indent <= handler && !text.startsWith(')')) handler = null
    if (pythonRoute.test(line)) isDecorated = true
    else if (pythonDef.test(line)) {
      if (handler === null && (isDecorated || pythonView.test(line))) handler = indent
      isDecorated = false
    } else if (handler !== null && indent > handler && pythonOpens.test(line) && !/sqlite/i.test(line))
      found.push({ line: index + 1, text: text.slice(0, 140) })
  })
  return found
}

const rubyOpens =
  /\b(?:PG\.connect|PG::Connection\.(?:new|open)|Mysql2::Client\.new|ActiveRecord::Base\.establish_connection)\b/

/** Places in actions of Rails' controllers. */
const inRuby = (path: string, source: string): DatabasePlace[] => {
  if (!/(?:^|\/)app\/controllers\/.+\.rb$/.test(path)) return []
  const found: DatabasePlace[] = []
  let action: number | null = null
  source.split('\n').forEach((line, index) => {
    const text = line.trim()
    const indent = indentOf(line)
    if (/^def\s(?!self\.)/.test(text)) action = indent
    else if (text === 'end' && indent === action) action = null
    // What is kept beside the controller is made once.
    else if (action !== null && !text.startsWith('#') && rubyOpens.test(text) && !/(?:\$|@@)\w+\s*\|\|=/.test(text))
      found.push({ line: index + 1, text: text.slice(0, 140) })
  })
  return found
}

/** Connections that a file in Python or Ruby opens anew for each request. */
export const handlerConnections = (path: string, source: string): DatabasePlace[] =>
  path.endsWith('.py') ? inPython(source) : path.endsWith('.rb') ? inRuby(path, source) : []
