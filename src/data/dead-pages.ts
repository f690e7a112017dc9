// Words with which a page says that it does not work, whatever its status. Dated 2026-11-29; sources: the pages themselves (WordPress
// wp_die and maintenance mode, Heroku, Next.js, Vercel, nginx, Apache, HAProxy, Varnish, cPanel, Django, Rails, Laravel, Express, Spring,
// IIS, Drupal, Joomla, Magento, Shopify, Ghost) and the errors of PHP, MySQL, PostgreSQL, SQL Server, Oracle, MongoDB and common ORMs.

/** What a front page stands for, and how it may be when it is not there. */
const thing =
  '(?:web ?site|web ?page|site|page|app(?:lication)?|domain|host(?:name)?|server|service|instance|container|sandbox|tunnel|endpoint|deployment|project|account|store|shop|forum|board|wiki|blog|portal|form|survey|poll|plan|subscription|function|system|platform|database|backend|gateway|workspace|resource|panel|installation|licen[cs]e|connection)'
const lostState =
  "(?:suspended|disabled|deactivated|private|blocked|banned|restricted|unpublished|archived|removed|deleted|expired|inactive|unavailable|unreachable|offline|locked|paused|stopped|crash(?:ed|ing)|down|asleep|sleeping|overloaded|misconfigured|gone|(?:not|n[’']t) (?:yet |currently |correctly )?(?:been )?(?:start(?:ed)?|running|built|configured|deployed|published|live|found|available|respond(?:ing)?|set up|ready|active|activated|connected|verified|reachable|working|up|here|exist))"
/** "This site has been archived", "the admin panel is not built". */
const lostThing = `\\b${thing}(?: [^\\s.!?]{1,60}){0,4}? ${lostState}\\b`

