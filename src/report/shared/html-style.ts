// The style of the HTML report: one sheet, screen and print, light and dark. No request leaves the page.

export const style = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#55606f;--line:#d9dee5;--paper:#fff;--sheet:#f4f6f9;--code:#eef1f5;--link:#0b57a4;--accent:#1c2430;--band:#16324f;--on-band:#fff;
--blocker:#b3261e;--high:#9a4b00;--medium:#5f5a00;--low:#3d5a73;--good:#1d6b3a;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#a9b4c2;--line:#37414e;--paper:#171c23;--sheet:#0f1318;--code:#222a34;--link:#8ec1ff;--accent:#e7ebf0;
--blocker:#ff9c94;--high:#ffb877;--medium:#e3d86b;--low:#a9c7e2;--good:#86d9a4;--on:#14181e}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--sheet);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:52rem;margin:0 auto;padding:0 1.25rem}
h1,h2,h3{line-height:1.25;margin:0;text-wrap:balance}
h3{text-wrap:pretty}
h1{font-size:clamp(1.7rem,5vw,2.6rem);letter-spacing:-.02em}
.later h1,h2,section>h3{color:var(--accent)}
h2{font-size:1.4rem;margin:2.75rem 0 .25rem;letter-spacing:-.01em}
h3{font-size:1.1rem}
section>h3{margin-top:1rem}
p{margin:.5rem 0}
a{color:var(--link)}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
.cover{padding-top:2rem}
.cover .kind{margin:0 0 .6rem;font-size:.95rem}
.cover img{max-width:14rem;max-height:4.5rem;display:block;margin:0 0 1.5rem}
.band{background:var(--band);color:var(--on-band);border-radius:.6rem;padding:clamp(1.5rem,6vw,3.5rem) clamp(1.2rem,5vw,2.75rem)}
.later{padding-top:2rem}.later .kind{color:var(--soft);margin:0}
.people{margin:1.5rem 0 0;padding:0}
.people div{display:grid;grid-template-columns:3.2rem minmax(0,1fr);gap:.4rem;padding:.12rem 0}
.people dt{font-weight:400}
.people dd{margin:0;font-weight:600}
.verdict{margin:1.75rem 0 0;padding:1.1rem 1.25rem;background:var(--paper);border:1px solid var(--line);border-left:.4rem solid var(--low);border-radius:.5rem}
.verdict p{margin:.2rem 0 0}
.verdict strong{font-size:1.35rem;display:block;line-height:1.3}
.not-ready{border-left-color:var(--blocker)}.not-ready strong{color:var(--blocker)}
.ready{border-left-color:var(--good)}.ready strong{color:var(--good)}
.incomplete{border-left-color:var(--high)}.incomplete strong{color:var(--high)}
.counts{list-style:none;display:grid;grid-template-columns:repeat(4,1fr);gap:.6rem;margin:1rem 0 0;padding:0}
.counts li{background:var(--paper);border:1px solid var(--line);border-radius:.5rem;color:var(--soft);font-size:.9rem;padding:.6rem .8rem}
.counts li:has(a){padding:0}
.counts a{display:block;height:100%;padding:.6rem .8rem;color:inherit;text-decoration:none;border-radius:inherit}
.counts a:hover{background:var(--code)}
.counts b{display:block;font-size:1.6rem;line-height:1.2;color:var(--ink);font-variant-numeric:tabular-nums}
.counts small{display:block;font-size:.85rem}
.counts .some.blocker b{color:var(--blocker)}.counts .some.high b{color:var(--high)}
.worst{margin:.6rem 0 0;padding:0 0 0 1.5rem}
.worst li{padding:.2rem 0}
.worst li::marker{color:var(--soft);font-variant-numeric:tabular-nums}
.two h2{font-size:1.15rem}
.customer{margin:1.1rem 0 0;padding:.1rem 0 .1rem .9rem;border-left:.25rem solid var(--good)}
.customer.stops{border-left-color:var(--blocker)}
.sides td{font-size:.94rem}.sides th:first-child,.sides th:last-child{width:auto}.sides td:first-child{padding-left:.65rem;overflow-wrap:anywhere}
.sides.counted{margin:.8rem 0}.sides.counted td{font-size:1.1rem;font-weight:600}.sides.counted tbody th{font-size:.95rem;background:none;padding-top:.5rem}
.word.not-ready{color:var(--blocker)}.word.ready{color:var(--good)}.word.incomplete{color:var(--high)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.by{font-weight:600}
.refs{color:var(--soft);font-size:.88rem;margin-left:.3rem}
.sub{color:var(--soft);margin:0 0 1rem}
.signals,.good,.fixed,.new{list-style:none;padding:0}
.signals li,.fixed li,.new li,.good li{padding:.15rem 0 .15rem 1.4rem;text-indent:-1.4rem}
.signals li::before,.good li::before,.fixed li::before,.new li::before{display:inline-block;width:1.4rem;text-indent:0;color:var(--soft)}
.signals li::before{content:"×";color:var(--blocker)}
.good li::before,.fixed li::before{content:"✓";color:var(--good)}
.new li::before{content:"+";color:var(--high)}
.good{columns:2 18rem;column-gap:2rem;margin:.3rem 0 .8rem;font-size:.94rem}
.good li{break-inside:avoid}
section h3{margin-top:.9rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.25rem;margin:0 0 1rem;scroll-margin-top:1rem}
.card>h3{display:flex;gap:.7rem;align-items:baseline;margin:0}
.card.blocker{border-top:.2rem solid var(--blocker)}
.no{flex:none;min-width:1.75rem;padding:0 .35rem;border-radius:1rem;background:var(--low);color:var(--on);text-align:center;font-size:.9rem;line-height:1.75rem}
.blocker .no{background:var(--blocker)}.high .no{background:var(--high)}.medium .no{background:var(--medium)}
.tags{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 0;color:var(--soft);font-size:.9rem;margin:.35rem 0 .5rem;padding:0}
.tags li:not(:last-child)::after{content:"·";margin:0 .45rem}
.why{margin:.4rem 0 .7rem}
.row{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:0 1.25rem;padding:.55rem 0;border-top:1px solid var(--line)}
.row:last-child{padding-bottom:0}
.row h4{margin:0;font-size:.88rem;line-height:1.6;color:var(--soft);font-weight:600}
.row p:first-child,.row pre:first-child{margin-top:0}.row p:last-child,.row pre:last-child,.row ol:last-child{margin-bottom:0}
.seen{margin:0;padding:0}
.seen div{display:flex;flex-wrap:wrap;gap:0 .6rem;align-items:baseline;padding:.1rem 0}
.seen dt{color:var(--soft);font-size:.94rem}
.seen dd{margin:0;min-width:0}
.alike{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin:0;padding:0}
.alike b{color:var(--soft);font-weight:400;font-size:.88rem;font-variant-numeric:tabular-nums}
code,pre{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{background:var(--code);border-radius:.25rem;padding:.1em .3em;box-decoration-break:clone;-webkit-box-decoration-break:clone}
pre{background:var(--code);border-radius:.4rem;padding:.6rem .8rem;margin:.35rem 0 .7rem;white-space:pre-wrap}
ol.steps{margin:.3rem 0 .6rem;padding-left:1.4rem}
table{border-collapse:collapse;width:100%;table-layout:fixed;background:var(--paper);border:1px solid var(--line)}
th,td{text-align:left;vertical-align:top;padding:.5rem .65rem;border-top:1px solid var(--line)}
th{font-size:.85rem;color:var(--soft);font-weight:600}
th:first-child{width:6.2rem}th:last-child{width:6.6rem}th.cost{width:8.4rem}
tbody th{background:var(--sheet);font-size:.95rem;padding-top:.8rem}
tbody th a{color:var(--ink);text-decoration:none}
tbody th span{float:right;font-weight:400}
tbody.blocker th a{color:var(--blocker)}
td:first-child,td:last-child,.cost{font-variant-numeric:tabular-nums}
td:first-child{padding-left:2rem;overflow-wrap:normal}
.what{display:block;color:var(--soft);font-size:.9rem}
.box{display:inline-block;width:.9em;height:.9em;border:1.5px solid var(--soft);border-radius:.15em;vertical-align:-.08em;margin:0 .45em 0 -1.35em}
.terms{columns:2 18rem;column-gap:2rem}
.terms div{break-inside:avoid;padding-bottom:.6rem}
.terms dt{font-weight:600}
.terms dd{margin:0}
.advice{color:var(--soft)}
section>ul:not([class]) li{margin:.45rem 0}
.small{font-size:.88rem}
figure{margin:1rem 0}
.days{width:100%;height:auto;font:11px system-ui,sans-serif}
.days text{fill:var(--soft)}.days .grid{stroke:var(--line)}.days .pass{fill:var(--good)}.days .fails{fill:var(--blocker)}
.key .pass{color:var(--good)}.key .fails{color:var(--blocker)}
details{margin:1rem 0}summary{cursor:pointer}
.plain{table-layout:auto}.plain th:first-child,.plain th:last-child{width:auto}.plain td:first-child{padding-left:.65rem}
footer{color:var(--soft);font-size:.85rem;padding-top:2rem;padding-bottom:3rem}
@media (max-width:40rem){.counts{grid-template-columns:repeat(2,1fr)}.card{padding:.9rem 1rem}th,td{padding:.45rem .5rem}table,tbody{display:block}thead,td.cost{display:none}tr{display:grid;grid-template-columns:3.6rem minmax(0,1fr) auto;border-top:1px solid var(--line)}th,td{border-top:0}tbody th:first-child{grid-column:1/-1;width:auto}
.row{grid-template-columns:minmax(0,1fr)}td:first-child{padding-left:1.75rem}ul,ol{padding-left:1.3rem}td[colspan]{grid-column:1/-1}tbody th span{float:none;display:block}}
@media (max-width:40rem){.plain{display:block;overflow-x:auto}.plain tbody{display:table-row-group}.plain thead{display:table-header-group}.plain tr{display:table-row}}
@media (max-width:40rem){.sides tr{grid-template-columns:repeat(2,minmax(0,1fr))}.sides.counted tr{grid-template-columns:repeat(3,minmax(0,1fr))}.sides thead{display:block}.sides tbody th:first-child{grid-column:auto}}
@page{margin:16mm 15mm 18mm;@bottom-left{font:8pt system-ui,sans-serif;color:#55606f}@bottom-right{font:8pt system-ui,sans-serif;color:#55606f}}
@media print{:root{color-scheme:light;--ink:#1c2430;--soft:#55606f;--line:#d9dee5;--paper:#fff;--sheet:#fff;--code:#f2f4f7;--link:#0b57a4;--accent:#1c2430;
--blocker:#b3261e;--high:#9a4b00;--medium:#5f5a00;--low:#3d5a73;--good:#1d6b3a;--on:#fff}
html{font-size:9pt}body{font-size:1rem;line-height:1.42;background:#fff}main,header,footer{max-width:none;padding:0}.skip{display:none}footer{padding-top:1rem;padding-bottom:0}
h2{font-size:14pt;margin-top:8mm}.cover{break-after:page}.cover img{max-height:18mm;max-width:70mm;margin-bottom:10mm}.band{min-height:130mm;padding:18mm 14mm;border-radius:2mm;display:flex;flex-direction:column}.band h1{font-size:30pt;max-width:150mm}.band .kind{font-size:12pt}.band .people{margin-top:auto;font-size:11pt;padding-top:10mm}.people div{grid-template-columns:14mm minmax(0,1fr)}
.cover .verdict{margin-top:9mm}.cover .verdict strong{font-size:15pt}.cover .verdict p{font-size:10.5pt}
.summary{break-after:page}.summary h2.title{margin-top:0}.two{display:grid;grid-template-columns:1fr 1fr;gap:0 9mm}.two:has(>section:only-child){display:block}.two h2{font-size:12pt;margin-top:6mm}.worst,.signals{font-size:9pt}
table.plan{font-size:8.5pt;line-height:1.3}.plan th,.plan td{padding:.9mm 2mm}.plan tbody th{padding-top:2mm}.plan td:first-child{padding-left:6.5mm}.plan .what{font-size:8pt}
h2,h3,.sub,tbody tr:first-child{break-after:avoid}.card{break-inside:avoid;margin-bottom:2.6mm;padding:2.2mm 4mm}.row{padding:1mm 0;grid-template-columns:27mm minmax(0,1fr)}.row pre{padding:1mm 2mm;margin:.6mm 0 1mm}.why{margin:.6mm 0 1.2mm}.tags{margin:.6mm 0}.row p,.row ol.steps{margin:.4mm 0}p:has(+pre){break-after:avoid}.card>h3,.tags,tr,pre,.seen div,.terms div,li,.customer,.verdict{break-inside:avoid}
.card{display:grid;grid-template-columns:5fr 8fr;column-gap:5mm;font-size:8.3pt;line-height:1.34}.card>*{grid-column:1/-1}.card>h3{font-size:10.5pt}.card>.row{grid-template-columns:27mm minmax(0,1fr);gap:0 3mm}
.card>.saw,.card>.like,.card>.change{display:block;align-self:start}.card>.saw{grid-column:1}.card>.like{grid-column:1;grid-row:5}.card>.change{grid-column:2;grid-row:4/6}.card:not(:has(.saw)):not(:has(.like))>.change{grid-column:1/-1}.row h4{font-size:8pt}.card>.check,.card>.source{padding:.7mm 0 0;grid-row:6;align-self:start}.card>.source{grid-column:1;grid-template-columns:13mm minmax(0,1fr)}.card>.check{grid-column:2;grid-template-columns:38mm minmax(0,1fr)}.card>.check h4,.card>.source h4{line-height:1.7}.card .check pre{margin:0 0 .6mm}.no{line-height:1.45rem;min-width:1.45rem;font-size:.8rem}ol.steps{padding-left:1.15rem}
.summary+section h2{margin-top:0}
thead{display:table-header-group}section:has(#closing){break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}a{color:inherit;text-decoration:none}}
`
