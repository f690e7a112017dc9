// Templates that nobody filled in, as they are bought, installed and started from; and products that show fillers on purpose.
import { describe, expect, it } from 'vitest'
import { placeholderOf } from '../../../src/formats/html/placeholder-page.ts'

const kindOf = (title: string, body: string, url = 'https://coachdash.example/'): string | null =>
  placeholderOf({
    url,
    status: 200,
    headers: [['content-type', 'text/html']],
    body: `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`,
  })?.kind ?? null

const lorem =
  'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.'
const nav = (...names: string[]) => `<nav>${names.map(name => `<a href="#">${name}</a>`).join('')}</nav>`
const cards = (...cards: [string, string][]) =>
  cards.map(([head, text]) => `<div class="card"><h3>${head}</h3><p>${text}</p></div>`).join('')

const unfilled: [name: string, title: string, body: string][] = [
  [
    'a landing page',
    'Landio - SaaS Landing Page HTML Template',
    `${nav('Your Logo', 'Home', 'About', 'Dropdown')}<header><h1>Your Tagline Goes Here</h1><p>${lorem}</p><a href="#!">Call to Action</a></header><h2>About Company Name</h2><p>Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.</p>${cards(['Feature One', lorem], ['Feature Two', lorem])}<p>John Doe, CEO of Company Name</p><p>$00</p><footer>123 Street Name, City, Country<br>info@yourdomain.com<p>Copyright &copy; Your Website 2023</p></footer>`,
  ],
  [
    'the same under another title',
    'Your Company',
    `<h1>Your headline here</h1><p>${lorem}</p><p>Jane Doe</p><footer>hello@yourcompany.com</footer>`,
  ],
  [
    'one of which the title alone was filled',
    'CoachDash – plans for coaches',
    `${nav('CoachDash')}<h1>Heading</h1><p>${lorem}</p>${cards(['Feature 1', lorem], ['Feature 2', lorem])}<p>Jane Doe</p>`,
  ],
  [
    'one with a heading of its own and nothing more',
    'CoachDash – plans for coaches',
    `<h1>CoachDash</h1><p>${lorem}</p>${cards(['Feature title', lorem], ['Feature title', lorem])}<blockquote>${lorem}</blockquote><p>John Doe</p><footer>info@example.com · (123) 456-7890</footer>`,
  ],
  [
    'in Spanish',
    'Tu empresa',
    `${nav('Tu logo', 'Inicio', 'Servicios')}<h1>Escribe aquí tu título</h1><p>${lorem}</p>${cards(['Servicio 1', 'Texto de relleno para este servicio.'], ['Servicio 2', lorem])}<p>Juan Pérez, Cargo</p><footer>info@tuempresa.com</footer>`,
  ],
  [
    'in German',
    'Firmenname',
    `${nav('Ihr Logo', 'Start', 'Leistungen')}<h1>Ihr Slogan steht hier</h1><p>Weit hinten, hinter den Wortbergen, fern der Länder Vokalien und Konsonantien leben die Blindtexte.</p>${cards(['Leistung 1', 'Hier steht ein Beispieltext.'])}<p>Max Mustermann</p><footer>Musterstraße 1, 12345 Musterstadt</footer>`,
  ],
  [
    'in French',
    'Nom de l’entreprise',
    `<h1>Votre titre ici</h1><p>${lorem}</p>${cards(['Service 1', 'Insérez votre texte ici.'])}<p>Jean Dupont</p><footer>contact@votredomaine.com</footer>`,
  ],
  [
    'in Portuguese',
    'Sua empresa',
    `<h1>Seu título aqui</h1><p>${lorem}</p><p>Texto de exemplo para descrever o serviço.</p><p>João Silva</p><footer>contato@suaempresa.com.br</footer>`,
  ],
  [
    'in Italian',
    'Il tuo sito',
    `<h1>Inserisci qui il tuo titolo</h1><h2>Il tuo titolo qui</h2><p>${lorem}</p><p>Mario Rossi</p><footer>info@tuosito.it</footer>`,
  ],
  [
    'a builder’s',
    'Home | My Site 1',
    `${nav('My Site 1')}<h1>Heading 1</h1><p>I'm a paragraph. Click here to add your own text and edit me. It’s easy. Just click “Edit Text” or double click me to add your own content.</p><p>This is a great place to tell your story and let your users know a little more about you.</p><footer>info@mysite.com 123-456-7890<br>500 Terry Francine Street, 6th Floor</footer>`,
  ],
  [
    'a shop as started',
    'My Store',
    `${nav('My Store', 'Catalog')}<h1>Talk about your brand</h1><p>Share information about your brand with your customers. Describe a product, make announcements, or welcome customers to your store.</p>${cards(['Example product title', '$19.99'], ['Example product title', '$19.99'])}<p>Pair text with an image to focus on your chosen product, collection, or blog post.</p>`,
  ],
  [
    'a starter for services',
    'Your SaaS Name',
    `${nav('Acme')}<h1>Your headline goes here</h1><p>Write an awesome description for your new site here.</p>${cards(['Feature 1', 'Description goes here.'], ['Feature 2', 'Description goes here.'])}<p>Jane Doe, Founder of Acme</p><footer>hello@yourdomain.com</footer>`,
  ],
]

const own =
  '<p>Coaches plan their weeks with it, and their clients see what they have to do on their phone.</p><p>It reminds everybody the day before, so that nobody stands before a closed door.</p><a href="/pricing">Prices</a>'

