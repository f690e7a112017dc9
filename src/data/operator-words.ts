// Words that are meant for whoever keeps a site and not for its visitors, in the languages that small products are written in. Dated 2026-11-30;
// sources: the pages of hosters, panels, registrars, frameworks and installers themselves.

type Words = { test(words: string): boolean }
const inAnyCase = (pattern: RegExp): Words => ({ test: words => pattern.test(words.toLowerCase()) })

/** Who is spoken to keeps the site: "if you are the owner of this domain". */
export const toOwner: Words = inAnyCase(
  new RegExp(
    [
      "\\b(?:if you(?:[’']re| are)|are you) (?:an? |the )?(?:[\\w-]{2,20} ){0,3}(?:owner|administrator|admin|webmaster|developer|publisher|account holder)\\b|\\b(?:site|domain|account|app|store|shop|page|project|blog|website) owner\\b|\\b(?:the|its) owner of (?:this|the) (?:site|domain|account|app|store|page|project|blog|web ?site)\\b|\\bis this your (?:site|domain|account|app|store|page|project|blog|web ?site)\\b",
      '(?:wenn|falls|sollten) (?:sie|du) (?:der|die) (?:\\S{2,20} )?(?:inhaber|betreiber|besitzer|eigent[üu]mer|administrator)|(?:inhaber|betreiber)(?:in)? dieser (?:domain|seite|web)|sind sie (?:der|die) (?:\\S{2,20} )?(?:inhaber|betreiber|besitzer|eigent[üu]mer)',
      "si vous [êe]tes (?:le |la |l[’']|un )?(?:\\S{2,20} )?(?:propri[ée]taire|administrateur|webmaster|titulaire)|vous [êe]tes (?:le )?(?:propri[ée]taire|titulaire)",
      '(?:si|¿) ?(?:usted )?(?:es|eres) (?:usted )?(?:el |la )?(?:\\S{2,20} )?(?:propietari|due[ñn]|administrador|titular|webmaster)|propietario de (?:este|esta|el|la) (?:sitio|web|dominio|p[áa]gina|cuenta)',
      'se (?:voc[êe]|tu) [ée]s? (?:o |a )?(?:\\S{2,20} )?(?:propriet[áa]ri|don[oa]|administrador|titular|respons[áa]vel)',
      "se (?:sei|lei [èe]) (?:il |la |l[’'])?(?:\\S{2,20} )?(?:proprietari|titolare|amministratore|gestore|webmaster)|sei il (?:titolare|proprietario)",
      '\\b(?:bent|ben) (?:u|je|jij) (?:de )?(?:eigenaar|beheerder)|eigenaar van (?:deze|dit)',
      'je[śs]li jeste[śs] (?:\\S{2,20} )?(?:w[łl]a[śs]cicielem|administratorem)|w[łl]a[śs]cicielem (?:strony|domeny|serwisu|konta)',
      'если вы (?:\\S{2,20} )?(?:владел|администратор|хозяин)|владельц\\S{0,4} (?:этого )?(?:сайта|домена|ресурса)',
      'якщо ви (?:\\S{2,20} )?(?:власник|адміністратор)|власник\\S{0,4} (?:сайту|домену)|ако сте собственик',
      'pokud jste (?:\\S{2,20} )?(?:vlastn|majitel|spr[áa]vce)|ak ste (?:\\S{2,20} )?(?:vlastn|majite|spr[áa]vca)|ha (?:[öo]n|te) .{0,30}tulajdonos|dac[ăa] (?:sunte[țt]i|e[șs]ti) .{0,20}(?:proprietar|administrator)|ako ste (?:\\S{2,20} )?vlasnik|[čc]e ste lastnik',
      'site(?:nin)? sahibi|sahibiyseniz|[äa]r du (?:\\S{2,20} )?[äa]gare|(?:hvis|er) du (?:er )?(?:ejer|eier)|oletko (?:\\S{2,20} )?omistaja|αν είστε .{0,20}(?:ιδιοκτήτ|διαχειριστ)',
      '(?:サイト|ドメイン|ホームページ|サーバー?)の?(?:管理者|所有者|運営者|オーナー)|(?:如果您?是|如您是|若您是|您是).{0,12}(?:管理员|管理員|站长|站長|所有者|拥有者|擁有者|主人)|(?:사이트|도메인|홈페이지) ?(?:의 )?(?:관리자|소유자|운영자|주인)',
      'nếu bạn là (?:chủ|quản trị)|jika anda (?:adalah )?(?:pemilik|admin)|เจ้าของเว็บไซต์|หากคุณเป็นเจ้าของ|(?:صاحب|مالك|مدير) هذا الموقع|إذا كنت .{0,20}(?:صاحب|مالك|مدير)|(?:صاحب|مدیر|مالک) (?:این )?(?:سایت|وب)|אם (?:אתה|את|הינך) (?:בעל|מנהל)|यदि आप .{0,30}(?:स्वामी|मालिक)',
    ].join('|'),
  ),
)

