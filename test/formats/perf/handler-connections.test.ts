// Connections that handlers in Python and Ruby open for each request, and those that only look like it.
import { expect, test } from 'vitest'
import { handlerConnections } from '../../../src/formats/perf/handler-connections.ts'

const py = (text: string): number[] => handlerConnections('app/main.py', text).map(({ line }) => line)
const rb = (path: string, text: string): number[] => handlerConnections(path, text).map(({ line }) => line)

test.each<[string, string, number[]]>([
  ['Flask', 'import psycopg2\n@app.route("/clients")\ndef clients():\n    c = psycopg2.connect(url)\n', [4]],
  [
    'FastAPI, an engine each time',
    'from sqlalchemy import create_engine\n@router.get("/x")\nasync def x(\n    a: int,\n) -> dict:\n    e = create_engine(url)\n',
    [6],
  ],
  ['a view of Django', 'import pymysql\ndef clients(request):\n    c = pymysql.connect(host=h)\n', [3]],
  [
    'a view in a class',
    'import asyncpg\nclass V(View):\n    async def get(self, request):\n        c = await asyncpg.connect(url)\n',
    [4],
  ],
  [
    'one engine for all',
    'from sqlalchemy import create_engine\nengine = create_engine(url)\n@app.get("/")\ndef x():\n    return 1\n',
    [],
  ],
  ['after the handler', 'import psycopg2\n@app.get("/")\ndef x():\n    return 1\n\nconn = psycopg2.connect(url)\n', []],
  ['a helper that is kept elsewhere', 'import psycopg2\ndef get_conn():\n    return psycopg2.connect(url)\n', []],
  [
    'said in a text',
    'import psycopg2\n@app.get("/")\ndef x():\n    """\n    psycopg2.connect(url) would be wrong\n    """\n    # psycopg2.connect(url)\n    return 1\n',
    [],
  ],
  [
    'a file beside',
    'from sqlalchemy import create_engine\n@app.get("/")\ndef x():\n    e = create_engine("sqlite:///tmp.db")\n',
    [],
  ],
  ['another connect', 'import redis\n@app.get("/")\ndef x():\n    broker.connect(url)\n', []],
])('Python: %s', (_, text, lines) => {
  expect(py(text)).toEqual(lines)
})

test.each<[string, string, string, number[]]>([
  [
    'an action',
    'app/controllers/clients_controller.rb',
    'class ClientsController\n  def index\n    c = PG.connect(url)\n  end\nend\n',
    [3],
  ],
  [
    'kept for all',
    'app/controllers/clients_controller.rb',
    'class ClientsController\n  def index\n    $pg ||= PG.connect(url)\n  end\nend\n',
    [],
  ],
  [
    'not in an action',
    'app/controllers/clients_controller.rb',
    'class ClientsController\n  DB = PG.connect(url)\n  def index\n  end\nend\n',
    [],
  ],
  ['no controller', 'lib/import.rb', 'def run\n  PG.connect(url)\nend\n', []],
])('Ruby: %s', (_, path, text, lines) => {
  expect(rb(path, text)).toEqual(lines)
})

test('PHP opens a connection for each request by design', () => {
  expect(handlerConnections('app/Http/Controllers/A.php', 'new PDO($dsn)')).toEqual([])
})