const meant: [name: string, title: string, body: string, url?: string][] = [
  [
    'a shop of templates',
    'Landing page templates for small products',
    `<h1>Templates that sell</h1>${own}${cards(['Landio - SaaS Landing Page Template', 'Your Tagline Goes Here'], ['Agencio', lorem])}<p>John Doe</p><p>Your Logo</p>`,
  ],
  [
    'the page of one template',
    'Landio - SaaS Landing Page HTML Template',
    `<h1>The landing page that you fill in an hour</h1><p>Landio has twelve sections, three colours and no script that you do not need.</p><p>Buy it once for 29 €, use it as often as you like.</p><p>Your Tagline Goes Here</p><p>${lorem}</p><p>John Doe</p>`,
  ],
  [
    'the demo of a template, at its maker’s',
    'Landio - SaaS Landing Page HTML Template',
    `<h1>Your Tagline Goes Here</h1><p>${lorem}</p><p>John Doe</p><p>Your Logo</p>`,
    'https://landio-template.example/',
  ],
  [
    'a maker of filler text',
    'Lorem Ipsum Generator',
    `<h1>Lorem Ipsum</h1><p>${lorem}</p><p>${lorem}</p><p>John Doe</p><button>Copy</button>`,
  ],
  [
    'a builder of sites',
    'Sitely – the website builder',
    `<h1>Your website in an hour</h1><p>Your Tagline Goes Here</p><p>I'm a paragraph. Click here to add your own text and edit me.</p><p>John Doe</p><p>info@yourdomain.com</p>`,
  ],
  [
    'a maker of business cards',
    'Cardly – business cards',
    `<h1>Cards that last</h1><p>Type your name, choose a paper, and print.</p><div><p>John Doe</p><p>Company Name</p><p>info@yourdomain.com</p><p>123 Street Name, City, Country</p><p>${lorem}</p></div>`,
  ],
  [
    'a product with an example',
    'CoachDash – plans for coaches',
    `<h1>Coaching, in one place</h1>${own}<div class="card"><p>John Doe</p><p>Company Name</p><p>${lorem}</p><p>info@yourcompany.com</p></div>`,
  ],
  [
    'a form with examples in its fields',
    'CoachDash – ask for a demo',
    '<h1>Ask for a demo</h1><form><input placeholder="John Doe"><input placeholder="you@yourdomain.com"><input placeholder="Company Name"><textarea>Lorem ipsum dolor sit amet</textarea></form><p>We call you back on the same day.</p>',
  ],
  [
    'a manual',
    'Quick start – Mailkit docs',
    `<h1>Your first mail</h1><p>Replace the name and the address by your own, and run the script.</p><pre>from: John Doe &lt;info@yourdomain.com&gt;\nLorem ipsum dolor sit amet</pre><p>Company Name</p><p>info@yourdomain.com</p><p>John Doe</p>`,
  ],
  [
    'a product in whose pictures a company is called Acme',
    'Invoicer – invoices for one',
    `<h1>Invoices that are paid</h1>${own}<p>Acme Inc</p><p>Jane Doe</p><p>123 Main Street</p><p>Call to action</p>`,
  ],
  ['a course of Latin', 'Latin for everybody', `<h1>Lingua Latina</h1><p>Dolor non est perpetua. ${lorem}</p>${own}`],
  [
    'a firm without many words',
    'Meyer Heizungsbau',
    '<h1>Heizung kaputt?</h1><p>Wir kommen noch heute zu Ihnen.</p><p>Service 1</p><p>Leistung 2</p><footer>Meyer, Hauptstraße 5, 12345 Berlin</footer>',
  ],
  [
    'a set of parts for pages',
    'Ember – parts for pages',
    `<h1>Button</h1><p>Button text</p><p>Heading 1</p><p>Heading 2</p><p>${lorem}</p><p>${lorem}</p><p>Use one button of the first kind on a page.</p><p>Two of them ask for a choice that nobody wants.</p>`,
  ],
  [
    'a printer of mugs',
    'Your Logo Here – printed mugs',
    '<h1>Your logo here</h1><p>We print your logo on mugs, from twelve pieces on.</p><p>Send it as a drawing, and see the mug before you pay.</p><p>Your Company</p><p>John Doe</p><p>4 € a piece</p>',
  ],
  [
    'a product that is called Headline',
    'Headline – news for teams',
    '<header><a href="/">Headline</a></header><h1>Headline</h1><p>All that your team reads, in one list each morning.</p><p>Button</p><p>Jane Doe</p><p>From 3 € a month.</p>',
  ],
  ['a few words', 'My Site', '<h1>My Site</h1><p>Here I write about boats and about what they cost.</p>'],
  [
    'a blog that has begun',
    'Boats – Just another WordPress site',
    '<h1>Boats</h1><h2>Hello world!</h2><h2>The winter camp</h2><p>We hauled the boat out on Saturday, and found three holes below the waterline.</p><p>The yard will mend them until March, for the price of a small car.</p>',
  ],
  [
    'a page whose prices begin with nothing',
    'Tally – forms',
    '<h1>Forms for everybody</h1><p>Free: $0</p><p>Pro: $00.50 an answer</p><p>Feature 1</p><p>Start with as many forms as you like.</p><p>Pay when somebody answers them.</p>',
  ],
]

describe('a template that nobody filled in', () =>
  it.each(unfilled)('%s', (_name, title, body) => expect(kindOf(title, body)).toBe('template')))

describe('fillers that are meant', () =>
  it.each(meant)('%s', (_name, title, body, url) => expect(kindOf(title, body, url)).toBe(null)))
