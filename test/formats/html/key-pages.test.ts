import { describe, expect, it } from 'vitest'
import { readHtml } from '../../../src/formats/html/html.ts'
import { keyLinks, keyPageOf } from '../../../src/formats/html/key-pages.ts'

const of = (path: string, words = ''): string | null => keyPageOf(`https://example.com${path}`, words)?.kind ?? null

describe('key pages', () => {
  it.each([
    ['/users/sign_in', 'auth'],
    ['/users/sign_up', 'signup'],
    ['/accounts/login/', 'auth'],
    ['/de/preise', 'pricing'],
    ['/en-gb/pricing', 'pricing'],
    ['/checkout', 'payment'],
    ['/blog/how-to-login', null],
    ['/registered-trademarks', null],
  ])('by path: %s', (path, kind) => expect(of(path)).toBe(kind))
  // English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Danish, Norwegian, Finnish, Czech, Turkish, Russian,
  // Japanese, Chinese, Korean.
  it.each([
    ['auth', ['Log in', 'Anmelden', 'Se connecter', 'Iniciar sesión', 'Entrar', 'Accedi', 'Inloggen', 'Zaloguj się']],
    [
      'auth',
      [
        'Logga in',
        'Log ind',
        'Logg inn',
        'Kirjaudu',
        'Přihlásit se',
        'Giriş yap',
        'Войти',
        'ログイン',
        '登录',
        '로그인',
      ],
    ],
    [
      'signup',
      [
        'Start free',
        'Registrieren',
        'Créer un compte',
        'Crear cuenta',
        'Criar conta',
        'Registrati',
        'Account aanmaken',
      ],
    ],
    [
      'signup',
      ['Załóż konto', 'Skapa konto', 'Opret konto', 'Opprett konto', 'Luo tili', 'Registrace', 'Kayıt ol', '회원가입'],
    ],
    [
      'pricing',
      [
        'Pricing →',
        'Preise',
        'Tarifs',
        'Precios',
        'Preços',
        'Prezzi',
        'Prijzen',
        'Cennik',
        'Priser',
        'Hinnat',
        'Ceník',
      ],
    ],
    [null, ['Start', 'Log', 'Join our team', 'Price of gold', 'Registered office', 'Our plans for 2027']],
  ])('by words: %s', (kind, words) => {
    for (const text of words) expect([text, of('/x', text)]).toEqual([text, kind])
  })
})

it('of a page are its first two of each kind on hosts of ours', () => {
  const page = readHtml(
    '<a href="/login#top">Log in</a><a href="https://app.example.com/login">Log in</a><a href="/sign-in">Sign in</a><a href="https://elsewhere.example/pricing">Pricing</a><a href="/pricing">Pricing</a><a href="/signup">Sign up</a><a href="/">Log in</a><a href="mailto:a@example.com">Log in</a>',
    'https://example.com/',
  )
  const links = keyLinks(page, host => host.endsWith('example.com'), new Set(['signup'] as const))
  expect(links.map(({ url, key }) => `${key.kind} ${url}`)).toEqual([
    'auth https://example.com/login',
    'auth https://app.example.com/login',
    'pricing https://example.com/pricing',
  ])
})
