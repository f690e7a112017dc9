// What templates, themes, builders and starters hold until somebody writes over it, in the languages that small products are written in.
// Dated 2026-12-01; sources: Start Bootstrap, HTML5 UP, Tailwind and Bootstrap's examples, Webflow, Framer, Wix, Squarespace, Shopify's themes,
// the sample content of WordPress and its translations, starters for Next.js. One of them says nothing: products show them on purpose.

/** What a filler stands for. */
export type FillerKind =
  | 'brand'
  | 'headline'
  | 'person'
  | 'contact'
  | 'price'
  | 'latin'
  | 'sample'
  | 'builder'
  | 'title'

/** Words looked for in a line of small letters, without what stands around it. */
type Fillers = { kind: FillerKind; whole?: RegExp; within?: RegExp }

const whole = (...parts: string[]): RegExp => new RegExp(`^(?:${parts.join('|')})$`, 'u')
const within = (...parts: string[]): RegExp => new RegExp(parts.join('|'), 'u')

const number = '(?:one|two|three|four|five|six|uno|dos|tres|eins|zwei|drei|un|deux|trois|um|dois|due|tre|[1-9])'

export const fillers: readonly Fillers[] = [
  {
    kind: 'brand',
    whole: whole(
      '(?:about|welcome to|why choose|why|contact|join) (?:company name|(?:your|our) (?:company|brand|business)(?: name)?|brand name)',
      '(?:your|the|my)? ?(?:logo|brand|company|business|website|site|product|project|startup|store|shop|app|saas)(?: name)?(?: (?:goes )?here)?',
      '(?:your|company|brand|business|site|website|product|project|app|saas|startup|store|organi[sz]ation) (?:name|title|logo)(?: (?:goes )?here)?',
      'logo ?ipsum|acme(?:,? (?:inc|corp|co|ltd|company))?\\.?|my (?:web ?site|site|blog|shop|store)(?: \\d)?',
      '(?:tu|su|mi) (?:logo|logotipo|marca|empresa|negocio|sitio(?: web)?|tienda|nombre)(?: aqu[íi])?|nombre de (?:la |tu |su )?(?:empresa|marca|compañ[íi]a|tienda)|nombre del (?:sitio|producto)',
      '(?:ihr|ihre|dein|deine|mein|meine) (?:logo|firma|firmenname|unternehmen|marke|website|webseite|shop|firmenlogo)(?: hier)?|firmenname|musterfirma(?: gmbh)?|muster(?:mann)? gmbh|unternehmensname',
      "(?:votre|mon) (?:logo|marque|entreprise|soci[ée]t[ée]|nom|site(?: web)?|boutique)(?: ici)?|nom de (?:l[’']|la |votre )(?:entreprise|soci[ée]t[ée]|marque)",
      '(?:o |a )?(?:seu|sua|meu|minha) (?:logo|logotipo|marca|empresa|neg[óo]cio|site|nome|loja)(?: aqui)?|nome da (?:sua )?(?:empresa|marca|loja)',
      "(?:il (?:tuo|vostro|mio)|la (?:tua|vostra|mia)) (?:logo|marchio|azienda|attivit[àa]|sito|nome|negozio)(?: qui)?|nome (?:dell[’']|della tua )?azienda",
      '(?:uw|jouw|je|mijn) (?:logo|bedrijf|bedrijfsnaam|merk|naam|website)(?: hier)?|bedrijfsnaam',
      'tw[oó]j(?:a|e)? (?:logo|firma|marka|nazwa|strona)|nazwa firmy',
    ),
  },
  {
    kind: 'headline',
    whole: whole(
      '(?:main|hero|section|page|card|sub|catchy|big|your|awesome)?[ -]?(?:headline|heading|sub-?heading|sub-?headline|sub-?title|tagline|slogan)(?: \\d)?(?: text)?',
      '(?:section|page|card|hero|post|blog post|article|project|slide) title(?: \\d)?',
      `(?:feature|service|benefit|product|item|project|testimonial|step|plan|tab|slide|card|link|menu item|question|column) (?:${number}|title|name|heading)`,
      'call to action(?: button)?|button(?: text)?|text link|link text|drop-?down(?: link)?|(?:another|third|nested) (?:link|item)|something else here',
      '(?:caracter[íi]stica|servicio|funci[óo]n|beneficio|funktion|leistung|vorteil|merkmal|fonctionnalit[ée]|service|avantage|recurso|servi[çc]o|benef[íi]cio|caratteristica|servizio|vantaggio|functie|dienst|funkcja|us[łl]uga) ' +
        number,
      '(?:t[íi]tulo|subt[íi]tulo|titular)(?: de (?:la )?secci[óo]n| principal)?|llamada a la acci[óo]n|bot[óo]n',
      '(?:zwischen|haupt|unter)?[üu]berschrift(?: \\d)?|handlungsaufforderung|schaltfl[äa]che|platzhalter|blindtext|beispieltext',
      "titre(?: de (?:la )?(?:section|page))?|sous-titre|appel [àa] l[’']action|bouton",
      "t[íi]tulo da se[çc][ãa]o|chamada para a[çc][ãa]o|bot[ãa]o|titolo(?: (?:della )?sezione)?|sottotitolo|invito all[’']azione|koptekst|ondertitel|nag[łl][óo]wek|podtytu[łl]",
    ),
    within: within(
      '^(?:a |an |the )?(?:your|insert|enter|add|write|place|type|put)\\b.{0,40}\\b(?:tag ?line|slogan|headline|heading|title|sub-?title|sub-?heading|description|text|content|copy|paragraph|story|message|quote|caption|testimonial|name|name)\\b.{0,30}\\bhere$',
      '\\b(?:text|content|description|tagline|headline|title|copy|quote|paragraph|bio|answer) (?:goes|will go|comes) here\\b',
      '\\bwrite an awesome\\b|\\bthis is (?:some |a |an |the )?(?:dummy|sample|placeholder|filler|example|default|simple hero|wider card|longer card|short card)\\b|\\bsome (?:quick example|representative placeholder|dummy|placeholder|sample|random) (?:text|content)\\b|\\bplaceholder (?:text|content|copy)\\b|\\b(?:dummy|filler) text\\b|\\bthis is some text inside of\\b',
      '\\b(?:escriba?|a[ñn]ad[ea]|agreg[ae]|insert[ae]|introdu[cz][ea]|coloca|pon)\\b.{0,30}\\b(?:t[íi]tulo|texto|eslogan|descripci[óo]n|lema|titular)\\b|\\b(?:tu|su) (?:t[íi]tulo|eslogan|texto|lema|titular|descripci[óo]n) (?:va )?aqu[íi]\\b|\\btexto de (?:ejemplo|relleno|prueba|muestra)\\b',
      '\\b(?:ihre?|deine?) (?:[üu]berschrift|slogan|titel|text|claim|beschreibung|tagline) (?:steht |kommt )?hier\\b|\\bhier (?:steht|kommt|k[öo]nnte) (?:ein|der|ihr|dein|eine|die|ihre|deine)\\b.{0,20}\\b(?:text|beschreibung|[üu]berschrift|slogan|inhalt|blindtext|beispieltext)\\b|\\b(?:blind|beispiel|platzhalter|f[üu]ll)text\\b',
      "\\b(?:votre|ins[ée]rez|ajoutez|saisissez|[ée]crivez)\\b.{0,20}\\b(?:titre|texte|slogan|accroche|description)\\b.{0,10}\\bici\\b|\\bfaux[ -]texte\\b|\\btexte (?:d[’']exemple|de remplissage|factice)\\b",
      '\\b(?:seu|sua|insira|adicione|escreva|digite)\\b.{0,20}\\b(?:t[íi]tulo|texto|slogan|descri[çc][ãa]o|chamada)\\b.{0,10}\\baqui\\b|\\btexto de (?:exemplo|preenchimento)\\b',
      '\\b(?:tuo|tua|inserisci|aggiungi|scrivi)\\b.{0,20}\\b(?:titolo|testo|slogan|descrizione|motto)\\b.{0,10}\\bqui\\b|\\btesto (?:di esempio|segnaposto|fittizio)\\b',
      '\\b(?:uw|jouw|je|voeg|schrijf)\\b.{0,20}\\b(?:titel|tekst|slogan|beschrijving|kop)\\b.{0,10}\\bhier\\b|\\b(?:voorbeeld|opvul|plaatshouder)tekst\\b|\\b(?:tw[óo]j|wpisz|dodaj|wstaw)\\b.{0,20}\\b(?:tytu[łl]|tekst|slogan|opis|nag[łl][óo]wek)\\b.{0,10}\\btutaj\\b|\\bprzyk[łl]adowy tekst\\b',
    ),
  },
  {
    kind: 'person',
    within: within(
      '\\b(?:john|jane) (?:doe|smith)\\b|\\b(?:max|erika|maria|anna|hans) mustermann\\b|\\bmusterfrau\\b|\\bjean dupont\\b|\\bjuan p[ée]rez\\b|\\bfulano\\b|\\bjo[ãa]o (?:da )?silva\\b|\\bmario rossi\\b|\\bjan (?:jansen|kowalski)\\b|\\bfirstname lastname\\b|\\bname surname\\b',
      '\\b(?:ceo|cto|cfo|founder|co-?founder|manager|director|marketing|designer|developer|gesch[äa]ftsf[üu]hrer(?:in)?|directeur|gerente|fundador|titolare)\\b.{1,6}\\b(?:company(?: name)?|your company|acme|company inc|empresa|firma|musterfirma|entreprise|azienda)$',
    ),
    whole: whole(
      "(?:first|full|client|customer|author|member|team member|person|employee|founder|reviewer|speaker)[’'s]{0,2} ?name(?: here)?|(?:client|customer|person|member|reviewer) (?:title|position|role)|(?:job|position) title",
      'nombre (?:y )?apellidos?|nombre del (?:cliente|autor)|vorname,? (?:und )?nachname|name des kunden|kundenname|(?:nom (?:et )?pr[ée]nom|pr[ée]nom (?:et )?nom)|nom du client|nome (?:e )?(?:cognome|sobrenome)|nome do cliente|nome (?:del )?cliente|naam klant|imi[ęe] i? ?nazwisko',
    ),
  },
  {
    kind: 'contact',
    within: within(
      '[\\w.+-]{1,40}@(?:(?:your|my|the)-?(?:company|domain|site|website|business|email|brand|store|mail|name|app|startup|agency)(?:-?name)?|example|domain|company|companyname|sitename|websitename|website|tu-?(?:dominio|empresa|sitio)|(?:ihre|deine)-?(?:domain|firma|seite|website)|musterfirma|mustermann|muster|votre-?(?:domaine|site|entreprise)|se[ua]-?(?:dominio|site|empresa)|sua-?empresa|tu[oa]-?(?:dominio|sito|azienda)|(?:uw|jouw)-?(?:domein|bedrijf|site)|tw[oj]{2}a-?(?:domena|firma|strona))\\.(?:com|org|net|io|co|de|es|fr|it|nl|pl|pt|br|eu|com\\.br)\\b',
      '(?:^|[^\\d])\\+?\\(?0{2,3}\\)?[ .-]0{2,3}[ .-]?0{2,4}|\\(?\\b123\\)?[ .-]{0,2}456[ .-]?78(?:90|9)?\\b|(?:^|[^\\d])\\(?555\\)?[ .-]{1,2}\\d{3}[ .-]?\\d{4}\\b|\\b1?[ .-]?\\(?234\\)?[ .-]567[ .-]?89|\\bxxx[ .-]xxx|\\b555[ .-]\\d{4}\\b',
      "\\b(?:123|1234|12|1|500|000|00) (?:street name|main st(?:reet)?|your street|anywhere st|example st|fake st|demo st|sample st|terry franc\\w+|rue (?:de l[’'])?exemple|somewhere)\\b|\\bstreet name\\b|\\byour (?:street|city|address)\\b|\\bcity,? (?:state|country|zip)\\b|\\bmusterstra(?:ß|ss)e\\b|\\bmusterstadt\\b|\\bcalle (?:falsa|ejemplo)\\b|\\btu direcci[óo]n\\b|\\bvotre adresse\\b|\\bseu endere[çc]o\\b|\\bil tuo indirizzo\\b|\\bvia esempio\\b|\\bvoorbeeldstraat\\b|\\bprzyk[łl]adowa \\d",
    ),
  },
  {
    kind: 'price',
    within: within('[$€£] ?(?:00|xx|##|0{2}[.,]0{2})(?![\\d.,])', '(?:^|[^\\d.,])(?:00|xx)(?:[.,](?:00|xx))? ?[€$£]'),
  },
  {
    kind: 'sample',
    whole: whole(
      '(?:hello,? world|hallo welt|hola,? mundo|bonjour tout le monde|ol[áa],? mundo|ciao,? mondo|hallo wereld|witaj,? [śs]wiecie)',
      "(?:sample|example) page|beispiel-?seite|p[áa]gina (?:de )?ejemplo|page d[’']exemple|p[áa]gina (?:de )?exemplo|pagina di esempio|voorbeeld ?pagina|przyk[łl]adowa strona",
      'example product(?: title)?|blog post title.{0,10}|a wordpress commenter|uncategori[sz]ed|mindblown: a blog about philosophy',
    ),
    within: within(
      '\\bjust another wordpress site\\b|\\beine weitere wordpress-website\\b|\\b(?:otro sitio|un site) .{0,20}wordpress\\b|\\bun altro sito wordpress\\b',
    ),
  },
  {
    kind: 'builder',
    within: within(
      '\\bwordpress\\b.{0,60}\\b(?:first post|primera entrada|erste[rn]? beitrag|premier article|primeiro post|primo articolo|eerste bericht|pierwszy wpis)\\b',
      "\\bi[’']m a (?:paragraph|title|new section)\\b|\\bclick here to (?:edit|add)\\b|\\bclick (?:to )?edit (?:me|text|this)\\b|\\bdouble[ -]click (?:me|to edit|here)\\b|\\bthis is a paragraph\\b|\\bthis is your (?:about|services?|team|home ?page|first)\\b.{0,30}\\b(?:page|section|post)\\b",
      '\\b(?:use|this is) (?:a great |the |this )?(?:section|space|area|text|block|place) to (?:share|describe|tell|introduce|talk|welcome|add|highlight|promote|explain|let)\\b|\\bpair text with an image\\b|\\btalk about your brand\\b|\\bshare (?:information|details) about your (?:brand|company|product|shop)\\b|\\btell (?:your )?(?:visitors|customers|people|readers|them) (?:more )?about (?:your|who)\\b|\\bdescribe (?:your|the) (?:product|service|company|business|feature)\\b.{0,20}\\bhere\\b|\\bit all begins with an idea\\b|\\bthe way you tell your story online\\b',
      '\\bhaz clic (?:aqu[íi] )?para editar\\b|\\bsoy un p[áa]rrafo\\b|\\bich bin ein (?:textabschnitt|absatz|paragraph)\\b|\\bhier klicken,? um .{0,30}(?:text|bearbeiten)\\b|\\bje suis un paragraphe\\b|\\bcliquez (?:ici )?pour (?:modifier|[ée]diter|ajouter)\\b|\\b(?:eu )?sou um par[áa]grafo\\b|\\bclique (?:aqui )?para (?:editar|adicionar)\\b|\\bsono un paragrafo\\b|\\bclicca (?:qui )?per (?:modificare|aggiungere)\\b|\\bik ben een alinea\\b|\\bklik hier om te bewerken\\b|\\bto jest akapit\\b',
    ),
  },
]