/** Whole sentences as headings, titles or first words: nothing may stand behind them but a full stop and a few words of courtesy. */
const sentences: readonly string[] = [
  // Databases
  'error establishing a database connection',
  'database (?:connection )?(?:error|failed|failure|unavailable)',
  "(?:could not|cannot|can[’']t|unable to|failed to) connect to (?:the |my|local )?(?:database|db|mysql|sql|postgres\\w*|mongo\\w*|redis|backend|server|upstream)\\b.{0,60}",
  'the (?:website|site) encountered an unexpected error',
  'the service you requested is temporarily unavailable',
  // Servers and proxies
  '(?:error )?(?:http )?(?:error |status )?50[0-4][\\s:.|–-]+(?:-? ?error)?(?:internal (?:server )?error|server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|error).{0,30}',
  '(?:http )?error 50\\d(?:\\.\\d+)?(?:[\\s:.|–-]+[a-z].{0,80})?',
  '(?:internal|server|internal server|runtime) error(?: \\(?500\\)?)?',
  "server error in '/\\S{0,60}' application",
  '(?:502 )?bad gateway',
  '(?:503 )?service (?:temporarily |is )?unavailable',
  '(?:504 )?gateway time-?out',
  'no server is available to handle this request',
  'error 503 .{2,60}',
  'guru meditation.{0,40}',
  'upstream connect error or disconnect/reset before headers.{0,120}',
  'no healthy upstream',
  'default backend - 404',
  'cannot (?:get|post) /\\S{0,60}',
  "this site can[’']t be reached",
  "(?:the )?(?:page|website|site) (?:is|isn[’']t) (?:not )?(?:working|available)(?: right now)?",
  // Applications
  'application error(?:: a (?:client|server)-side exception has occurred.{0,120})?',
  'unexpected application error',
  '[a-z]\\w{2,60}(?:error|exception|doesnotexist|404) at /\\S{0,100}',
  'there has been an error processing your request.{0,40}',
  'application failed to respond',
  '(?:error )?[a-z][\\w.$\\\\]{0,100}(?:error|exception)(?: \\(\\d+\\))?: .{3,160}',
  '(?:an? )?(?:unexpected|unknown|internal|fatal|critical|unhandled|server|application|runtime)? ?error (?:has )?occurr?ed.{0,80}',
  "(?:this page )?(?:isn[’']t|is not) working(?: right now)?",
  "(?:we(?:[’']re| are) sorry,? (?:but )?)?something (?:went|has gone) (?:terribly )?wrong.{0,40}",
  'there has been a critical error on (?:this|your) website.{0,80}',
  'whitelabel error page',
  'unhandled (?:exception|runtime error|promise rejection|rejection).{0,80}',
  '(?:uncaught )?(?:type|reference|syntax|range)error\\b.{0,160}',
  'exception (?:encountered|thrown|caught|in thread).{0,80}',
  'an error occurred while (?:loading|processing|rendering|executing).{0,80}',
  'failed to (?:load|fetch|render)(?: .{0,60})?',
  'function_invocation_(?:failed|timeout)|this serverless function has (?:crashed|timed out)',
  'error:? (?:unknown )?(?:module|template|view|layout).{0,60} not found.{0,60}',
  '(?:there was |we had )?(?:a|an) (?:problem|error) (?:loading|displaying|with) this (?:page|site|website).{0,40}',
  'invalid (?:host(?:name)?|http_host)(?: header)?(?:: .{1,80})?',
  'blocked request\\. this host .{3,160}',
  'worker threw exception(?: \\| .{1,60})?',
  // Taken over
  '(?:hacked|defaced|pwned|owned|0wned) by .{2,60}|you (?:have been|got|are) (?:hacked|pwned|owned).{0,40}',
  // Kept shut
  '(?:this |your |the )?(?:account|website|site|web ?site|domain|store|shop|service|app|application|deployment|project|workspace)(?: name)?(?: has been| has| is| was)? (?:currently |temporarily )?(?:suspended|disabled|deactivated|expired|paused|offline|unavailable|down|closed|locked|asleep|gone to sleep)(?: (?:for(?! good| ever)|due|until|at (?:the|this)|by|because|pending) .{0,50})?',
  "(?:this|the|your) (?:app|application|site|website|web ?site|project|page|deployment) (?:isn[’']t|is not|has not been) (?:yet )?(?:live|published|deployed|running)(?: yet)?",
  'nothing (?:was )?found',
  'no such (?:app|site|bucket|host|domain|deployment|project|page)',
  'the (?:requested )?(?:deployment|site|app|project|page) could not be found.{0,60}',
  "(?:there isn[’']t a \\w+ ?\\w* site here|there is no app configured at that hostname)",
  "(?:sorry,? )?(?:there(?:[’']s| is| are)(?: currently| yet| still)? )?no (?:web ?)?(?:sites?|pages?|projects?|apps?|applications?|stores?|shops?|deployments?|workspaces?|tenants?) (?:is |are |was |has been |have been )?(?:yet |currently )?(?:connected|linked|attached|assigned|configured|published|hosted|set up|registered|mapped|found|here) (?:to|with|at|for|on|under) (?:this|that|the requested) (?:custom )?(?:domain|address|host(?:name)?|url|name|domain name)",
  '(?:tunnel|site|app|application|project|deployment|instance|container|bucket|backend|upstream)(?: \\S{1,80})? not found',
  '(?:connection timed out|a timeout occurred|ssl handshake failed|invalid ssl certificate|origin dns error)\\s?error code 5[23]\\d',
  '(?:the )?(?:web ?server|origin|origin web server|host) is (?:down|unreachable|returning an unknown error)(?: error code 52\\d)?',
  '(?:sorry, )?this (?:shop|store|site) is currently unavailable.{0,40}',
  'bandwidth limit exceeded',
  '(?:resource limit is reached|508 resource limit.{0,30})',
  '(?:trial|license|licence|subscription)(?: period)? (?:has )?expired',
  '(?:site|server|software|fatal|system|startup|config\\w*) error: .{3,160}',
  // Maintenance
  'briefly unavailable for scheduled maintenance.{0,60}',
  "(?:sorry,? )?(?:we(?:[’']re| are) |(?:the |our |this )?(?:site |website |system |app |service |shop )?(?:is )?)?(?:currently |temporarily )?(?:down for|undergoing|under|performing|in) (?:a |an )?(?:scheduled |planned |some |routine |site |system |essential |urgent )?maintenance(?: mode| work| right now| at the moment)?(?:[. ].{0,40})?",
  '(?:site|website|system|server) (?:under|is under|is undergoing|in) maintenance.{0,30}',
  "(?:we(?:[’']ll|[’']re| will| are)?|sorry,? we(?:[’']ll| will)|will) be (?:right back|back (?:soon|shortly|online soon|later|in a (?:moment|minute|few minutes))).{0,40}",
  "(?:sorry,? )?(?:we(?:[’']re| are) )?(?:currently )?(?:experiencing|having) (?:some )?(?:technical|temporary|server) (?:difficulties|problems|issues|trouble).{0,60}",
  "(?:we(?:[’']re| are) )?(?:temporarily|currently) (?:offline|unavailable|down)(?: for maintenance)?",
  // Other languages
  '(?:wartungsarbeiten|wartungsmodus|wegen wartung.{0,60}|(?:diese |die )?(?:website|webseite|seite|wir sind|shop).{0,30}(?:gewartet|wartung(?:sarbeiten|smodus)?|nicht (?:erreichbar|verf[üu]gbar)))',
  '(?:es ist )?(?:ein )?(?:interner |unerwarteter |technischer |schwerer )?(?:server|datenbank)?-?fehler(?: ist)?(?: beim.{0,50})? aufgetreten.{0,40}',
  '(?:interner )?(?:server|datenbank)fehler.{0,20}',
  '(?:fehler beim aufbau einer datenbankverbindung|es gab einen kritischen fehler auf (?:deiner|dieser) website.{0,40}|etwas ist schiefgelaufen|da ist etwas schiefgelaufen|seite nicht gefunden)',
  "(?:(?:le )?site (?:est )?(?:actuellement )?en (?:cours de )?maintenance|maintenance en cours|une erreur (?:est survenue|s[’']est produite|interne).{0,50}|erreur (?:interne|serveur|lors de la connexion [àa] la base de donn[ée]es).{0,30}|page (?:introuvable|non trouv[ée]e))",
  '(?:(?:sitio |p[áa]gina |web )?en mantenimiento|estamos en mantenimiento.{0,40}|(?:se ha producido|ha ocurrido|ocurri[óo]) un error.{0,50}|error (?:interno|del servidor|al establecer (?:una )?conexi[óo]n con la base de datos).{0,40}|algo sali[óo] mal.{0,20}|p[áa]gina no encontrada)',
  '(?:(?:site |p[áa]gina )?em manuten[çc][ãa]o.{0,30}|(?:ocorreu|aconteceu) um erro.{0,50}|erro (?:interno|ao estabelecer).{0,50}|algo deu errado.{0,20}|p[áa]gina n[ãa]o encontrada)',
  '(?:(?:sito )?in manutenzione.{0,30}|si [èe] verificato un errore.{0,50}|errore (?:interno|del server|nello stabilire).{0,50}|qualcosa [èe] andato storto.{0,20}|pagina non trovata)',
  '(?:(?:site |website )?in onderhoud.{0,30}|er is (?:een fout|iets fout|iets mis).{0,40}|onderhoudswerkzaamheden|pagina niet gevonden)',
  '(?:przerwa techniczna.{0,30}|wyst[ąa]pi[łl] (?:nieoczekiwany )?b[łl][ąa]d.{0,40}|trwaj[ąa] prace (?:konserwacyjne|techniczne).{0,30}|co[śs] posz[łl]o nie tak.{0,20})',
  '(?:сайт (?:временно )?(?:недоступен|на обслуживании)|технические работы.{0,40}|(?:произошла|внутренняя) ошибка.{0,40}|что-то пошло не так.{0,20}|ошибка (?:сервера|установки соединения с базой данных).{0,30})',
  '(?:(?:ただいま|現在)?、?メンテナンス中(?:です)?.{0,30}|エラーが発生しました.{0,30}|サーバーエラー.{0,20}|(?:网站|系统)?(?:正在)?维护中?.{0,20}|(?:系統|網站)維護中?.{0,20}|服务器(?:内部)?错误.{0,20}|出错了.{0,10}|점검 ?중(?:입니다)?.{0,20}|오류가 발생했습니다.{0,20})',
  '(?:do[šs]lo k (?:neo[čc]ek[áa]van[ée] )?chyb[ěe].{0,40}|n[ěe]co se (?:pokazilo|nepovedlo).{0,20}|str[áa]nka nenalezena|(?:web|str[áa]nky) v [úu]dr[žz]b[ěe].{0,30}|nastala (?:neo[čc]ak[áa]van[áa] )?chyba.{0,30})',
  '(?:ett (?:ov[äa]ntat )?fel (?:har )?(?:uppstod|uppst[åa]tt|intr[äa]ffade|intr[äa]ffat).{0,30}|der opstod en (?:uventet )?fejl.{0,30}|(?:det )?oppstod en (?:uventet )?feil.{0,30}|tapahtui (?:odottamaton )?virhe.{0,30}|jokin meni pieleen.{0,20})',
  '(?:hiba t[öo]rt[ée]nt.{0,30}|karbantart[áa]s alatt.{0,30}|a ap[ăa]rut o eroare.{0,40}|site (?:[îi]n|aflat [îi]n) (?:mentenan[țt][ăa]|[îi]ntre[țt]inere).{0,30}|παρουσιάστηκε (?:ένα )?σφάλμα.{0,30}|κάτι πήγε στραβά.{0,20}|сталася помилка.{0,30}|щось пішло не так.{0,20}|възникна грешка.{0,30}|došlo je do (?:pogreške|greške).{0,30})',
  '(?:đã xảy ra lỗi.{0,30}|terjadi kesalahan.{0,40}|(?:situs )?sedang dalam (?:pemeliharaan|perbaikan).{0,30}|เกิดข้อผิดพลาด.{0,40}|حدث خطأ.{0,40}|الموقع (?:قيد|تحت) الصيانة.{0,30}|(?:אירעה|ארעה|התרחשה) שגיאה.{0,30}|האתר בתחזוקה.{0,20}|कोई त्रुटि हुई.{0,20})',
  '(?:(?:vi )?(?:underh[åa]ller siten|underh[åa]ll p[åa]g[åa]r|vedlikehold p[åa]g[åa]r).{0,30}|n[åa]got gick fel.{0,20}|noe gikk galt.{0,20}|noget gik galt.{0,20}|huoltokatko.{0,20}|bak[ıi]m (?:modu|[çc]al[ıi][şs]mas[ıi]).{0,20}|bir hata olu[şs]tu.{0,20})',
]