/** What was installed speaks of itself: it is there, and nothing of anybody's own is yet. */
export const settingUp: readonly Words[] = [
  inAnyCase(
    /\bcongrat\w{3,12}|\bwelcome to your (?:new )?\w|\bsuccessfully (?:created|installed|deployed|set up|built|configured)|glückwunsch|f[ée]licitations|enhorabuena|felicidades|felicitaciones|parab[ée]ns|congratulazioni|gefeliciteerd|gratul|поздравля|вітаємо|tebrikler|chúc mừng|selamat!|تهانينا|恭喜|おめでとう|축하/,
  ),
  inAnyCase(
    /\byour (?:new|first) (?:[\w.-]{2,20} ){0,4}(?:site|app|application|page|project|server|deployment|store|blog|website|container|function|wiki|forum)\b|\b(?:is|are|has been|have been) (?:now |up and |successfully )?(?:running|installed)\b|\bit works\b|\bwas bootstrapped with\b/,
  ),
  inAnyCase(
    /\b(?:create|creating|add) (?:the |an? |your )?(?:first |initial )?(?:admin\w*|owner|super ?user|root) (?:account|user)\b|\bget(?:ting)? started (?:with|by)\b|\bnext steps?\b|\bwhat[’']s next\b|\bset (?:it |this )?up (?:the|your|a|now|first)\b|\bto get started\b|\bcreate your first\b|\bavailable scripts\b|\bfinish (?:the )?(?:installation|setup)\b|\bset ?up wizard\b|\brun the (?:installer|setup)\b/,
  ),
  // Nothing was made yet.
  inAnyCase(
    /\b(?:haven[’']t|have not|hasn[’']t|has not) (?:yet )?(?:been )?(?:created|added|published|uploaded|configured|set up|installed|written|posted|built|connected|linked|pointed)\b|\b(?:isn[’']t|is not) (?:yet )?(?:connected|linked|configured|published|installed)\b|\bno (?:front ?page )?(?:content|website|site) (?:has been |is |was )?(?:yet|created|added|published|installed|uploaded|configured)\b|\bnoch (?:keine?n?|nicht)\b|n[’']a pas encore|pas encore|\baucun (?:site|contenu)|\b(?:todav[íi]a|a[úu]n) no\b|sin contenido|\bainda n[ãa]o\b|\bnon (?:[èe]|ha) ancora\b|\bancora nessun|\bnog (?:geen|niet)\b|jeszcze nie|ещ[её] не|пока нет|ще не|まだ|尚未|还没有|還沒有|아직|\bchưa (?:được|có)|\bhenüz\b|\b[äa]nnu (?:inte|ingen)|\bendnu (?:ikke|ingen)|\bennå (?:ikke|ingen)|viel[äa] (?:ei|ole)|ei ole viel[äa]|\bm[ée]g (?:nem|nincs)|\bnu (?:a fost|este|are) [îi]nc[ăa]|zat[íi]m n|ยังไม่|لم يتم|لا يوجد (?:موقع|محتوى)|עדיין (?:לא|אין)|ακόμ[αη]/,
  ),
  inAnyCase(
    /\bdefault (?:page|site|web ?site|index|home ?page|view|template)|\bgenerated (?:by|automatically)\b|automatisch (?:erstellt|generiert)|g[ée]n[ée]r[ée]e? automatiquement|generad[oa] autom[áa]ticamente|сгенерирован|自动生成|自動生成|系统生成|默认|初期ページ|по умолчанию|page par d[ée]faut|standardseite|p[áa]gina (?:por defecto|predeterminada|padr[ãa]o|predefinita)|strona domy[śs]lna/,
  ),
]

/** What sites stand on, by kind: the more kinds a page of few words speaks of, the less it is meant for customers. */
export const worksKinds: readonly Words[] = [
  inAnyCase(
    /\b[\w-]{1,40}\.(?:php|html?|conf|ya?ml|ini|toml|cfg|jsx?|tsx?|mjs|py|rb|xml|jar|aspx?|jsp)\b|\.htaccess|(?:^|\s)\.env\b|\/(?:var|usr|etc|home|srv|opt|app)\/\w|\bpublic_html\b|\bdocument ?root\b|\bwwwroot\b/,
  ),
  inAnyCase(
    /\bhosting\b|\bweb ?host|\bhosted (?:by|on|at)\b|\bcontrol panel\b|\bcpanel\b|\bplesk\b|\bftp\b|\bname ?servers?\b|\bdns\b|\bregistrar\b|\bcname\b|\bdomain name\b|\bthis domain\b|\bweb ?space\b|webhotel|хостинг|панел[иь] (?:управления|керування)|домен|h[ée]berge|\balojamiento\b|hospedagem|serwer|sunucu|alan adı|\bdom[íi]nio|tên miền|domän|ドメイン|サーバ|域名|主机|服务器|호스팅|도메인|استضاف|نطاق/,
  ),
  inAnyCase(
    /\bdatabase\b|\bmysql\b|\bpostgres|\bsql\b|\bconfig(?:uration|ured|ure)?\b|\bsettings? in\b|\btrusted_\w+|\benvironment\b|\bmodules?\b|\bplugins?\b|datenbank|base de donn[ée]es|base de datos|banco de dados|baz[ayę] danych|баз[аыу] данных|数据库|データベース|데이터베이스/,
  ),
  inAnyCase(
    /\badmin(?:istrators?)?\b|\badmin (?:interface|panel|area)\b|\bwebmaster\b|\bdevelopers?\b|\bdebug\b|\blogs?\b(?! in\b)|administrateur|administrador|amministrator|администратор|адміністратор|管理员|管理者|관리자|y[öo]netici|quản trị/,
  ),
  inAnyCase(
    /\b(?:web services?|wsdl|soap|namespaces?|schemas?|deploy(?:ed|ment|ing)?|containers?|kubernetes|docker|instances?|runtime|localhost|127\.0\.0\.1|build|branch|repository|node\.?js|npm|yarn|lambda|function app|endpoint|upstream|proxy|gateway|backend|cache server|web server|apache|nginx|iis)\b/,
  ),
  inAnyCase(
    /\bhttp(?:\/[\d.]+)? \d{3}\b|\bcontent-type:|\ballow: (?:get|head|post)|\b(?:request|ray|event|incident|trace|session|support|transaction|reference|correlation|error|client) ?id\b|\bip(?: address)?: ?\d|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}\b|\b[0-9a-f]{16,64}\b/,
  ),
]

/** A page that speaks of the domain that it stands at: no product does. */
export const ofThisDomain: Words = inAnyCase(
  /\b(?:this|the|your) domain(?: name)?\b|\bdiese[rs]? domain|\bce (?:nom de )?domaine|\beste dom[íi]nio|\bquesto dominio|\b(?:dit|dat) domein|\bden h[äa]r dom[äa]n|\bdette dom[æe]ne|\b(?:tato|t[áa]to) dom[ée]na|\bta domena|\bez a domain|\bacest domeniu|\bbu (?:alan ad|domain)|\bova domena|эт(?:от|ого) домен|це[йо]г?о? ?домен|този домейн|(?:该|此|這個|这个|該)(?:域名|網域|网域)|t[äa]ll[äa] verkkotunnuksella|t[äa]m[äa] verkkotunnus|ovaj domen|このドメイン|이 도메인|tên miền này|\bdomain ini\b|โดเมนนี้|هذا النطاق|این دامنه|דומיין זה|यह डोमेन|αυτό το domain/,
)

/** Titles of pages that nobody named. */
export const namelessTitle: Words = inAnyCase(
  /^(?:|error\w*|document|index|untitled.{0,20}|home|default|page|website|site|web page|blocked|access denied|oops.{0,3}|notice|info|message|welcome!?|welcome to .{1,40}|test|new tab|loading\W{0,4}|please wait\W{0,4}|redirecting\W{0,4})$/,
)

/** Paths behind which a site is kept, not visited. */
export const keptPath =
  /^\/(?:[\w-]{1,20}[-_/])?(?:admin\w*|administrator|install\w*|setup|config\w*|mw-config|wp-admin|wp-login\.php|user\/login|login|signin|sign-in|accounts?\/login|api-auth|dashboard|panel|cpanel|typo3|backend)(?:[/.?]|$)/i
