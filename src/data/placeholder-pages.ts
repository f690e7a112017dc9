// Pages that stand where a product should: platforms' "no such deployment", servers' default pages, parking, construction signs, development
// servers. Dated 2026-11-25; sources: the vendors' error references (Vercel errors/DEPLOYMENT_NOT_FOUND, Netlify "Page not found" support guide,
// Heroku error pages, GitHub Pages troubleshooting, Fly.io, Railway, Render, Azure App Service, AWS S3 error responses) and the default pages that
// Debian's nginx, Apache, Caddy and IIS ship.

export type PlaceholderKind =
  | 'platform-404'
  | 'default-page'
  | 'parked'
  | 'coming-soon'
  | 'dev-server'
  | 'template'
  | 'spam'

export type PlaceholderPage = {
  kind: PlaceholderKind
  /** What it is, for the reader. */
  name: string
  /** Against the body. */
  body?: RegExp
  /** Against the title. */
  title?: RegExp
  /** Against title and visible text of a page that holds hardly anything else. */
  bare?: RegExp
  /** Header that must be there: name, and a pattern of its value. */
  header?: [name: string, value: RegExp]
  /** Statuses with which it comes; any when absent. */
  status?: readonly number[]
  /** The scripts must hold the starter's own words: many products keep the title that the starter gave them. */
  starter?: RegExp
  /** By words that products use too: not where the page leads on to several others of its site. */
  sign?: true
  /** Not on the host of an API: having nothing at / is how many of them are. */
  notApi?: true
}

/** "Coming soon" and "under construction" as whole headings, in the languages that small products are written in. */
const soon =
  'coming soon|under construction|launching soon|opening soon|site under maintenance|demn[äa]chst(?: verf[üu]gbar)?|im aufbau|in k[üu]rze verf[üu]gbar|hier entsteht eine neue (?:internetpr[äa]senz|website|webseite)|bient[ôo]t (?:disponible|en ligne)|(?:site )?en (?:construction|travaux)|pr[óo]ximamente|(?:sitio |p[áa]gina )?en construcci[óo]n|em breve|(?:site )?em constru[çc][ãa]o|in arrivo|prossimamente|(?:sito )?in costruzione|binnenkort(?: online| beschikbaar)?|(?:website )?in aanbouw|wkr[óo]tce|(?:strona )?w budowie|скоро открытие|сайт в разработке|(?:홈페이지|사이트)?(?:는|가)? ?준비 ?중(?:입니다)?|오픈 ?예정|近日公開|準備中|工事中|即将上线|敬请期待|kommer snart|kommt bald|tulossa pian|yakında'
const soonTitle = new RegExp(`^(.{0,40}[\\s|–-]+)?(${soon})(?![\\p{L}])[^?]{0,40}$`, 'iu')
const soonHeading = new RegExp(
  `<h1[^>]*>\\s*(?:<[^>]+>\\s*)*(?:we(['’]re| are)? )?(?:${soon})[\\s!.…]*(?:<[^>]+>\\s*)*</h1>`,
  'iu',
)

