// Recognises privacy policy, terms and contact among a site's links, by path and by words in many languages.
import { percentDecoded } from '../percent.ts'
import type { HtmlLink } from './html.ts'

export const legalKinds = ['privacy', 'terms', 'contact'] as const
export type LegalKind = (typeof legalKinds)[number]

const rules: Record<LegalKind, { path: RegExp; words: RegExp }> = {
  privacy: {
    path: /(^|[/_-])(privacy|datenschutz|confidentialite|privacidad|privacidade|rgpd|gdpr|prywatnosc|integritet|personuppgifter|tietosuoja|personvern|privatliv|gizlilik|kvkk|privacybeleid)([/_.-]|$)|politique-de-conf|proteccion-de-datos|informativa|polityka-prywatnosci|data-protection|privacy-?policy/i,
    words:
      /privacy|data protection|datenschutz|confidentialit[ée]|donn[ée]es personnelles|vie priv[ée]e|privacidad|protecci[óo]n de datos|privacidade|prote[çc][ãa]o de dados|riservatezza|trattamento dei dati|gegevensbescherming|prywatno[śs]|ochrona danych|конфиденциальност|персональных данных|приватност|プライバシー|個人情報|隐私|隱私|개인정보|integritetspolicy|personvern|privatliv|tietosuoja|gizlilik|kişisel veri|ochrana osobních údajů|osobní(?:ch)? údaj|الخصوصية|גישת פרטיות|פרטיות/i,
  },
  terms: {
    path: /(^|[/_-])(terms?|tos|t-?and-?c|agb|nutzungsbedingungen|cgu|cgv|conditions|terminos|termos|condizioni|termini|voorwaarden|regulamin|villkor|vilkar|kayttoehdot|eula|legal|mentions-legales|aviso-legal|subscription-agreement|user-agreement)([/_.-]|$)/i,
    words:
      /\bterms\b|\bt&c|\btos\b|user agreement|subscription agreement|\bagb\b|nutzungsbedingungen|gesch[äa]ftsbedingungen|\bcg[uv]\b|conditions (g[ée]n[ée]rales|d['’]utilisation|de vente)|mentions l[ée]gales|t[ée]rminos|condiciones|aviso legal|termos|condi[çc][õo]es|termini|condizioni|voorwaarden|regulamin|warunki|услови[яй]|соглашени|оферт|правила|利用規約|規約|特定商取引|服务条款|服務條款|使用条款|用户协议|이용약관|villkor|vilkår|betingelser|obchodní podmínky|podmínky|käyttöehdot|koşul|sözleşme|الشروط|תנאי|^legal$/i,
  },
  contact: {
    path: /(^|[/_-])(contact|contact-?us|kontakt|contacto|contato|contatti|impressum|imprint|support|help|about|about-us|ueber-uns|kapcsolat|yhteystiedot|iletisim|aide|ayuda|ajuda|aiuto|hilfe|pomoc)([/_.-]|$)/i,
    words:
      /contact|kontakt|impressum|imprint|contáctanos|contacto|contato|fale conosco|contatt|get in touch|talk to us|write to us|support|help ?(cent|desk)|^help$|hilfe|^aide$|ayuda|ajuda|assistenza|ondersteuning|pomoc|контакты|связаться|поддержка|お問い合わせ|問い合わせ|会社概要|联系|聯絡|支持|문의|고객센터|yhteystied|iletişim|اتصل|צור קשר/i,
  },
}

/** The first link that leads to such a page; for contact also a mailto: or tel: link. */
export const legalLink = (kind: LegalKind, links: readonly HtmlLink[]): string | null => {
  const rule = rules[kind]
  const found = links.find(link => {
    if (!URL.canParse(link.url)) return false
    const url = new URL(link.url)
    if (url.protocol === 'mailto:' || url.protocol === 'tel:') return kind === 'contact'
    if (!/^https?:$/.test(url.protocol)) return false
    // A mail address that Cloudflare hides from programs.
    if (kind === 'contact' && url.pathname.startsWith('/cdn-cgi/l/email-protection')) return true
    const path = percentDecoded(url.pathname)
    return rule.path.test(path) || rule.words.test(link.text) || rule.words.test(path)
  })
  return found?.url ?? null
}

const hub =
  /^(?:legal|policies|legal (?:center|hub|stuff|information|notices?)|rechtliches|l[ée]gal(?:es)?|juridisch|note legali)$/i

/** Whether a link leads to a page that gathers all legal ones. */
export const isLegalHub = ({ url, text }: HtmlLink): boolean =>
  URL.canParse(url) &&
  /^https?:$/.test(new URL(url).protocol) &&
  (hub.test(text.trim()) || hub.test(new URL(url).pathname.replace(/^\/(?:[a-z]{2}\/)?|\/$/g, '')))

/** Where such a page usually stands, for sites that do not link to it. */
export const legalPaths: Record<LegalKind, readonly string[]> = {
  privacy: ['/privacy', '/privacy-policy'],
  terms: ['/terms', '/terms-of-service'],
  contact: ['/contact'],
}