/** The same, where a page holds hardly anything else: a product may have a heading of that name. */
const bareSentences: readonly string[] = [
  `(?:sorry,? |oops[,!]? )?(?:(?:this|the|your|our) )?(?:[^\\s.!?]{1,40} ){0,2}${lostThing}(?: (?:or|and|due|because|until|by|since|at) .{0,60})?`,
  `(?:(?:this|the|your|our) )?${thing} (?:is )?(?:still )?(?:loading|starting(?: up)?|booting|waking up|rebuilding|being (?:moved|built|updated|upgraded))`,
  '(?:your |the |this )?(?:free )?(?:trial|plan|subscription)(?: period)? (?:has |is )?(?:expired|ended|over|finished)',
  '(?:[a-z]{3,20} ){0,2}(?:quota|limits?|bandwidth|credits?|storage) (?:has been |is )?(?:exceeded|reached|used up)',
  'unknown (?:domain|host(?:name)?|site|virtual host)',
  '(?:configuration|setup|startup|deployment|build|connection|rendering|loading) error',
  '(?:database |plan |payment |subscription |renewal )(?:update |upgrade )?(?:is )?required',
  "we(?:[’']re| are) (?:very |so )?sorry",
  '(?:the |a )?(?:database|db|redis|mysql|postgres\\w*|server|backend|api|upstream|session|cache)\\b.{0,40}\\b(?:could not|cannot|failed|was not|unable)\\b.{0,40}',
  '(?:wir sind|bin) (?:gleich|bald|in k[üu]rze) (?:wieder|zur[üu]ck).{0,20}|nous serons (?:tr[èe]s )?(?:bient[ôo]t|vite) de retour.{0,20}|(?:nous (?:revenons|serons (?:tr[èe]s )?(?:bient[ôo]t )?de retour)|de retour) (?:bient[ôo]t|dans|tr[èe]s).{0,30}|(?:volvemos|volveremos|regresamos) (?:pronto|enseguida|en).{0,20}|(?:torniamo|torneremo|saremo di nuovo) (?:subito|presto|online).{0,20}|we zijn (?:zo|snel|binnenkort) (?:weer )?terug.{0,20}|(?:voltamos|voltaremos|estaremos de volta) (?:j[áa]|em breve|logo).{0,20}|(?:zaraz|wkr[óo]tce) wracamy.{0,20}',
  "you(?:[’']re| are) (?:currently )?offline",
  '(?:page |file |url |resource )?not found',
  '(?:error )?(?:http )?(?:error )?(?:50[0-4]|52[0-7])',
  'error',
  '(?:connection timed out|a timeout occurred|ssl handshake failed|invalid ssl certificate|origin dns error)(?: error code 52\\d)?',
  '(?:access )?(?:forbidden|denied)',
  '(?:object|document|page|resource) (?:has been )?moved.{0,40}|moved (?:permanently|temporarily)',
  'too many (?:connections|requests)',
  'payment required',
  '(?:oops|ups|whoops|sorry|uh[- ]?oh|hoppla)[\\s,.!:;–-]*(?:something (?:went|has gone) wrong|an error occurred|there was (?:a|an) (?:problem|error)|looks like something went wrong)?.{0,30}',
  '(?:error )?(?:404|40[013])(?:[\\s:.|–-]+(?:not found|page not found|forbidden|unauthori[sz]ed|bad request|error).{0,40})?',
  '(?:scheduled |planned |some |routine |site |system |website )?maintenance(?: mode| in progress| break)?',
  '(?:oups|d[ée]sol[ée]|onderhoud|vedlikehold|vedligeholdelse|bak[ıi]m|wartung).{0,18}',
]

/** Words looked for whatever their case. The patterns are in small letters: made for any case, V8 takes twice as long to compile them. */
type Words = { test(words: string): boolean }
const inAnyCase = (pattern: RegExp): Words => ({ test: words => pattern.test(words.toLowerCase()) })

/** A question is none: products that watch for errors ask them. */
const whole = (words: readonly string[]): Words =>
  inAnyCase(new RegExp(`^(?:error[:!. ]+)?(?:${words.join('|').replaceAll('.{', '[^?]{')})[\\s.!…:;-]*$`))

/** A whole heading, title or first sentence that says so. */
export const deadSentence = whole(sentences)
const bareSentence = whole(bareSentences)
export const deadWhereBare: Words = { test: words => deadSentence.test(words) || bareSentence.test(words) }

/** What a front page stands for, in other languages, and that it was stopped. */
const localThing =
  'site|seite|webpr|auftritt|shop|domain|domin|domín|domen|域名|ドメイン|도메인|домен|konto|kont[aoe]|account|compte|cuenta|sitio|página|pagina|\\bweb\\b|sito|strona|сайт|аккаунт|акаунт|hesa[pb]|sayfa|akun|situs|trang|tài khoản|网站|網站|账号|账户|帳號|系统|系統|サイト|サービス|ページ|사이트|계정|서비스|servi[cçz]|dienst|boutique|tienda|loja|negozio|sklep|obchod|účet|webhotel|tili|sivusto|oldal|fiók|\\bcont|ιστότοπ|stranic|\\bsajt|svetain|veebileh|domēn|mājaslap|vefur|vefsíð|\\blaman\\b|website|tovuti|ওয়েবসাইট|সাইট|ویب سائٹ|str[áa]nk|nettsted|\\bsiden\\b|страниц|сторінк|سایت|साइट|ระบบ|λογαριασμ|אתר|חשבון|موقع|حساب|เว็บไซต์|บัญชี|वेबसाइट'
const stopped =
  'suspen[ds]|sustabdyt|lokað|বন্ধ (?:আছে|রাখা|করা)|بند (?:ہے|کر)|вимкнен|выключен|إيقاف|تعليق|محظور|बंद है|बंद कर|초과|차단|超過|超えました|超出|超过|已超|sospes|zawieszon|gesperrt|deaktiviert|d[ée]sactiv|deshabilitad|desativad|disattivat|gedeactiveerd|bloqu[ée]|bloccat|geblokkeerd|opgeschort|sp[äa]rrad|avst[äa]ng|stengt|suljettu|poissa k[äa]yt[öo]st[äa]|pozastaven|felf[üu]ggeszt|zablok|заблок|призупин|приостан|отключ|ask[ıi]ya|engellen|tạm (?:ngưng|dừng)|ditangguhkan|ระงับ|مغلق|موقوف|معلق|הושע|निलंबित|停用|暂停|暫停|关闭|關閉|停止|중단|정지'

