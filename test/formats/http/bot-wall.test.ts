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
    ['DDoS-Guard', answer(403, [['server', 'ddos-guard']], '<title>DDoS-Guard</title><p>Checking your browser')],
    ['Anubis', answer(200, [], '<script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>')],
    [
      'a test whether visitors are human',
      answer(200, [], '<!doctype html><title>Shop</title><h1>Verify you are human</h1><script>var a="<a>"</script>'),
    ],
    ['a test whether visitors are human', answer(403, [], '<title>Security check</title><p>Please wait.')],
    [
      'a test whether visitors are human',
      answer(200, [], '<title>One moment</title><h1>Please wait while your request is being verified...</h1>'),
    ],
    ['a rule on countries', answer(403, [], '<h1>This service is not available in your country</h1><p>We are sorry.')],
    ['a rule on countries', answer(451, [], '<title>451 Unavailable For Legal Reasons</title>')],
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
    [
      'a log-in page with a test',
      answer(200, [], '<h1>Are you human?</h1><form><input type="email"><input type="password"></form>'),
    ],
    [
      'a product that is about such tests',
      answer(
        200,
        [],
        `<title>Human verification</title><h1>Human verification</h1>${'<p><a href=/x>Stop bots at the door, not your customers.</a>'.repeat(30)}`,
      ),
    ],
    ['a step of a form', answer(200, [], `<h2>One step to your first plan</h2>${'<a href=/a>b</a>'.repeat(6)}`)],
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