/** Titles that a template's author gave. */
export const fillerTitle: RegExp = within(
  '\\b(?:html5?|landing ?page|bootstrap|tailwind\\w*|responsive|wordpress|website|web site|portfolio|one page|multi-?purpose|admin|startup|agency|business|saas|next\\.?js|react)\\b.{0,30}\\b(?:template|theme|starter(?: kit)?|boilerplate)$',
  '^(?:document|page|site|website|your|my|home ?page|insert|enter) title(?: here)?$|^(?:site|page|document) (?:title|name)\\b|^(?:home|start) ?page$|^my (?:site|website|blog)(?: \\d)?$|^untitled\\b|^your (?:saas|app|startup|product)(?: name)?$',
)

/** What makers of templates, of filler text and of sites call themselves: they show such things on purpose. */
export const makersOfFillers: RegExp =
  /\b(?:dummy text|filler text|placeholder (?:text|generator)|blindtext|mock-?ups?|templates|themes|vorlagen|plantillas|mod[èe]les|modelos|szablony|generat(?:or|e|eur)|g[ée]n[ée]rateur|generador|gerador|generatore|builder|baukasten|builds? (?:a |your )?(?:web ?site|page)|constructor|editor|maker|creator|card designer|business cards?|visitenkarten|signatures?|resumes?|cv|letterheads?|invoices? templates?|docs|documentation|component library|design system|ui kit)\b/iu