/** In other languages: that something does not work, cannot be reached, has run out. By language, as far as their words differ. */
const localFailures: readonly string[] = [
  'funktioniert nicht|abgelaufen|[üu]berlastet', // German
  'ne fonctionne pas|a expir[ée]|\\bexpir[ée]e?\\b|injoignable|en panne', // French
  'no funciona|caducad[oa]|vencid[oa]|expirad[oa]|ca[íi]d[oa]\\b', // Spanish, Portuguese
  'n[ãa]o (?:funciona|est[áa] (?:dispon|acess))|fora do ar', // Portuguese
  'non funziona|scadut[oa]|irraggiungibile', // Italian
  'werkt niet|verlopen|onbereikbaar', // Dutch
  'nie dzia[łl]a|wygas[łl]|niedost[ęe]pn', // Polish
  'nefunguje|vypr[šs]el|nedostup(?:n|an)', // Czech, Slovak
  'nem m[űu]k[öo]d|lej[áa]rt|nem el[ée]rhet', // Hungarian
  'nu func[țt]ioneaz[ăa]|a expirat|nu este disponibil', // Romanian
  'ne radi\\b|nije dostup|isteklo|istekao|ne deluje|ni na voljo|potekl', // Croatian, Serbian, Slovenian
  'не работает|ист[её]к|закончил[сая]|не працює|закінчи|не работи|изтек|спрян|не е достъпн', // Russian, Ukrainian, Bulgarian
  'fungerar inte|utg[åa]tt|otillg[äa]nglig|virker ikke|fungerer ikke|udl[øo]bet|utl[øo]pt|utilgjengelig|utilg[æa]ngelig|lukket p[åa] grund|ei toimi|vanhentunut|ei ole k[äa]yt', // Swedish, Danish, Norwegian, Finnish
  '[çc]al[ıi][şs]m[ıi]yor|s[üu]resi dol|ula[şs][ıi]lam|eri[şs]ilem', // Turkish
  'δεν λειτουργεί|έχει λήξει|μη προσβάσιμ', // Greek
  'không hoạt động|hết hạn|haipatikani|hindi (?:available|ma)|tidak dapat diakses|nav pieejam|neprieinam|tidak (?:berfungsi|aktif)|kedaluwarsa|ไม่สามารถ|หมดอายุ', // Vietnamese, Indonesian, Thai
  'لا يعمل|منتهي|انتهت|در دسترس نیست|منقضی|غیرفعال|לא פעיל|פג תוקף|אינו פעיל|काम नहीं|समाप्त', // Arabic, Persian, Hebrew, Hindi
  '過期|过期|无法访问|無法訪問|未备案|期限切れ|利用できない|つながりにく|만료|접속할 수 없|접속이', // Chinese, Japanese, Korean
]

/** In other languages: an apology, when to come again, whom to ask. */
const localCourtesies: readonly string[] = [
  'verl[äa]ngern sie|renouvelez|renueve|renueva|renove|rinnov[ai]|vernieuw|odn[óo]w|obnovte|[úu]j[íi]tsa|re[îi]nnoi|obnovite|продлите|продовжіть|подновете|f[öo]rnya|forny|uusi\\b|yenile|续费|續費|更新して|갱신', // renew it
  'pr[øo]v igen|pr[øo]v igjen|f[öo]rs[öo]k igen|poku[šs]aj|sp[řr][óo]buj|zkuste|sk[úu]ste|kas?nije|спробуйте|опитайте|свържете се|δοκιμάστε|بعدا|بعداً|مراجعه|प्रयास', // try again
  'ご了承|お知らせ|しばらく|管理員|管理员|服务商|관리자|quản trị|管理者', // notices, whom to ask
]

/** Words that a page uses of itself when it fails, by stem, in many languages; alone they say little (products are about errors too). */
const failures: readonly string[] = [
  `${lostThing}|\\b${thing} (?:is )?(?:waking|starting|spinning) up\\b`,
  "\\b(?:not|isn[’']t|aren[’']t) (?:\\w+ )?(?:authori[sz]ed|allowed|permitted)\\b|\\b(?:a (?:bit|little) |too |very |is |are )busy\\b|\\btoo many (?:people|visitors|users|requests|connections|clients)\\b|\\b(?:took|taking) too long\\b|\\bhave a problem\\b|\\b(?:we|site|server|servers|team)(?:[’']re| is| are) (?:having|taking) a (?:nap|break|breather|rest)\\b|\\btoo many redirects\\b|\\b(?:do|does) not allow\\b|\\bno (?:[\\w-]{2,20} ){1,3}(?:has|have) been (?:deployed|published|uploaded|configured)\\b|\\bwe(?:[’']re| are) (?:upgrading|updating|moving|migrating|rebuilding)\\b|\\b(?:were|was)(?: not|n[’']t) able to\\b",
  '\\bfail(?:ed|ure)\\b|\\binvalid\\b|\\bfault\\b|\\baborted\\b|\\brefused connection|\\bconnection refused|\\b(?:token|jwt|session|key|domain|certificate) expired\\b|\\brate[- ]limit|\\bplease (?:reload|refresh)\\b|\\b(?:reload|refresh) (?:the|this) page\\b|\\berror (?:decoding|proxying|parsing|reading|opening|writing|calling|invoking|initiali[sz]ing|building|compiling|establishing|communicating|creating|retrieving)\\b|\\berr_\\w+|\\bdetected (?:\\w+ )?(?:issue|problem|error)s?\\b|\\bno (?:[\\w-]{2,20} ){1,4}(?:found|specified|configured|available)\\b|\\b[a-z]{3,20}(?:_[a-z]{2,20}){0,4}_(?:error|required|exceeded|denied|suspended|refused|blocked|crashed|invalid)\\b',
  `^(?=[^]*(?:${localThing}))[^]*?(?:${stopped})`,
  'mettons (?:\\S{2,20} )?[àa] jour|estamos (?:actualiz|atualiz|renov)|stiamo (?:aggiorn|rinnov|lavorando)|we zijn (?:bezig|aan het)|pracujemy nad|мы (?:обновля|переезжа)|ми (?:оновлю|переїжджа)|g[üu]ncelliyoruz|(?:wir|die seite) (?:aktualisieren|[üu]berarbeiten|erneuern) (?:gerade|derzeit|momentan)|vi (?:uppdaterar|opdaterer|oppdaterer)|p[äa]ivit[äa]mme|friss[íi]tj[üu]k|aktualizujeme|actualiz[ăa]m|wird (?:gerade|derzeit|momentan|aktuell) (?:aktualisiert|[üu]berarbeitet|gewartet|umgebaut|erneuert)|est en cours de (?:mise [àa] jour|maintenance|refonte)|se est[áa] actualizando|[èe] in (?:aggiornamento|manutenzione)|wordt (?:momenteel )?(?:bijgewerkt|vernieuwd)|nicht ver[öo]ffentlicht|non publi[ée]|no publicad|non pubblicat|n[ãa]o publicad|niet gepubliceerd|δεν (?:είναι διαθέσιμ|λειτουργεί)|interromp|interrump|interrott|unterbrochen|onderbroken|przerwan|überlastet|surcharg|sobrecarg|sovraccaric|集中し|混雑|混み合|繁忙|拥挤|혼잡|불편',
  "\\b(?:not|no longer|isn[’']t|aren[’']t) (?:\\w{2,12} )?(?:available|reachable)\\b|\\bun(?:available|reachable)\\b",
  '\\b(?:is|was|has been|have been|has|currently|temporarily|app|site|server|worker|session|function|service) (?:\\w{2,12} )?(?:stopped|crashed|suspended|disabled|paused|expired|misconfigured|timed out|down|offline|overloaded|asleep|gone to sleep|sleeping|closed|blocked)\\b|\\b[a-z]{3,20}(?:_[a-z]{2,20}){0,4}_(?:failed|timeout|disabled|not_found|paused|deleted|unavailable)\\b',
  '\\ban? (?:\\w{2,20} ){0,3}(?:error|bug|problem|exception|issue) (?:\\w+ )?(?:occurred|while|when|that|and)\\b|\\berror (?:running|loading|processing|rendering|starting|connecting|fetching|executing|code|id|\\d{3,5})\\b|\\b(?:ran|running) into an? (?:\\w{2,20} ){0,2}(?:error|bug|problem|issue)|\\bthrew (?:an? )?exception|\\b(?:runtime|internal|fatal|server|unexpected|unknown|critical|application) (?:error|exception)\\b|\\bunknown (?:domain|host|site)\\b|\\berror: \\w',
  "\\b(?:can(?:not|[’']t| not)|could(?: not|n[’']t)|unable to|fail(?:ed|s) to) (?:be )?(?:\\w+ )?(?:complete|process|connect|load|reach|find|found|display|displayed|serve|served|start|started|satisfied|handle|handled|resolve|resolved|reached|completed|processed)\\b",
  "\\b(?:not|isn[’']t|aren[’']t|wasn[’']t|doesn[’']t|don[’']t) (?:yet )?(?:been )?(?:found|configured|live|running|responding|respond|deployed|supported|exist|installed|published)\\b|\\bwent wrong\\b|\\b(?:access )?denied\\b|\\bforbidden\\b|\\bpermission\\b|\\bsession expired\\b|\\bno route\\b|\\bbroken link\\b|\\b(?:is|are|was|to be) missing\\b|\\bnot (?:been )?met\\b|\\bno (?:config\\w*|index|input|database|installation|module|template|view|entry|route|app|server|site|domain|host)(?: [\\w-]{2,20}){0,2} (?:found|specified|configured|available)\\b",
  'indisponible|introuvable|\\berreur|hors service|no disponible|fuera de (?:servicio|l[íi]nea)|se ha producido|indispon[íi]vel|\\berro\\b|non (?:è )?disponibile|fuori servizio|\\berrore\\b|\\berror\\b (?:interno|inesperado|en|al|de)\\b',
  'nicht (?:verf[üu]gbar|erreichbar|gefunden)|\\bfehler(?:code)?\\b|\\bst[öo]rung(?:en)?\\b|gest[öo]rt|niet (?:beschikbaar|bereikbaar|gevonden)|\\bstoring\\b|niedost[ęe]pn|\\bb[łl][ęea]d|przerw[ay] techn|nedostupn|\\bchyb[auyěe]',
  'nem el[ée]rhet[őo]|\\bhib[aá]\\b|\\beroare\\b|gre[šs]k[auei]|napak[ae]\\b|kullan[ıi]lam|\\bhata\\b|μη διαθέσιμ|σφάλμα|недоступ|ошибк|помилк|грешк',
  '\\bgik (?:noget )?galt|\\bgikk (?:noe )?galt|\\bgick (?:n[åa]got )?(?:fel|snett)|\\bschief ?ge(?:gangen|laufen)|\\bmis(?:gegaan|gelopen)|\\bdeu errado|\\bsali[óo] mal|\\bandato storto|\\bmal pass[ée]|\\bposz[łl]o nie tak|\\bpokazilo|\\bmeni (?:pieleen|vikaan)|\\bbir (?:sorun|hata) olu[şs]tu|пошло не так|пішло не так|πήγε στραβά',
  'inte tillg[äa]nglig|ikke tilg(?:[æa]|j[ea])ngelig|ei ole (?:k[äa]ytett[äa]viss[äa]|saatavilla)|\\b(?:fel|fejl|feil|virhe)\\b|\\blỗi\\b|không khả dụng|kesalahan|tidak (?:tersedia|dapat)|ข้อผิดพลาด|ไม่พร้อม|ขัดข้อง|خطأ|غير متاح|שגיאה|אינו זמין|エラー|障害|利用できません|ご利用いただけません|错误|錯誤|故障|不可用|오류|장애|이용할 수 없|त्रुटि|उपलब्ध नहीं',
]