export const placeholderPages: readonly PlaceholderPage[] = [
  {
    kind: 'platform-404',
    name: 'Vercel: no deployment',
    header: ['x-vercel-error', /^DEPLOYMENT_/],
    status: [402, 404, 410, 451, 503],
  },
  {
    kind: 'platform-404',
    name: 'Vercel: a deployment with nothing in it',
    header: ['x-vercel-error', /^NOT_FOUND/],
    status: [404],
    notApi: true,
  },
  {
    kind: 'platform-404',
    name: 'Vercel: no deployment',
    body: /The deployment could not be found on Vercel|DEPLOYMENT_NOT_FOUND/,
    status: [404],
  },
  {
    kind: 'platform-404',
    name: 'Netlify: no site',
    body: /^\s*Not Found - Request ID: [0-9A-Z]+|Looks like you've followed a broken link or entered a URL that doesn't exist on (?:this site[\s\S]*netlify|Netlify)/i,
    status: [404],
  },
  {
    kind: 'platform-404',
    name: 'Heroku: no app',
    body: /herokucdn\.com\/error-pages\/no-such-app|There's nothing here, yet\.|<title>No such app<\/title>/,
    status: [404, 502, 503],
  },
  { kind: 'platform-404', name: 'GitHub Pages: no site', body: /There isn't a GitHub Pages site here/, status: [404] },
  {
    kind: 'platform-404',
    name: 'Railway: no application',
    body: /"message":\s*"Application not found"|The train has not arrived at the station/,
    status: [404],
  },
  {
    kind: 'platform-404',
    name: 'Render: no server',
    header: ['x-render-routing', /no-server|suspend/],
    status: [404, 503],
  },
  { kind: 'platform-404', name: 'Fly.io: no app', body: /404 Not Found[\s\S]*fly\.io/i, status: [404] },
  {
    kind: 'platform-404',
    name: 'Azure: no web app',
    body: /404 Web Site not found|Error 404 - Web app not found/,
    status: [404],
  },
  { kind: 'platform-404', name: 'Amazon S3: no bucket', body: /<Code>NoSuchBucket<\/Code>/, status: [404] },
  {
    kind: 'platform-404',
    name: 'Cloudflare Pages: nothing here',
    body: /Nothing is here yet[\s\S]*(pages\.dev|cloudflare)/i,
    status: [404],
  },
  {
    kind: 'platform-404',
    name: 'Firebase Hosting: no site',
    body: /<title>Site Not Found<\/title>[\s\S]*(firebase|Why am I seeing this)/i,
    status: [404],
  },
  {
    kind: 'platform-404',
    name: 'Surge: no project',
    body: /<title>project not found<\/title>|surge\.sh\/favicon/,
    status: [404],
  },
  {
    kind: 'platform-404',
    name: 'Webflow: no site',
    body: /The page you are looking for doesn't exist or has been moved\.[\s\S]*webflow/i,
    status: [404],
  },
  {
    kind: 'platform-404',
    name: 'Shopify: no shop',
    body: /Sorry, this shop is currently unavailable|Only one step left!/,
    status: [404],
  },
  { kind: 'platform-404', name: 'DigitalOcean: no app', body: /404[\s\S]*DigitalOcean App Platform/i, status: [404] },
  {
    kind: 'platform-404',
    name: 'Cloudflare: the tunnel or the origin is gone',
    title: /^(?:Cloudflare Tunnel error|Origin DNS error) \| .{3,100} \| Cloudflare$/,
  },
  {
    kind: 'platform-404',
    name: 'Wix: no site',
    body: /Error ConnectYourDomain|Looks Like This Domain Isn['’]t Connected To A Website Yet/i,
  },
  {
    kind: 'platform-404',
    name: 'Squarespace: the account has ended',
    title: /^(?:Squarespace - )?Website Expired$/,
    body: /account has expired|no longer available/i,
  },
  { kind: 'platform-404', name: 'Framer: no site', title: /^Site Not Found \| Framer$/ },
  {
    kind: 'platform-404',
    name: 'a proxy that knows no service for this name (Traefik, Kubernetes)',
    body: /^(?:404 page not found|default backend - 404|no available server)\s*$/,
    status: [404, 503],
    notApi: true,
  },
  {
    kind: 'platform-404',
    name: "the platform's own login in front of the site",
    title: /^(?:Login|Log in) [–|-] Vercel$|^Sign in\W+Cloudflare Access$/i,
  },
  { kind: 'default-page', name: 'nginx default page', title: /^Welcome to nginx!$/ },
  {
    kind: 'default-page',
    name: 'web server test page',
    title:
      /^(?:Test Page for the (?:HTTP Server|Nginx HTTP Server|Apache HTTP Server) on .{3,40}|Apache HTTP Server Test Page powered by .{3,40}|HTTP Server Test Page powered by.{0,40})$/i,
  },
  { kind: 'default-page', name: 'Apache default page', title: /^It works! Apache httpd$/ },
  {
    kind: 'default-page',
    name: 'Tomcat default page',
    title: /^Apache Tomcat\/[\d.]+$/,
    body: /you['’]ve successfully installed Tomcat/i,
  },
  {
    kind: 'default-page',
    name: 'LiteSpeed default page',
    body: /successfully installed the (?:Open)?LiteSpeed Web Server/i,
  },
  { kind: 'default-page', name: 'Express starter page', title: /^Express$/, body: /<p>Welcome to Express<\/p>/ },
  { kind: 'default-page', name: 'Nuxt starter page', title: /^Welcome to Nuxt!?$/ },
  {
    kind: 'default-page',
    name: 'Azure App Service default page',
    title: /^Microsoft Azure (?:App Service|Web App) - Welcome$/,
  },
  { kind: 'default-page', name: 'Heroku default page', title: /^Heroku \| Welcome to your new app!$/ },
  {
    kind: 'default-page',
    name: 'Hostinger default page',
    title: /^(?:Hostinger default page|Default page \| Hostinger)$/i,
  },
  { kind: 'default-page', name: 'Firebase Hosting starter page', title: /^Welcome to Firebase Hosting$/ },
  {
    kind: 'default-page',
    name: 'WordPress as installed',
    body: /Welcome to WordPress\. This is your first post\. Edit or delete it/,
  },
  {
    kind: 'default-page',
    name: 'Apache default page',
    title:
      /^Apache2? (Ubuntu|Debian|Default|HTTP Server|CentOS).*(Default|Test) Page|^Apache2 .*Default Page: It works$/i,
  },
  { kind: 'default-page', name: 'Apache default page', body: /^\s*<html><body><h1>It works!<\/h1>/i },
  { kind: 'default-page', name: 'Caddy default page', title: /^Caddy works!$/ },
  { kind: 'default-page', name: 'IIS default page', title: /^IIS Windows( Server)?$/ },
  { kind: 'default-page', name: 'Plesk default page', title: /^(Domain Default page|Web Server's Default Page)$/ },
  {
    kind: 'default-page',
    name: 'Plesk default page',
    body: /<h1\b[^>]{0,200}>\s{0,40}(?:Domain Default page|Web Server's Default Page)\s{0,40}<\/h1>/i,
  },
  {
    kind: 'default-page',
    name: 'cPanel default page',
    body: /cgi-sys\/defaultwebpage\.cgi|SORRY!\s*(?:<[^<>]{0,200}>\s*){0,6}If you are the owner of this website, please contact your hosting provider/,
  },
  { kind: 'default-page', name: 'OpenResty default page', title: /^Welcome to OpenResty!$/ },
  {
    kind: 'default-page',
    name: 'Rails welcome page',
    title: /^Ruby on Rails [\d.]+$|^Ruby on Rails$/,
    body: /Rails version|Yay! You.re on Rails!/,
  },
  { kind: 'default-page', name: 'Django welcome page', title: /^The install worked successfully! Congratulations!$/ },
  { kind: 'default-page', name: 'Laravel welcome page', title: /^Laravel$/, body: /laravel\.com\/docs|Laracasts/ },
  {
    kind: 'default-page',
    name: 'Next.js starter page',
    sign: true,
    body: /Get started by editing[\s\S]{0,200}(app\/page|pages\/index)\.(tsx|js)|To get started, edit the page\.[jt]sx? file/,
  },
  {
    kind: 'default-page',
    name: 'Vite starter page',
    title: /^(?:Vite \+ (React|Vue|Svelte|TS|Preact|Lit|Solid|Qwik)( \+ TS)?|Vite App|vite-project)$/,
    starter: /^Vite/,
  },
  {
    kind: 'default-page',
    name: 'Create React App starter page',
    title: /^React App$/,
    starter: /^Create React App$/,
  },
  { kind: 'default-page', name: 'Angular starter page', body: /<app-root/, starter: /^Angular$/ },
  {
    kind: 'default-page',
    name: 'what a server, a panel or a framework shows as installed',
    sign: true,
    bare: /\b(?:successfully|site is) (?:installed|created|started|set up|deployed|enabled)\b|\b(?:this is|you are (?:seeing|viewing)) (?:the|a) default [\w. ]{0,20}page|\b(?:replace|change) this page\b|\bmay be (?:deleted|overwritten) |\byour (?:\w+ )?(?:(?:server|instance) is (?:now )?|application is now )(?:running|ready|installed)\b|\bis functioning normally\b|\bweb (?:station|hosting) has been enabled\b|\bto get started, (?:edit|open)\b|\bget started by editing\b|haven['’]t configured any homepage|\byour (?:\w+ ){0,4}(?:site|app|server|website) (?:is (?:now )?(?:live|ready)(?! in\b| within\b| for\b)|will appear here)\b|^(?:\S+ ){1,7}(?:is|are) coming soon\W*(?:stay tuned\W*)?$|\bnoch keine (?:web)?(?:seite|site|inhalte)\b|\bpas encore de (?:site|contenu)\b|\btodav[íi]a no (?:hay|tiene) (?:sitio|contenido|p[áa]gina)|\bnog geen (?:web)?site\b|\bhas no (?:web)?site yet\b|\bwaiting for your (?:content|code|files)\b|\byour first deployment\b|^(?:\S{1,60} ){1,2}powered by \w+\W*$|^(?:it works)\W*(?:it works)?\W*$|^\W*(?:test(?:ing)?(?: page)?|todo|tbd|placeholder|untitled|asdf\w*)\W*$|\bgenerated (?:automatically|dynamically) by (?:the system|CodeIgniter|\w+ server)\b/i,
  },
  {
    kind: 'default-page',
    name: "a host's page for a name without a website",
    sign: true,
    bare: /\bif you(?:[’']re| are) the (?:(?:web ?)?site|domain|account) owner\b|\bif you(?:[’']re| are) the owner of this (?:web ?site|site|domain)\b|\ball you (?:have|need) to do now is (?:to )?upload your\b/i,
  },
  {
    kind: 'default-page',
    name: 'an installer that was not finished, and takes orders from whoever comes first',
    title:
      /^(?:WordPress|Matomo [\d.]{0,20}) › (?:Installation|Setup Configuration File)$|^WordPress › (?:Database )?Update$|^Joomla!? Web Installer$|^(?:Choose language|Select an installation profile|Set up database) \| Drupal$|^PrestaShop Installation Assistant$/i,
  },
  {
    kind: 'default-page',
    name: 'an installer that was not finished, and takes orders from whoever comes first',
    sign: true,
    bare: /\bdatabase name\b.{1,200}\bdatabase (?:user\w{0,5}|password|host|server)\b.{1,200}\bdatabase (?:user\w{0,5}|password|host|server)\b/i,
  },
  {
    kind: 'default-page',
    name: 'the starter page of a framework',
    sign: true,
    bare: /\bwelcome to (?:SvelteKit|Remix|Astro|Nuxt|Qwik|Gatsby|Symfony|CodeIgniter|CakePHP|WildFly|XAMPP|SolidStart|Fresh|Phoenix|AdonisJS|RedwoodJS|Docusaurus|Strapi|Meteor|Hono|Laravel|Flask|FastAPI|Django|Express|Nest(?:JS)?|Yii|Slim|Spring Boot|Blazor)\b[!. \d]*(?:$|[A-Z])|^New (?:Remix|React Router) App\b|^My Yii Application\b|^Hello from My Site \||· Phoenix Framework\b|\bGatsby Default Starter\b|^\S{0,40}\s?hello,? world[!. :)-]*$|^(?:(?!lorem)\S+ ){0,8}lorem ipsum dolor sit amet\b/i,
  },
  { kind: 'default-page', name: 'directory of an empty server', title: /^Index of \/$/ },
  {
    kind: 'parked',
    name: 'a parking page',
    body: /(sedoparking|parkingcrew|bodis\.com|dan\.com\/buy|afternic\.com\/forsale|hugedomains\.com|parklogic|above\.com\/marketplace|cashparking|img1\.wsimg\.com\/parking-lander|namecheap\.com\/parkingpage|parkingpage\.namecheap|window\.park\s*=|window\.location\.href\s*=\s*["']\/lander["'])/i,
  },
  {
    kind: 'parked',
    name: 'a parking page',
    title:
      /^(?:the )?(?:domain (?:name )?)?(?:[\w-]+\.)+[a-z]{2,} (?:is|may be) for sale\b|domain (?:name )?(?:is )?(?:for sale|parked)\b|^buy this domain|parked (?:free|domain|at)\b|^domain parking$/i,
  },
  {
    kind: 'parked',
    name: 'a parking page',
    sign: true,
    body: /<h1[^>]*>[^<]*(is parked (?:free|by|at|with)\b|this domain (is|may be) for sale|domain is parked|(?:the )?domain (?:[\w-]+\.)+[a-z]{2,} (?:is|may be) for sale)/i,
  },
  {
    kind: 'parked',
    name: "a registrar's page for a name that shows nothing yet",
    sign: true,
    bare: /\bthis domain(?: name)? (?:is|may be) for sale\b|\b(?:this|the|your) domain(?: name)? (?:[\w.-]+ )?(?:has been|is|was) (?:already |newly |just |successfully )?(?:registered|purchased|reserved|parked)\b|\.[a-z]{2,} is hosted by \w|\bdiese (?:domain|internetpr[äa]senz|website)(?: \S+){0,4} (?:registriert|freigeschaltet|reserviert|geparkt)\b|\bce (?:nom de )?domaine (?:est|a [ée]t[ée]) (?:d[ée]j[àa] )?(?:enregistr|r[ée]serv)|\beste dominio (?:est[áa]|ha sido) (?:registrado|reservado|aparcado)|\bquesto dominio [èe] (?:stato )?(?:registrato|parcheggiato)|\bdit domein is (?:al )?(?:geregistreerd|gereserveerd)|\bdomena (?:\S+ )?(?:jest|została) zarejestrowana|домен (?:\S+ )?(?:зарегистрирован|припаркован)/iu,
  },
  {
    kind: 'parked',
    name: "the registrar's page for a new domain",
    body: /This domain name has (?:just )?been registered|Diese Website wurde gerade freigeschaltet|F[ée]licitations ! Votre domaine a bien [ée]t[ée] cr[ée][ée]/i,
  },
  {
    kind: 'parked',
    name: "the registrar's page for a name whose owner did not confirm the address",
    title: /^Registrant WHOIS contact information verification/i,
  },
  { kind: 'dev-server', name: 'Vite development server', body: /<script[^>]+src=["']\/@vite\/client["']/ },
  { kind: 'dev-server', name: 'React refresh (development)', body: /\/@react-refresh["']/ },
  {
    kind: 'dev-server',
    name: 'webpack development server',
    body: /webpack-dev-server\/client|\/sockjs-node\/info|webpackHotDevClient/,
  },
  {
    kind: 'dev-server',
    name: 'Next.js development server',
    body: /\/_next\/static\/(chunks\/)?(react-refresh|webpack-hmr)|\/_next\/static\/development\/|__nextjs_original-stack-frame|(?:%5Bturbopack%5D|\[turbopack\])_browser_dev_hmr-client/,
  },
  { kind: 'dev-server', name: 'Nuxt development server', body: /\/_nuxt\/@vite\/client/ },
  {
    kind: 'dev-server',
    name: 'Astro development server',
    body: /\/node_modules\/astro\/dist\/runtime\/client\/dev-toolbar/,
  },
  {
    kind: 'coming-soon',
    name: 'a "coming soon" page',
    title: soonTitle,
  },
  {
    kind: 'coming-soon',
    name: 'a "coming soon" page',
    sign: true,
    body: soonHeading,
  },
]