/** Words of the Latin of no meaning, and of the German and English texts that stand for it. */
export const fillerWords = new Set(
  'lorem ipsum dolor sit amet consectetur consectetuer adipiscing adipisicing adipisci elit elitr sed diam nonummy nibh euismod eiusmod tempor temporibus incididunt ut labore laoreet et dolore dolores magna aliqua aliquam aliquyam enim minim minima veniam quis nostrud exercitation exercitationem ullamco ullamcorper ullam laboris laboriosam nisi nihil aliquip ex ea commodo commodi consequat consequatur consequuntur duis aute autem irure in reprehenderit reprehenderit voluptate voluptatem voluptatum voluptas voluptatibus velit esse cillum fugiat fugit nulla pariatur excepteur sint occaecat occaecati cupidatat cupiditate non proident provident sunt culpa qui officia officiis deserunt mollit anim animi id est laborum laudantium quisquam quod quia quas quae quos quidem quibusdam quo nam eu sem varius tempus perspiciatis unde omnis iste natus error accusantium doloremque totam rem aperiam eaque ipsa ipsam ipsum ab illo inventore veritatis quasi architecto beatae vitae dicta explicabo nemo aspernatur odit magni ratione sequi nesciunt neque porro dolorem numquam eius modi tempora incidunt quaerat vel eum iure praesentium deleniti atque corrupti excepturi similique mollitia harum facilis expedita distinctio libero cum soluta nobis eligendi optio cumque impedit minus maxime placeat facere possimus assumenda repellendus quibusdam debitis rerum necessitatibus saepe eveniet repudiandae recusandae itaque earum hic tenetur sapiente delectus reiciendis maiores alias perferendis doloribus asperiores repellat pellentesque habitant morbi tristique senectus netus malesuada fames ac turpis egestas vestibulum tortor quam feugiat ultricies eget donec at mauris sagittis phasellus vivamus integer curabitur maecenas praesent cras nunc ante arcu augue lectus ligula lacus justo metus massa nec nisl odio orci pede pharetra porta posuere pretium proin purus rhoncus risus sapien scelerisque sollicitudin suscipit suspendisse tellus tincidunt urna vehicula venenatis viverra volutpat vulputate fusce gravida hendrerit iaculis imperdiet interdum lobortis luctus mattis mi molestie nullam ornare accumsan aenean bibendum blandit condimentum congue convallis cursus dapibus dictum dignissim efficitur eleifend elementum erat etiam facilisis faucibus fermentum finibus fringilla'.split(
    ' ',
  ),
)

/** How texts begin that stand for nothing, whatever follows. */
export const fillerBeginning: RegExp =
  /^(?:lorem ipsum|sed ut perspiciatis|li europan lingues|weit hinten, hinter den wortbergen|[üu]berall dieselbe alte leier|eine wunderbare heiterkeit|a wonderful serenity|far far away, behind the word mountains|the quick,? brown fox|jemand musste josef k|one morning, when gregor samsa|er h[öo]rte leise schritte hinter sich)/iu