/** The same for work on a site, which small firms offer too: such words alone leave a doubt. */
export const upkeep =
  /\bmaintenance\b|mantenimiento|manuten[çc]|manutenzione|\bwartung|\bonderhoud|konserwac|[úu]dr[žz]b|karbantart|mentenan[țt]|[îi]ntre[țt]inere|odr[žz]avanj|vzdr[žz]evanj|bak[ıi]m|συντήρηση|техническ|технічн|обслужив|обслугов|поддръжк|underh[åa]ll|vedlige?hold|huolto|manteniment\b|hoolduse?l|viðhald|techniniai darbai|bảo trì|perbaikan|pemeliharaan|ปิดปรับปรุง|صيانة|תחזוקה|メンテナンス|维护|維護|점검|रखरखाव/iu

/** A heading that asks to wait and says nothing of what for. */
export const askingToWait: Words = inAnyCase(
  /^\W*(?:(?:just |only )?(?:a|one) (?:little )?(?:moment|second|minute)|(?:please )?(?:hang on|hang tight|hold on|bear with us|be patient|stand by)|(?:nur )?(?:einen|ein|eine) (?:kleinen |kurzen )?(?:moment|augenblick|minute)(?: noch)?|bitte (?:warten|(?:etwas|ein wenig) geduld|um geduld)|(?:wir bitten )?um (?:etwas |ein wenig |ihre )?geduld|(?:juste )?un (?:petit )?(?:instant|moment)|merci de patienter|patience|(?:s[óo]lo )?un momento|(?:s[óo] )?um (?:momento|instante)|un attimo|(?:een )?(?:ogenblik|momentje)|chwileczk[ęe]|prosz[ęe] czeka[ćc]|одну минуту|подождите)[,.\s]*(?:please|bitte|noch|s[’']il (?:vous|te) pla[iî]t|por favor|per favore|alstublieft|prosz[ęe]|пожалуйста)?\W*$/,
)

/** A session that is over, where none was begun. */
export const sessionOver =
  /^(?:sorry,? )?(?:your|this|the) (?:login |user )?session (?:has |is |was )?(?:expired|timed out|ended|no longer valid|invalid)|^session (?:expired|timed? ?out)|^(?:419[\s|:–-]*)?page expired|^(?:deine|ihre) sitzung ist abgelaufen|^votre session a expir[ée]|^(?:su|tu) sesi[óo]n ha (?:expirado|caducado)|^sua sess[ãa]o expirou|^la (?:tua )?sessione [èe] scaduta/i

/** What stands beside it: an apology, when to come again, whom to tell, the number of the fault. */
const courtesies: readonly string[] = [
  '\\bto keep (?:your|the|this) (?:web ?)?(?:site|app|store|shop|project)\\b|\\bthis (?:web ?site|site|app|domain|page|host|store|project|deployment) (?:has|is|was)\\b|\\brenew (?:it|your|the|this)\\b|\\bretry\\b|\\brestart\\b|\\bcome back\\b|\\b(?:has|have) been (?:notified|informed|alerted|logged)\\b|\\brequest access\\b|\\blog ?in to\\b|\\b(?:code|id|trace|ray|digest):(?: |$)|\\b(?:owner of this|to view|accordance with)\\b|\\bshortly\\b',
  '\\btemporarily\\b|vor[üu]bergehend|momentan[ée]ment|temporairement|temporalmente|temporariamente|temporaneamente|tijdelijk|chwilowo|do[čc]asn|временно|tillf[äa]llig|midlertidig|ge[çc]ici|tạm thời|sementara|一時的|暂时|暫時|일시',
  'contacta[țt]i|furnizor|poskytovatel|melden sie|melden sich|wenden sie sich|kontaktieren(?! sie uns)|schauen sie|wieder vorbei|h[ée]bergeur|contact(?:ez|er)\\b(?!-nous| nous)|veuillez|merci de|p[óo]ngase|proveedor|provedor|contattare|fornitore|contato com|skontaktuj|administrator|обратитесь|зверніться|провайдер|администратор|ileti[şs]im|sa[ğg]lay[ıi]c|neem contact|kontakta(?! oss)|kontaktujte|yrit[äa]|liên hệ|hubungi|ติดต่อ|联系(?:您|网站|管理|客服|服务)|聯繫(?:您|網站|管理|客服|服務)',
  '\\btry(?:ing)? (?:it )?again|\\blater\\b|\\b(?:refresh|reload)\\b|\\bsorry\\b|\\bapologi[sz]e|\\binconvenience|\\bpatience|\\bbear with|\\bcheck (?:back|your|again|the logs)|\\bback (?:soon|shortly|online|up|later)|\\bgo back\\b|\\bin (?:a few |\\d+ |some )(?:minutes?|seconds?|moments?|hours?)',
  "\\bif you (?:are|[’']re) the (?:\\w+ )?owner|\\b(?:site|website|app|domain|system|server|network|hosting) (?:owner|administrator|provider)|\\b(?:contact|notify|ask) (?:the |your |our )?(?:\\w+ )?(?:administrator|owner|support|hosting|webmaster|provider|vendor|hoster|host)\\b|\\bif you need help\\b|\\bplease (?:wait|check|run|deploy|verify|contact)",
  "\\b(?:request|ray|error|trace|incident|event|correlation|reference|digest|status|exit|support) ?(?:id|code|number|#)|\\(code\\b|\\bcode:? \\d|\\breference ?#|\\byou[’']ve requested|\\bhas been added to\\b|\\b(?:does|do) not accept\\b|\\b(?:the )?requested url\\b",
  'r[ée]essa|ult[ée]rieur|excus|d[ée]sol[ée]|patien|int[ée]nt|m[áa]s tarde|discul|lament|volveremos|tente\\b|mais tarde|desculp|voltaremos|riprova|più tardi|scusi|torneremo|sp[äa]ter|erneut|entschuldig|geduld|bald|zur[üu]ck|opnieuw|excuses|terug|p[óo][źz]niej|ponownie|przepraszamy|wkr[óo]tce|pozd[ěe]ji|nesk[ôo]r|znovu|omlouv|ospravedl|brzy|[čc]oskoro',
  'k[ée]s[őo]bb|eln[ée]z[ée]s|hamarosan|[úu]jra|mai t[âa]rziu|scuz|revenim|cur[âa]nd|kasnije|kasneje|uskoro|kmalu|ispri[čc]av|opravi[čc]|sonra|tekrar|[öo]z[üu]r|yak[ıi]nda|αργότερα|ξανά|σύντομα|συγγνώμη|λυπούμαστε|позже|пізніше|по-късно|повтор|aviat\\b|disculpeu|kreipkit|vėliau|hiljem|proovige|síðar|reynið|sila cuba|mamaya|pakisubuk|vēlāk|jaribu|baadaye|আবার|চেষ্টা|کوشش کریں|بعد میں|скоро|тимчасово|извин|вибач|попробуйте',
  'senare|senere|my[öo]hemmin|igen\\b|igjen|uudelleen|beklag|pahoittel|tillbaka|tilbage|tilbake|vui lòng|thử lại|quay lại|xin lỗi|kembali|\\bcoba\\b|maaf|nanti|ชั่วคราว|ภายหลัง|ขออภัย|อีกครั้ง|لاحق|مرة أخرى|يرجى|قريب|نعتذر|عذر|מאוחר|בקרוב|מצטער|מתנצל|しばらく|後ほど|再度|申し訳|お待ち|お詫び|稍后|稍後|重试|再试|抱歉|返回|잠시|나중에|다시|죄송|बाद|पुनः|क्षमा',
]

export const failing = inAnyCase(
  new RegExp([...failures, `^(?=[^]*(?:${localThing}))[^]*?(?:${localFailures.join('|')})`].join('|')),
)
export const courteous = inAnyCase(new RegExp([...courtesies, ...localCourtesies].join('|')))

/** What is wrong is the site itself, or what it stands on. */
export const ofTheSite: Words = inAnyCase(new RegExp(lostThing))
export const namesTheSite: Words = inAnyCase(
  new RegExp(
    `\\b(?:this|the|our|your) ${thing}\\b|\\b(?:unsere?|diese[rs]?|die|der) (?:\\S{2,20} )?(?:web)?(?:seite|site|shop|homepage|webpr[äa]senz|internetauftritt)\\b|\\b(?:notre|ce|le|votre) (?:site|service)\\b|\\b(?:nuestr[oa]|est[ea]|el|la|su) (?:sitio|web|p[áa]gina|tienda|cuenta)\\b|\\b(?:nostro|questo|il) sito\\b|\\b(?:nosso|este|o) site\\b|\\b(?:onze|deze) (?:web)?(?:site|shop)\\b`,
  ),
)

/** What a page without signs of life says of itself, of who looks at it, or of what it stands on. */
const webThing = thing.slice(3, -1)
const fares =
  "(?:is|was|has|have|will|does|did|can|could|cannot|must|may|isn[’']t|hasn[’']t|can[’']t|doesn[’']t|won[’']t|requires|needs|being|under)\\b(?! (?:been )?(?:an?|the|about|for|where|made|in the|our|my|by|one|what|how)\\b)"
export const speaksOfItself: Words = inAnyCase(
  new RegExp(
    [
      '\\b(?:view|visit|see|use|access|reach|open|load) this (?:web ?site|web ?page|site|page|server|content|address)\\b|^this is (?:the|a) (?:default|test|placeholder|sample|temporary|landing) \\w',
      `\\b(?:this|your|our|the) (?:[\\w-]{2,20} ){0,2}(?:${webThing}|browser|ip address|request|session|url|link|content|build|release|device|environment)(?: you [\\w ]{2,40}?)? ${fares}`,
      "\\b(?:in|from) your (?:country|region|location|area)\\b|\\byou (?:do not|don[’']t) have (?:access|permission)|\\byou need (?:access|permission|to be invited)\\b|\\brequest(?:ed)? access\\b|\\b(?:has|have|was|were) (?:\\w+ )?(?:banned|blocked|denied|restricted|limited|suspended) your (?:access|ip|account)|\\byou(?: are|[’']re) about to (?:visit|leave|enter|be)\\b",
      "(?<!when |while |if |whenever |before )\\byou(?: are|[’']re| have been|[’']ve been| were| will be) (?:now |being |automatically |successfully )?(?:logged|signed (?:in|out)|redirected|in (?:line|a queue|the queue)|blocked|banned|offline|not (?:allowed|authori[sz]ed|permitted|logged))\\b",
      "^(?:please wait[,.… ]*)?(?:we(?:[’']re| are) |now |currently |still )?(?:redirecting|verifying|authenticating|initiali[sz]ing|deploying|provisioning|building|booting|starting|warming|waking|syncing|migrating|restoring|installing|propagating|connecting|updating|upgrading|processing)(?:[\\s.…]*$| (?:up|for|the|your|you|to|in|now)\\b)",
      '^(?:there is |there are |sorry, )?(?:nothing|no (?:content|pages?|sites?|websites?|posts?|entries|items|products|data|results?)) (?:to (?:see|show|display)|here|found|yet|available|published)\\b|\\bintentionally (?:left )?blank\\b',
      '\\b(?:site|website|page|domain|service|shop|store|blog|server|app|we) (?:has|have) (?:been )?(?:moved|shut down|ceased|ended|closed|discontinued|retired|sunset|migrated)\\b|\\bhas shut down\\b|\\bservice (?:was |has )?ended\\b|\\bis no longer (?:available|active|maintained|supported|in use|online|here|operating)\\b',
      "\\b(?:is|are|[’']re) (?:now |currently |temporarily |briefly )?(?:offline|down|unavailable|out of (?:service|order)) (?:while|as we|for (?:now|the moment|maintenance)|until|during|due to)\\b|\\bthank(?:s| you) for (?:your )?(?:patience|understanding|bearing with us)\\b",
      `^(?:[\\w-]{2,20} )?(?:${webThing}) (?:is|are) (?:currently |now |still )?(?:being \\w{2,15}ed\\b|under (?:construction|maintenance|development)\\b)`,
      '^(?:not available|unavailable) in your\\b|^unsupported (?:browser|device)\\b|\\b(?:enable|allow) (?:cookies|javascript|scripts|location|the camera|camera|microphone|notifications|pop-?ups)\\b|^please (?:install|enable|allow|switch to|use) \\w|\\bupgrade (?:to the latest|your browser)|\\bupdate your (?:browser|bookmarks)\\b|\\bview this (?:site|page|website)\\b',
    ].join('|'),
  ),
)

/** What is said of programs, servers and pages that nobody has filled yet: a customer has no use for it. */
export const speaksOfWorks: Words = inAnyCase(
  /\blocalhost\b|\bport:? \d{2,5}\b|\bindex\.(?:html?|php|js)\b|\b(?:public_html|document ?root|htdocs|www-data|webroot)\b|\b(?:todo|fixme):|\blorem\b|\bdefault page\b|\btest page\b|\bhello,? world\b|\b(?:api|server|service|app|application|site|website|backend) (?:v[\d.]+ )?(?:is )?(?:up|running|running on|ok|online|alive|healthy|ready|works?|working|started|listening)\b|\bit works\b|\bsave (?:to (?:test|reload)|and see your changes)\b|\bget started by editing\b|\byour (?:content|text|title|headline|logo) (?:goes )?here\b|^\W*(?:ok(?:ay)?|up|pong|alive|healthy|success|true|ready|hello|hi|welcome|index|home ?page|hello from \S{1,40}|test(?:ing)?(?: 123)?|untitled|placeholder|dummy|asdf\w*|foo|bar|baz|xxx+|abc|123+|v?\d+\.\d+\.\d+(?:[-+][\w.]+)?)\W*$/,
)

/** Names of what a site stands on, which few characters beside them are no product of. */
export const namesWorks: Words = inAnyCase(
  /\b(?:backend|endpoints?|nginx|apache2?|iis|httpd|php\w*|node(?:\.?js)?|express|docker|containers?|kubernetes|json|graphql|grpc|debug\w*|stack ?trace|exception|deploy(?:ed|ment|ing|s)?|config(?:uration|ured)?|cpanel|plesk|cname|repository|readme|query|null|undefined|dump|params?|parameters?|webhook|upstream|proxy|build)\b/,
)

/** What a site stands for, and that nobody paid for it. */
export const unpaid: Words = inAnyCase(
  /\b(?:invoices?|bills?|payments?|fees?|balance|subscription|renewal)\b[^.!?]{0,40}\b(?:overdue|unpaid|past due|outstanding|not (?:been )?paid|declined)\b|\b(?:service|site|website|account|hosting)\b[^.!?]{0,40}\bon hold\b/,
)

/** Whether a sentence names what a front page stands for. */
export const namesThing: Words = inAnyCase(new RegExp(`\\b${thing}\\b`))

/** In the letters of other languages: that a site, an account or a domain was stopped. */
export const stoppedHere: Words = inAnyCase(
  new RegExp(`^(?=[^]*(?:${localThing}))(?=[^]*[^\\u0000-\\u024f\\u2000-\\u206f])[^]*?(?:${stopped})`),
)

/** What somebody offers: whoever mends heating, makes films or watches servers speaks of failures too. */
export const offering: Words = inAnyCase(
  /\d ?(?:€|eur\b|usd\b|\$|£|zł|kr\b)|[€$£] ?\d|\bfor good\b|\bforever\b|\bthank you for\b|\b(?:tickets?|trailer|sign up|get started|for free|pricing|workshops?|novel|memoir|hardback|paperback|podcast|exhibition|film|gallery|courses?|festpreis|termin|devis|preise|geöffnet|ouvert|abierto|aperto)\b|\b(?:book|buy|reserve|order) (?:a|an|your|now|online|here|tickets?)\b|(?<!while |until |as |before )\bwe (?:come|mend|repair|monitor|watch|check|help|offer|call|rescue)\b|\bcall (?:us|0|\+)|\bopen (?:from|daily|on|until|today|mon|tue|wed|thu|fri|sat|sun)/,
)

/** A page that teaches, by its title. */
export const teaching: Words = inAnyCase(
  /\b(?:docs|documentation|guide|tutorial|handbook|manual|how (?:to|we|i)|a story|post-?mortem|lessons|explained|handbuch|anleitung)\b/,
)

/** Words of a page that is kept for those who know a password. */
/** Who makes a password asks for one, too. */
export const makesPassword: Words = inAnyCase(
  /\b(?:choose|create|creat|generat|invent|test|check|guess|strong|strength|manage)\w*\b|\bgames?\b|\bquiz\b/,
)

export const behindPassword: Words = inAnyCase(
  /\bprivate\b|protected|\brestricted\b|\bpassword\b|passwort|gesch[üu]tzt|mot de passe|priv[ée]\b|prot[ée]g|contraseña|privad[oa]|senha|protegid[oa]|\bprotetto\b|wachtwoord|hasł|парол|パスワード|密码|密碼|비밀번호/,
)

/** Words with which a page says that nothing is here, in many languages. */
export const nothingHere =
  /not (be )?found|can(?:no|['’])t find|could(?: not|n['’]t) find|(?:konnten|k[öo]nnen) .{0,40}nicht finden|ne (?:trouvons|parvenons) pas|no encontramos|n[ãa]o encontramos|non (?:troviamo|abbiamo trovato)|kunnen .{0,40}niet vinden|nie mo[żz]emy znale[źz][ćc]|no longer exists|doesn['’]t exist|does not exist|nicht gefunden|existiert nicht|introuvable|n['’]existe pas|no (se ha )?encontrad|no existe|n[ãa]o (?:foi |p[ôo]de ser |pode ser )?encontrad|no (?:ha sido|puede ser|pudo ser|se (?:puede|pudo)) encontra|(?:peut|pu) [êe]tre trouv|non (?:[èe] stat[ao] )?trovat|non esiste|niet gevonden|bestaat niet|nie znalezion|nie istnieje|не найден|не существует|見つかりません|存在しません|找不到|未找到|不存在|찾을 수 없|hittades inte|ikke fundet|ikke funnet|ei löytynyt|bulunamadı|غير موجود|לא נמצא/i

/** What only a program says when it fails: anywhere in visible text. */
export const failureText: readonly RegExp[] = [
  /\b(?:PHP )?(?:Fatal|Parse|Recoverable fatal|Catchable fatal) error ?: [\s\S]{3,400}? (?:in|on line) (?:[A-Z]:)?[\\/]?[\w./\\-]+/,
  /\b(?:Warning|Notice|Deprecated) ?: [\s\S]{3,300}? in (?:[A-Z]:)?[\\/][\w./\\-]+\.php\b[\s\S]{0,40}?\bon line \d+/,
  /\bUncaught (?:PDO|Error|Exception|\w+\\\w+|mysqli_sql_exception|TypeError)[\w\\]*: [\s\S]{3,200}/,
  /\bSQLSTATE\[\w{5}\]/,
  /\b(?:mysqli?|PDO|pg)_\w+\(\): [\s\S]{3,200}/,
  /\bORA-\d{5}: /,
  /\b(?:PrismaClient\w*Error|SequelizeConnection\w*Error|MongoServerSelectionError|MongoNetworkError|TypeORMError|QueryFailedError|OperationalError\b.{0,20}(?:psycopg|sqlite|pymysql)|psycopg2?\.\w*Error|ActiveRecord::\w+|PG::\w+|Mysql2::Error|Illuminate\\Database\\QueryException|django\.db\.utils\.\w+|sqlalchemy\.exc\.\w+|org\.hibernate\.\w+|java\.sql\.SQL\w*Exception|System\.Data\.\w+|Doctrine\\DBAL\\\w+)/,
  /\bconnect (?:ECONNREFUSED|ETIMEDOUT)\b|\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN)\b/,
  /\bTraceback \(most recent call last\)/,
  /\bat (?:[\w.<>]+ \()?(?:file:\/\/)?\/[\w./@-]{3,200}\.[cm]?[jt]sx?:\d+:\d+\)?/,
  /\bat (?:[a-z_]\w*\.){2,}[A-Z]\w*\.\w+\([A-Z]\w*\.(?:java|kt|scala):\d+\)/,
  /\bError: Cannot find module '[^']{1,200}'/,
  /(?:^|\s)(?:<\s?){7} ?(?:HEAD|Updated upstream|ours|[\w/-]{2,60})\b[\s\S]{0,4000}={7}/,
  /\[an error occurred while processing this directive\]|\bSSI error\b/i,
  /\bCORE ERROR\b|\bTemplateSyntaxError\b|\bjinja2\.exceptions\.\w+|\bTwig\\Error\\\w+|\bLiquid (?:syntax )?error\b/,
]

