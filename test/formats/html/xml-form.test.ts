// Pages that are sent as XML: the first error that a browser's reader meets, and none in sound ones.
import { describe, expect, it } from 'vitest'
import { hiddenBy } from '../../../src/formats/html/hidden.ts'
import { pageKind } from '../../../src/formats/html/page-kind.ts'
import { xmlFault } from '../../../src/formats/html/xml-form.ts'

const strict =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'

describe('XML that browsers cannot read', () => {
  it.each([
    ['a bare ampersand', '<p>Tea & cake</p>', 'an "&"'],
    ['an element that is not closed', '<body><p>Hello<br></p></body>', '</p> where <br>'],
    ['elements that cross', '<p><b>x</p></b>', '</p> where <b>'],
    ['the end is missing', '<html><body>', '<body> is never closed'],
    ['an attribute without quotes', '<p class=x/>', 'without a value in quotes'],
    ['an attribute without a value', '<input disabled/>', 'without a value in quotes'],
    ['an attribute twice', '<p id="a" id="b"/>', 'stands twice'],
    ['a name of HTML without XHTML’s document type', '<p>&nbsp;</p>', '"&nbsp;" is not defined'],
    ['a script with operators', '<script>if (a && b) go()</script>', 'an "&"'],
    ['a bracket in text', '<p>1 < 2</p>', 'a "<" that begins no tag'],
    ['two elements', '<p/><p/>', 'a second element'],
    ['text behind the page', '<p/>Warning: x', 'text outside'],
    ['a prefix that nothing defines', '<svg><use xlink:href="#a"/></svg>', 'the prefix xlink:'],
    ['a document type in small letters', '<!doctype html><p/>', 'a "<" that begins no tag'],
    ['nothing', '', 'no element'],
  ])('%s', (_, text, words) => expect(xmlFault(text)?.words).toContain(words))

  it('names the line', () => expect(xmlFault('<p>\n<b>\n</p>')?.line).toBe(3))

  it.each([
    ['names of HTML with its document type', `<?xml version="1.0"?>\n${strict}<p>&nbsp;&copy;&#8211;&#x20ac;</p>`],
    ['a section for a script', '<script>//<![CDATA[\nif (1 < 2 && 3) go()\n//]]></script>'],
    ['brackets and quotes in attributes', `<a title="x > y" class='it"s'/>`],
    ['a comment', '<p><!-- a < b & c --></p><!-- end -->'],
    ['entities of its own', '<!DOCTYPE p [<!ENTITY x "y">]><p>&x;</p>'],
    ['prefixes', '<html xmlns:x="urn:x"><x:a xml:lang="de" x:b="1"/></html>'],
  ])('not %s', (_, text) => expect(xmlFault(text)).toBeNull())

  it('says nothing of an end that was not read', () => expect(xmlFault('<html><body><p>cut', false)).toBeNull())

  it.each([
    ['application/xml', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', 'page'],
    ['application/xml', '<?xml version="1.0"?><feed/>', 'text'],
    ['application/rss+xml', '<rss/>', 'text'],
  ])('%s %s is a %s', (type, body, kind) => expect(pageKind({ headers: [['content-type', type]], body })).toBe(kind))
})

it('knows the classes that a page hides on every screen', () =>
  expect(
    hiddenBy('.a{color:red} .err { display : none } @media print{.b{display:none}} p .c{display:none} .d{'),
  ).toEqual(['err']))
