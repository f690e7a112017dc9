// Which form signs in, and what a browser sends of it.
import { describe, expect, it } from 'vitest'
import { formFields, formSubmission, passwordForm } from '../../../src/formats/html/flow-form.ts'
import { readHtml } from '../../../src/formats/html/html.ts'

const url = 'https://app.example.com/login'
const fieldsOf = (html: string): Record<string, string> =>
  Object.fromEntries(formFields(passwordForm(readHtml(html, url)), { password: 'p' }))

describe('the form that signs in', () => {
  it.each([
    [
      'is the one with a password',
      '<form><input type=hidden name=a value=1></form><form><input type=password name=password><input type=hidden name=b value=2></form>',
      { b: '2', password: 'p' },
    ],
    [
      'else the first',
      '<form><input type=hidden name=a value=1></form><form><input type=hidden name=b value=2></form>',
      { a: '1', password: 'p' },
    ],
    [
      'not one in a comment',
      '<!--<form><input type=password><input type=hidden name=x value=1></form>--><form><input type=password><input type=hidden name=y value=2></form>',
      { y: '2', password: 'p' },
    ],
    [
      'with entities decoded',
      '<form><input type=password><input type="hidden" name="t" value="a&amp;b&#x3d;&quot;"></form>',
      { t: 'a&b="', password: 'p' },
    ],
    [
      'whatever the quotes and the order',
      "<form><INPUT VALUE='v' NAME=n TYPE='HIDDEN'><input type=password></form>",
      { n: 'v', password: 'p' },
    ],
    ['none where a script holds the fields', '<input type=password name=q>', { password: 'p' }],
    ['none on an empty page', '', { password: 'p' }],
  ])('%s', (_, html, fields) => {
    expect(fieldsOf(html)).toEqual(fields)
  })
})

describe('what is sent', () => {
  it('names the page that it comes from, and its origin', () => {
    expect(formSubmission('https://api.example.com/in', [['a', 'b c&d']], 'https://www.example.com/login?x=1')).toEqual(
      {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: 'https://www.example.com',
          referer: 'https://www.example.com/login?x=1',
        },
        body: 'a=b+c%26d',
      },
    )
  })
  it('says its own origin where it comes from no page', () => {
    expect(formSubmission(url, [], null).headers).toEqual({
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://app.example.com',
    })
  })
})
