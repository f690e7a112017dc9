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
    [
      'JSON in another language',
      1,
      '[{"vorname":"Ada","nachname":"Byron","geburtsdatum":"1995-12-10"}]',
      'application/json',
    ],
    ['CSV', 2, 'id,first_name,last_name,phone\n1,Ada,Byron,030 1\n2,Ben,Iru,030 2\n', 'text/csv'],
    ['CSV by semicolons', 1, 'Vorname;Nachname;IBAN\nAda;Byron;DE89370400440532013000\n', 'text/csv'],
    ['CSV sent as text', 1, '"name","email"\n"Ada Byron","ada@mail.example"\n', 'text/plain'],
    ['NDJSON', 2, '{"id":1,"email":"ada@mail.example"}\n{"id":2,"email":"ben@mail.example"}\n', 'application/x-ndjson'],
    ['a table of a page', 2, table(row, row.replace(/ada/gi, 'ben')), 'text/html'],
    ['French fields', 1, '[{"nom":"Byron","prenom":"Ada","courriel":"ada@mail.example","telephone":"06"}]'],
    ['Spanish fields', 1, '[{"nombre":"Ada","correo":"ada@mail.example","telefono":"612"}]'],
    ['letters', 1, '{"messages":[{"from":"ada@mail.example","to":"ben@mail.example","subject":"Tuesday"}]}'],
    ['a stored password', 1, `[{"id":1,"pw":"${bcrypt}"}]`],
    [
      'a bank account and its owner',
      1,
      '[{"mail":"x","email":"ada@mail.example","account":"DE89 3704 0044 0532 0130 00"}]',
    ],
    ['a key', 1, `{"rows":[{"id":7,"stripe":"${makeUp('sk_~live_51{A97}')}"}]}`],
    [
      'elements of XML',
      2,
      '<?xml version="1.0"?><customers><customer id="1"><name>Ada</name><email>ada@mail.example</email></customer><customer><name>Ben</name><email>ben@mail.example</email></customer></customers>',
      'application/xml',
    ],
    ['attributes of XML', 1, '<users><u email="ada@mail.example" phone="1"/></users>', 'text/xml'],
    [
      'cards of contacts',
      1,
      'BEGIN:VCARD\nVERSION:4.0\nFN:Ada Byron\nEMAIL;TYPE=home:ada@mail.example\nEND:VCARD\n',
      'text/vcard',
    ],
    [
      'cards of a page',
      2,
      '<!doctype html><dl><dt>Name</dt><dd>Ada</dd><dt>Phone</dt><dd>1</dd></dl><dl><dt>Name</dt><dd>Ben</dd><dt>Phone</dt><dd>2</dd></dl>',
      'text/html',
    ],
    [
      'labelled lines of a page',
      2,
      '<!doctype html><ul><li>Client: Ada<li><b>Phone:</b> 1</ul><ul><li>Client: Ben<li><b>Phone:</b> 2</ul>',
      'text/html',
    ],
    ['YAML', 2, '- name: Ada\n  email: ada@mail.example\n- name: Ben\n  email: ben@mail.example\n', 'text/yaml'],
    ['a list of addresses', 3, '{"emails":["ada@mail.example","ben@mail.example","cid@mail.example"]}'],
    ['JSONP', 1, 'cb([{"id":1,"email":"ada@mail.example"}]);', 'application/javascript'],
    ['JSON that is kept from being run', 1, ')]}\',\n[{"id":1,"email":"ada@mail.example"}]'],
    ['JSON inside JSON', 1, JSON.stringify({ body: JSON.stringify([{ id: 1, email: 'ada@mail.example' }]) })],
    ['columns apart from rows', 1, '{"columns":["id","email","phone"],"rows":[[1,"ada@mail.example","1"]]}'],
    ['rows below their heads', 1, '{"values":[["Name","E-Mail"],["Ada","ada@mail.example"]]}'],
    [
      'a calendar',
      1,
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTENDEE;CN=Ada Byron:mailto:ada@mail.example\nEND:VEVENT\nEND:VCALENDAR\n',
      'text/calendar',
    ],
    ['a key beside its owner', 1, '[{"api_key":"k3JqX9vT2mB7yLr8sT5uYzB1","user_id":7}]'],
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
    ['a manual’s example', '{"example":{"email":"jane@example.com","first_name":"Jane","last_name":"Doe"}}'],
    ['branches', '{"branches":[{"name":"Berlin","email":"mitte@shop.example","phone":"030 1","address":"Weg 1"}]}'],
    ['a place by its hours', '[{"id":1,"email":"mitte@shop.example","phone":"030","opening_hours":"9-17"}]'],
    ['a mailbox named for its city', '[{"city":"Berlin","email":"berlin@shop.example","phone":"030"}]'],
    [
      'a feed',
      '<rss><channel><item><author>ada@mail.example</author><phone>1</phone><name>x</name></item></channel></rss>',
      'application/xml',
    ],
    [
      'the card of a firm',
      'BEGIN:VCARD\nFN:Shop Ltd\nORG:Shop Ltd\nTEL:+49 30 1\nADR:;;Weg 1;Berlin;;;\nEND:VCARD\n',
      'text/vcard',
    ],
    ['a key for every browser', '{"search":{"appId":"A1","apiKey":"k3JqX9vT2mB7yLr8sT5uYzB1"}}'],
    ['the staff of the site', '<!doctype html><p>ada@example.com ben@example.com cid@example.com', 'text/html'],
    ['the staff of the site as records', '[{"fullName":"Ada Byron","role":"Founder","email":"ada@example.com"}]'],
    ['who organises', '[{"organizer":{"name":"Shop","email":"events@example.com","phone":"030 1"}}]'],
    ['a place in French', '[{"nom":"Agence","adresse":"1 rue A","telephone":"01 02"}]'],
    [
      'examples of an interface',
      '{"openapi":"3.1.0","info":{"title":"x"},"paths":{"/u":{"get":{"example":[{"email":"ada@mail.example","phone":"1"}]}}}}',
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