/** What a program says when its database or a library fails, as people who write about it say too: on pages that hold nothing else. */
export const failureWords: readonly RegExp[] = [
  /\bFATAL: {1,2}(?:password authentication failed|database "|role "|remaining connection slots|no pg_hba\.conf|sorry, too many clients)/,
  /\b(?:SQLITE_[A-Z]+|database is locked|unable to open database file)\b/,
  /\bno such (?:table|column): \w|\brelation "[\w.]+" does not exist|\bTable '[\w.-]+' doesn't exist|\bUnknown database '/,
  /\bAccess denied for user '[^']*'@'|\bMySQL server has gone away|\bLost connection to MySQL server/,
  /\berror occurred while establishing a connection to SQL Server\b|\bLogin failed for user '/,
  /\b(?:Redis::\w+Error|redis\.exceptions\.\w+|RedisError|MongooseServerSelectionError|Errno::E[A-Z]+)\b/,
  /\bpanic: [\s\S]{3,300}\bgoroutine \d+ \[|\bthread '[\w-]+' panicked at\b/,
  /\bSystem\.(?:\w+\.){0,4}\w+Exception: /,
  /\b(?:undefined method|undefined local variable or method) [`'][\w?!]+' for\b|\bNoMethodError\b|\bNameError\b/,
  /\bModuleNotFoundError: No module named\b|\bImportError: cannot import name\b/,
  /^No input file specified\b/,
  /^(?:SSH-\d\.\d-|-ERR |\+OK |220[ -]\S{3,80} E?SMTP|It looks like you are trying to access \w+ over HTTP)/,
  /\[plugin:[\w:-]{2,60}\]|\bFailed to resolve import "/,
  /\bCan't locate \S{1,100} in @INC\b|\btemplate: \S{1,100}:\d+(?::\d+)?: executing\b/,
  /[.!:;]\s(?:Exiting|Aborting|Terminating|Giving up)[\s.…!]*$/,
  /\b(?:Microsoft OLE DB|ADODB\.\w+|Microsoft VBScript|Active Server Pages)\b[\s\S]{0,80}\berror '[0-9a-f]{8}'/i,
  /\b(?:Segmentation fault|core dumped|Out of memory|Allowed memory size of \d+ bytes exhausted)\b/,
]

/** A heading in which a template's placeholder was not filled in. */
export const unfilled =
  /^(?:translation missing: .{1,100}|\[(?:missing|translation)[^\][]{1,80}\]|\{\{[#/^>&~-]?\s?[\w.@$-]{1,60}(?:\s?\|[^{}]{1,60}| ["'][^{}]{1,60}| \w{1,30}=[^{}]{1,60})?\s?\}\}|\{%[^{}]{1,100}%\}|<%=?[^<>]{1,100}%>|\$\{[^{}]{1,100}\}|%[A-Z][A-Z_]{2,40}%|#\{[^{}]{1,100}\}|__[A-Z][A-Z_]{2,40}__)$/

/** A heading that says that something went wrong, and not what. */
export const interjection =
  /^(?:\W*(?:error )?\d{3,5}|oh (?:no|snap|dear|crap)|oops(?:ie)?|whoops|uh[- ]oh|yikes|bummer|darn|dang|ouch|argh+|hm+|z{2,})\W*$/i

/** A heading that is a value which was never filled in. */
export const unfilledHeading = /^(?:undefined|null|NaN|\[object \w+\])$/

/** A text's key in the place of the text: `home.hero.title`. */
export const textKey = /^[a-z][\w-]{1,30}(?:\.[\w-]{1,40}){2,5}$/

/** A whole page that is a value which was never filled in. */
export const blankValue =
  /^(?:array|undefined|null|nan|none|nil|false|true|\[object (?:object|promise)\]|\{\}|\[\]|0|-?1)$/i

/** What stands on a page before its script draws it, and says nothing. */
export const waiting =
  /^(?:(?:please wait|loading|wird geladen|lade|chargement(?: en cours)?|cargando|carregando|caricamento(?: in corso)?|laden|[łl]adowanie|загрузка|読み込み中|加载中|로딩 ?중)[\s.…,!]*(?:please wait[\s.…]*)?|\d{1,3}(?:[.,]\d)? ?%|[.…\s]*)$/iu

/** What a page says to browsers without scripts, where it stands in plain sight. */
export const wantsScripts =
  /(?:enable|activate|turn on|requires?|without|needs?) javascript|javascript (?:is |to be )?(?:enabled|required|disabled)|javascript (?:aktivieren|activ)/i
