import { describe, expect, it } from 'vitest'
import { botWall, turnedAway } from '../../../src/formats/http/bot-wall.ts'

const answer = (status: number, headers: [string, string][], body = '') => ({ status, headers, body })

describe('bot-wall', () => {
  it.each([
    [
      'Cloudflare’s bot protection',
      answer(403, [
        ['server', 'cloudflare'],
        ['cf-mitigated', 'challenge'],
      ]),
    ],
    ['Cloudflare’s bot protection', answer(503, [['server', 'cloudflare']], '<title>Just a moment...</title>')],
    [
      'Vercel’s bot protection',
      answer(429, [['x-vercel-mitigated', 'challenge']], '<title>Vercel Security Checkpoint</title>'),
    ],
    ['AWS WAF', answer(202, [['x-amzn-waf-action', 'challenge']])],
    ['DataDome', answer(403, [['x-datadome', 'protected']])],
    ['Imperva', answer(200, [], '<script src="/_Incapsula_Resource?SWJIYLWA=x"></script>')],
    ['Akamai', answer(403, [['server', 'AkamaiGHost']], '<TITLE>Access Denied</TITLE> Reference&#32;&#35;18&#46;9')],
  ])('%s', (who, given) => expect(botWall(given)).toBe(who))
  it.each([
    ['a page behind Cloudflare', answer(200, [['server', 'cloudflare']], '<title>Just a moment...</title>')],
    [
      'a page that loads its detection',
      answer(
        200,
        [['server', 'cloudflare']],
        '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
      ),
    ],
    ['a page behind DataDome that lets us in', answer(200, [['x-datadome', 'protected']], '<h1>Shop</h1>')],
    ['a refusal of the site’s own', answer(403, [['server', 'nginx']], '<h1>403 Forbidden</h1>')],
    ['too many requests', answer(429, [['retry-after', '5']])],
  ])('nothing: %s', (_name, given) => expect(botWall(given)).toBe(null))
  it('a host that limits requests was not seen either', () => {
    expect(turnedAway('https://shop.example/', answer(429, []))).toEqual({
      kind: 'turned-away',
      host: 'shop.example',
      text: expect.stringContaining('shop.example answers 429'),
    })
    expect(turnedAway('https://shop.example/', answer(403, []))).toBe(null)
  })
})
