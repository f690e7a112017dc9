// What of an answer is about people, in whatever form it comes, and what is a visitor's own.
import { describe, expect, it } from 'vitest'
import { personalData } from '../../../src/formats/html/personal-data.ts'
import { isIban } from '../../../src/formats/html/personal-fields.ts'
import { makeUp } from '../../support/made-up-secrets.ts'

const records = (body: string, type = 'application/json', path = '/api/x'): number =>
  personalData({ url: `https://example.com${path}`, headers: [['content-type', type]], body })?.records ?? 0

const bcrypt = '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'
const table = (...rows: string[]): string =>
  `<!doctype html><table><tr><th>Name<th>E-Mail<th>Phone</tr>${rows.join('')}</table>`
const row = '<tr><td>Ada Byron<td>ada@mail.example<td>030 1234</tr>'

describe('people in an answer', () => {
  it.each<[string, number, string, string?, string?]>([
    ['CSV', 2, 'id,first_name,last_name,phone\n1,Ada,Byron,030 1\n2,Ben,Iru,030 2\n', 'text/csv'],
    ['CSV by semicolons', 1, 'Vorname;Nachname;IBAN\nAda;Byron;DE89370400440532013000\n', 'text/csv'],
    ['CSV sent as text', 1, '"name","email"\n"Ada Byron","ada@mail.example"\n', 'text/plain'],
    ['NDJSON', 2, '{"id":1,"email":"ada@mail.example"}\n{"id":2,"email":"ben@mail.example"}\n', 'application/x-ndjson'],
    ['a table of a page', 2, table(row, row.replace(/ada/gi, 'ben')), 'text/html'],
    ['a stored password', 1, `[{"id":1,"pw":"${bcrypt}"}]`],
    [
      'a bank account and its owner',
      1,
      '[{"mail":"x","email":"ada@mail.example","account":"DE89 3704 0044 0532 0130 00"}]',
    ],
    ['a key', 1, `{"rows":[{"id":7,"stripe":"${makeUp('sk_~live_51{A97}')}"}]}`],
    ['a list that its first path names', 1, '[{"name":"Ada Byron"}]', 'application/json', '/api/clients'],
  ])('%s: %d', (_name, expected, body, type, path) => expect(records(body, type, path)).toBe(expected))

  it.each<[string, string, string?]>([
    ['a guest', '{"user":{"id":"g1","name":"Guest","firstName":"Guest","lastName":"User"}}'],
    [
      'a guest by a flag',
      '{"session":{"isGuest":true,"email":"3f2a@guest.example.com","fullName":"Guest 17","phone":"-"}}',
    ],
    ['a visitor who is not logged in', '{"authenticated":false,"address":"Berlin","zip":"10115"}'],
    ['an anonymous account', '{"users":[{"id":1,"is_anonymous":true,"name":"x","email":"a@b.example"}]}'],
    ['prices', 'plan,price\nSolo,9\nTeam,29\n', 'text/csv'],
    ['products', 'name,sku,price\nMug,1,9\nCup,2,5\n', 'text/csv'],
    ['an account to pay to', '{"iban":"DE89370400440532013000"}'],
    ['a token against forgery', '{"csrfToken":"aB3dE5fG7hJ9kL1mN3pQ5rS7"}'],
    [
      'a table of plans',
      '<!doctype html><table><tr><th>Name<th>Price<tr><td>Solo<td>9<tr><td>Team<td>29</table>',
      'text/html',
    ],
    [
      'the contacts of an office',
      table('<tr><td>Sales<td>sales@example.com<td>1</tr>', '<tr><td>Press<td>press@example.com<td>2</tr>'),
      'text/html',
    ],
    ['prose', 'Hello, we write to you, dear reader;\nplease, read on;\n', 'text/plain'],
  ])('%s is none', (_name, body, type) => expect(records(body, type)).toBe(0))

  it.each([
    ['DE89370400440532013000', true],
    ['GB82 WEST 1234 5698 7654 32', true],
    ['DE89370400440532013001', false],
    ['AB12CDEFGHIJKLMNO', false],
  ])('%s is an account: %s', (value, expected) => expect(isIban(value)).toBe(expected))
})
