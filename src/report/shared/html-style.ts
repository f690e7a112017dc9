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
.counts li{background:var(--paper);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem;color:var(--soft);font-size:.9rem}
.counts b{display:block;font-size:1.6rem;line-height:1.2;color:var(--ink);font-variant-numeric:tabular-nums}
.counts .some.blocker b{color:var(--blocker)}.counts .some.high b{color:var(--high)}
.sub{color:var(--soft);margin:0 0 1rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.25rem;margin:0 0 1rem}
.card>h3{display:flex;gap:.7rem;align-items:baseline}
.no{flex:none;min-width:1.75rem;padding:0 .35rem;border-radius:1rem;background:var(--low);color:var(--on);text-align:center;font-size:.9rem;line-height:1.75rem}
.blocker .no{background:var(--blocker)}.high .no{background:var(--high)}.medium .no{background:var(--medium)}
.tags{color:var(--soft);font-size:.9rem;margin:.35rem 0 .6rem}
.card h4{margin:1rem 0 .25rem;font-size:.9rem;color:var(--soft);font-weight:600}
.seen{margin:0;padding:0}
.seen div{padding:.3rem 0;border-top:1px solid var(--line)}
.seen div:first-child{border-top:0}
.seen dt{color:var(--soft);font-size:.9rem}
.seen dd{margin:0}
code,pre{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{background:var(--code);border-radius:.25rem;padding:.1em .3em}
pre{background:var(--code);border-radius:.4rem;padding:.7rem .9rem;margin:.35rem 0 .7rem;white-space:pre-wrap}
ol.steps{margin:.3rem 0;padding-left:1.4rem}
table{border-collapse:collapse;width:100%;background:var(--paper);border:1px solid var(--line)}
th,td{text-align:left;vertical-align:top;padding:.5rem .65rem;border-top:1px solid var(--line)}
th{font-size:.85rem;color:var(--soft);font-weight:600}
td:first-child,td:last-child,.cost{white-space:nowrap;font-variant-numeric:tabular-nums}
.box{display:inline-block;width:.9em;height:.9em;border:1.5px solid var(--soft);border-radius:.15em;vertical-align:-.08em;margin-right:.5em}
.terms dt{font-weight:600;margin-top:.6rem}
.terms dd{margin:0}
.small{font-size:.88rem}
footer{color:var(--soft);font-size:.85rem;padding-top:2rem;padding-bottom:3rem}
@media (max-width:34rem){.counts{grid-template-columns:repeat(2,1fr)}.card{padding:.9rem 1rem}.cost{display:none}th,td{padding:.45rem .5rem}}
@page{size:A4;margin:18mm 16mm}
@media print{:root{color-scheme:light;--ink:#1c2430;--soft:#55606f;--line:#d9dee5;--paper:#fff;--sheet:#fff;--code:#f2f4f7;--link:#0b57a4;
--blocker:#b3261e;--high:#9a4b00;--medium:#5f5a00;--low:#3d5a73;--good:#1d6b3a;--on:#fff}
body{font-size:10.5pt;background:#fff}main,header,footer{max-width:none;padding:0}.skip{display:none}
.cover{padding-top:45mm;break-after:page}h2,h3,h4,.sub{break-after:avoid}.card{break-inside:avoid}p:has(+pre){break-after:avoid}.card>h3,.tags,tr,pre,.seen div,.terms div{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}a{color:inherit;text-decoration:none}}
`
