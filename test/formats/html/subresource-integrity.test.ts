import { expect, it } from 'vitest'
import { readHtml } from '../../../src/formats/html/html.ts'
import { unpinnedScripts } from '../../../src/formats/html/subresource-integrity.ts'

const unpkg = 'https://unpkg.com/htmx.org@2.0.0'

it.each([
  [`<script src="${unpkg}"></script><script src="${unpkg}"></script>`, [unpkg]],
  [`<script src="${unpkg}" integrity="sha384-x"></script>`, []],
  [`<script src="${unpkg}" integrity=" "></script>`, [unpkg]],
  ['<script src="https://js.stripe.com/v3/"></script>', []],
  ['<script src="http://widget.example.org/chat.js"></script>', ['http://widget.example.org/chat.js']],
  ['<script src="http://static.example.com/app.js"></script>', []],
  ['<script src="data:text/javascript,1"></script>', []],
  [`<link rel=stylesheet href="https://cdn.jsdelivr.net/a.css">`, []],
  [
    '<script src="https://unpkg.com/b"></script><script src="https://cdn.jsdelivr.net/a"></script>',
    ['https://cdn.jsdelivr.net/a', 'https://unpkg.com/b'],
  ],
])('%s', (html, urls) => expect(unpinnedScripts(readHtml(html, 'https://www.example.com/'))).toEqual(urls))
