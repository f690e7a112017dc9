// Recognises the key pages of a product from links: by path and by the words people put on them, in the languages that small products are written in.
import type { RouteKind } from '../../core/target.ts'
import type { HtmlPage } from './html.ts'

export type KeyPage = { kind: RouteKind; name: string }

type Rule = { kind: RouteKind; name: string; path: RegExp; words: RegExp }

const rules: readonly Rule[] = [
  {
    kind: 'signup',
    name: 'signup',
    path: /^\/(?:[a-z]{2}(?:-[a-z]{2})?\/)?(?:auth\/|users\/|account\/|accounts\/)?(?:sign[-_]?up|register|registration|join|get-started|start-trial|trial|create-account|inscription|registro|registrieren|registrierung|cadastro|registrati|registrace|rejestracja|registrera|opret|opprett|kayit|uye-ol|rekisteroidy)\/?$/i,
    words:
      /^(?:sign ?up(?: free| now| for free)?|register|create (?:an |your |free )?account|get started(?: free| for free| now| today)?|start (?:for )?free|start now|start (?:your )?(?:free )?trial|try (?:it )?(?:for )?free|join(?: now)?|registrieren|konto erstellen|kostenlos (?:testen|starten)|jetzt starten|s['’]inscrire|cr[ée]er un compte|essai gratuit|inscription|reg[ií]strate|registrarse|crear cuenta|prueba gratis|empezar|cadastr(?:e-se|ar)|criar conta|teste gr[áa]tis|registrati|iscriviti|crea un account|prova gratis|registreren|account aanmaken|gratis proberen|zarejestruj się|załóż konto|регистрация|зарегистрироваться|新規登録|会員登録|注册|免费试用|skapa konto|registrera(?: dig)?|opret konto|opprett konto|registrer deg|luo tili|rekisteröidy|kayıt ol|üye ol|ücretsiz (?:dene|başla)|회원가입|registrace|vytvořit účet|zaregistrovat(?: se)?|registrierung|kostenlos registrieren)$/i,
  },
  {
    kind: 'auth',
    name: 'login',
    path: /^\/(?:[a-z]{2}(?:-[a-z]{2})?\/)?(?:auth\/|users\/|account\/|accounts\/)?(?:log[-_]?in|sign[-_]?in|connexion|anmelden|entrar|acceso|accedi|iniciar-sesion|inloggen|logowanie|prihlaseni|logga-in|log-ind|logg-inn|kirjaudu|giris)\/?$/i,
    words:
      /^(?:log ?in|sign ?in|login|member login|client login|anmelden|einloggen|connexion|se connecter|iniciar sesi[óo]n|acceder|entrar|fazer login|accedi|inloggen|aanmelden|zaloguj(?: się)?|войти|вход|ログイン|登录|登錄|logga in|log ind|logg inn|kirjaudu(?: sisään)?|giriş(?: yap)?|oturum aç|로그인|přihlásit(?: se)?|přihlášení)$/i,
  },
  {
    kind: 'pricing',
    name: 'pricing',
    path: /^\/(?:[a-z]{2}(?:-[a-z]{2})?\/)?(?:pricing|prices|plans|preise|tarifs|precios|precos|prezzi|prijzen|cennik|cenik|priser|hinnat|fiyatlar)\/?$/i,
    words:
      /^(?:pricing|prices|plans(?: (?:&|and) pricing)?|preise|tarife|tarifs|precios|planes|pre[çc]os|planos|prezzi|prijzen|cennik|цены|тарифы|料金|価格|价格|priser|hinnat|hinnasto|fiyatlar|fiyatlandırma|요금|요금제|ceník)$/i,
  },
  {
    kind: 'payment',
    name: 'checkout',
    path: /^\/(?:[a-z]{2}(?:-[a-z]{2})?\/)?(?:checkout|subscribe|upgrade|buy|billing|payment)\/?$/i,
    words:
      /^(?:buy now|subscribe(?: now)?|upgrade|checkout|jetzt kaufen|kaufen|abonnieren|acheter|s['’]abonner|comprar(?: ahora)?|suscribirse|assinar|acquista|abbonati|kopen|kup teraz|купить|購入|购买)$/i,
  },
  {
    kind: 'dashboard',
    name: 'dashboard',
    path: /^\/(?:[a-z]{2}(?:-[a-z]{2})?\/)?(?:dashboard|app|home\/dashboard|portal)\/?$/i,
    words:
      /^(?:dashboard|my account|open (?:the )?app|go to app|kundenbereich|mein konto|tableau de bord|mon compte|mi cuenta|panel|minha conta|il mio account|mijn account|moje konto|личный кабинет|ダッシュボード|マイページ|控制台)$/i,
  },
]

/** Longer texts are no words of a button. */
const longestWords = 200

/** Which key page a link leads to, by its path first, then by its words; null when none. */
export const keyPageOf = (url: string, text: string): KeyPage | null => {
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  const words = text
    .trim()
    .slice(0, longestWords)
    .replace(/[→»›>\s]+$/u, '')
  const rule = rules.find(item => item.path.test(path)) ?? rules.find(item => item.words.test(words))
  return rule ? { kind: rule.kind, name: rule.name } : null
}

/** Of each kind as many links of a page are followed. */
const mostPerKind = 2

/** Key pages that a page links to on hosts that `isOurs` lets through, but the kinds that are `settled`, in the order of the page. */
export const keyLinks = (
  page: HtmlPage,
  isOurs: (host: string) => boolean,
  settled: ReadonlySet<RouteKind>,
): { url: string; key: KeyPage }[] => {
  const perKind = new Map<RouteKind, number>()
  return page.links.flatMap(link => {
    const url = new URL(link.url)
    if (!/^https?:$/.test(url.protocol) || !isOurs(url.hostname) || url.pathname === '/') return []
    url.hash = ''
    const key = keyPageOf(url.href, link.text)
    const count = key ? (perKind.get(key.kind) ?? 0) : 0
    if (!key || count >= mostPerKind || settled.has(key.kind)) return []
    perKind.set(key.kind, count + 1)
    return [{ url: url.href, key }]
  })
}

/** Paths tried where no link led to the page, in this order. */
export const commonPaths: readonly { kind: RouteKind; name: string; paths: readonly string[] }[] = [
  { kind: 'auth', name: 'login', paths: ['/login', '/signin', '/sign-in', '/auth/login'] },
  { kind: 'signup', name: 'signup', paths: ['/signup', '/register', '/sign-up'] },
  { kind: 'pricing', name: 'pricing', paths: ['/pricing'] },
]
