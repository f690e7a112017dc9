// The style of the HTML report: one sheet, screen and print, light and dark. No request leaves the page.

export const style = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#55606f;--line:#d9dee5;--paper:#fff;--sheet:#f4f6f9;--code:#eef1f5;--link:#0b57a4;
--blocker:#b3261e;--high:#9a4b00;--medium:#5f5a00;--low:#3d5a73;--good:#1d6b3a;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#a9b4c2;--line:#37414e;--paper:#171c23;--sheet:#0f1318;--code:#222a34;--link:#8ec1ff;
--blocker:#ff9c94;--high:#ffb877;--medium:#e3d86b;--low:#a9c7e2;--good:#86d9a4;--on:#14181e}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--sheet);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:52rem;margin:0 auto;padding:0 1.25rem}
h1,h2,h3{line-height:1.25;margin:0;text-wrap:balance}
h3{text-wrap:pretty}
h1{font-size:clamp(1.7rem,5vw,2.6rem);letter-spacing:-.02em}
h2{font-size:1.4rem;margin:2.75rem 0 .25rem;letter-spacing:-.01em}
h3{font-size:1.1rem}
section>h3{margin-top:1rem}
p{margin:.5rem 0}
a{color:var(--link)}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
.cover{padding-top:3rem}
.cover .kind{color:var(--soft);margin:0 0 .5rem;font-size:.95rem}
.cover img{max-width:12rem;max-height:4rem;display:block;margin:0 0 1.75rem}
.people{display:flex;flex-wrap:wrap;gap:.25rem 2rem;margin:.9rem 0 0;padding:0}
.people div{display:flex;gap:.4rem}
.people dt{color:var(--soft)}
.people dd{margin:0}
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
.since h3{display:block;margin-top:1rem}
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
@page{size:A4;margin:16mm 15mm 18mm;@bottom-left{font:8pt system-ui,sans-serif;color:#55606f}@bottom-right{font:8pt system-ui,sans-serif;color:#55606f}}
@media print{:root{color-scheme:light;--ink:#1c2430;--soft:#55606f;--line:#d9dee5;--paper:#fff;--sheet:#fff;--code:#f2f4f7;--link:#0b57a4;
--blocker:#b3261e;--high:#9a4b00;--medium:#5f5a00;--low:#3d5a73;--good:#1d6b3a;--on:#fff}
html{font-size:9.5pt}body{font-size:1rem;line-height:1.45;background:#fff}main,header,footer{max-width:none;padding:0}.skip{display:none}footer{padding-top:1rem}
h2{font-size:14pt;margin-top:9mm}.cover{padding-top:14mm;break-after:page}#main>section:first-child h2{margin-top:0}
h2,section>h3,.sub,tbody tr:first-child{break-after:avoid}.card{break-inside:avoid;margin-bottom:4mm;padding:3.5mm 4.5mm}.row{padding:1.5mm 0}p:has(+pre){break-after:avoid}.card>h3,.tags,tr,pre,.seen div,.terms div,li{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}a{color:inherit;text-decoration:none}}
`
