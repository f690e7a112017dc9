// Links to parts of pages: what is there, what a script may put there, and what is neither.
import { expect, it } from 'vitest'
import deadFragments from '../../../src/facts/http/dead-fragments.ts'
import { frontPageFact, html, type Site, script, words } from '../../support/front-pages.ts'

const link = (fragment: string, attributes = ''): string => `<a href="${fragment}"${attributes}>Pricing</a>${words}`
const front = (body: string, more: Site = {}): Site => ({ '/': html(body), ...more })

it.each<[string, Site, string[]]>([
  ['a section that is not there', front(link('#pricing')), ['#pricing']],
  ['the same twice', front(link('#pricing') + link('/#pricing')), ['#pricing']],
  ['a section of another page', front(link('/terms#refunds'), { '/terms': html(words) }), ['#refunds']],
  [
    'beside a script that does not know it',
    front(`${link('#pricing')}<script src="/a.js"></script>`, { '/a.js': script('go()') }),
    ['#pricing'],
  ],
  ['an id', front(`${link('#pricing')}<h2 id="pricing">Prices</h2>`), []],
  ['an id in other letters of the address', front(`${link('#caf%C3%A9')}<h2 id="café">Café</h2>`), []],
  ['the name of an anchor', front(`${link('#pricing')}<a name="pricing"></a>`), []],
  ['the top', front(link('#top') + link('#')), []],
  ['a way inside an app', front(link('#/pricing') + link('#!pricing') + link('#tab=2')), []],
  ['text to look for', front(link('#:~:text=Plans')), []],
  [
    'a button',
    front(link('#menu', ' role="button"') + link('#m', ' onclick="go()"') + link('#n', ' class="js-menu"')),
    [],
  ],
  ['a section that a script makes', front(`${link('#pricing')}<script>add('<h2 id="pricing">')</script>`), []],
  [
    'a script that loads more',
    front(`${link('#pricing')}<script type="module" src="/a.js"></script>`, { '/a.js': script('import("./b.js")') }),
    [],
  ],
  ['a script that is not there', front(`${link('#pricing')}<script src="/a.js"></script>`), []],
  ['a page that is not there', front(link('/gone#pricing')), []],
  [
    'a mail address that Cloudflare hides',
    front(link('/cdn-cgi/l/email-protection#4b23'), { '/cdn-cgi/l/email-protection': html(words) }),
    [],
  ],
  ['another site', front(link('https://example.org/#pricing')), []],
  ['a link that does something', front(link('/logout#pricing'), { '/logout': html(words) }), []],
])('%s', async (_, site, expected) =>
  expect((await frontPageFact(deadFragments, site)).map(({ fragment }) => `#${fragment}`)).toEqual(expected),
)
