// The style of the handover: one sheet, screen and print, light and dark.

export const style = `
:root{color-scheme:light dark;--ink:#1b2430;--soft:#566273;--line:#d8dee6;--paper:#fff;--sheet:#f5f7fa;--code:#edf1f6;--link:#0b57a4;--accent:#0f4c81;
--good:#1d6b3a;--open:#8a5200;--bad:#b3261e;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#a9b4c2;--line:#37414e;--paper:#171c23;--sheet:#0f1318;--code:#222a34;--link:#8ec1ff;--accent:#9cc8f5;
--good:#86d9a4;--open:#ffc27d;--bad:#ff9c94;--on:#14181e}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--sheet);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:54rem;margin:0 auto;padding:0 1.25rem}
h1,h2,h3{line-height:1.25;margin:0;text-wrap:balance}
h1{font-size:clamp(1.8rem,5.5vw,2.7rem);letter-spacing:-.02em}
h2{font-size:1.4rem;letter-spacing:-.01em}
h3{font-size:1.02rem;margin:1.4rem 0 .35rem}
p{margin:.5rem 0}
a{color:var(--link)}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
.cover{padding-top:3.25rem}
.cover img{max-width:12rem;max-height:4rem;display:block;margin:0 0 1.75rem}
.kind{color:var(--accent);margin:0 0 .4rem;font-weight:600}
.people{display:flex;flex-wrap:wrap;gap:.2rem 2rem;margin:.9rem 0 0}
.people div{display:flex;gap:.4rem}
.people dt{color:var(--soft)}
.people dd{margin:0}
.verdict{margin:1.6rem 0 0;padding:1.05rem 1.25rem;background:var(--paper);border:1px solid var(--line);border-left:.4rem solid var(--open);border-radius:.5rem}
.verdict.good{border-left-color:var(--good)}.verdict.bad{border-left-color:var(--bad)}
.verdict strong{display:block;font-size:1.25rem;line-height:1.35}
.verdict p{margin:.25rem 0 0;color:var(--soft)}
.glance{font-size:1.05rem;margin:1.7rem 0 0}
.cover .facts{margin-top:.45rem}.cover .facts div{padding:.38rem 0}
.contents{columns:2 16rem;column-gap:2.5rem;list-style:none;margin:.5rem 0 0;padding:0}
.contents li{break-inside:avoid;padding:.12rem 0}
.contents a{text-decoration:none}
section{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1.4rem 1.5rem 1.5rem;margin:1.5rem 0 0;scroll-margin-top:1rem}
.sub{color:var(--soft);margin:.15rem 0 .8rem}
.note{border-left:.25rem solid var(--open);padding:.35rem 0 .35rem .8rem;margin:.8rem 0}
.note.good{border-left-color:var(--good)}.note.bad{border-left-color:var(--bad)}
ol.steps{counter-reset:step;list-style:none;padding:0;margin:.7rem 0}
ol.steps li{counter-increment:step;position:relative;padding:.32rem 0 .32rem 2.35rem;break-inside:avoid}
ol.steps li::before{content:counter(step);position:absolute;left:0;top:.36rem;width:1.6rem;height:1.6rem;border-radius:50%;background:var(--accent);color:var(--on);font-size:.85rem;font-weight:600;line-height:1.6rem;text-align:center;font-variant-numeric:tabular-nums}
.plain-list,.boxes{padding-left:1.25rem;margin:.5rem 0}
.plain-list li,.boxes li{padding:.12rem 0;break-inside:avoid}
.boxes{list-style:none;padding-left:1.6rem}
.boxes li::before{content:"";display:inline-block;width:.85em;height:.85em;border:1.5px solid var(--soft);border-radius:.15em;margin:0 .55em 0 -1.5em;vertical-align:-.06em}
code,pre{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{background:var(--code);border-radius:.25rem;padding:.1em .3em;box-decoration-break:clone;-webkit-box-decoration-break:clone}
pre{background:var(--code);border-radius:.4rem;padding:.65rem .85rem;margin:.4rem 0 .8rem;white-space:pre-wrap;break-inside:avoid}
.facts{margin:.7rem 0;border-top:1px solid var(--line)}
.facts div{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:0 1.25rem;padding:.5rem 0;border-bottom:1px solid var(--line);break-inside:avoid}
.facts dt{color:var(--soft)}
.facts dd{margin:0}
table{border-collapse:collapse;width:100%;margin:.7rem 0;font-size:.94rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .7rem .5rem 0;border-bottom:1px solid var(--line)}
th{font-size:.85rem;color:var(--soft);font-weight:600;border-bottom-color:var(--soft)}
td:last-child,th:last-child{padding-right:0}
td,th{overflow-wrap:break-word}
.day{white-space:nowrap;font-variant-numeric:tabular-nums}
.mark{font-weight:600;white-space:nowrap}
.mark.yes{color:var(--good)}.mark.no{color:var(--bad)}.mark.open{color:var(--open)}
.seven td:first-child{width:22%}.seven td:nth-child(5){width:24%}
.cols3 td:first-child{width:26%}
.words{border-left:.25rem solid var(--accent);padding:.1rem 0 .1rem .9rem;margin:1rem 0 0}
.words .by{color:var(--soft);font-size:.85rem;margin:0}
.words div{white-space:pre-wrap}
.sign{display:grid;gap:2.6rem;margin:2.4rem 0 .6rem}
.sign div{display:grid;grid-template-columns:minmax(0,1fr) 9rem;gap:.35rem 1.5rem}
.sign .rule{grid-column:1/-1;border-bottom:1px solid var(--ink);height:2.2rem;margin:0}
.sign p{margin:0}
.sign span{color:var(--soft);margin-left:.6rem}
.sign .at{color:var(--soft);text-align:right}
footer{color:var(--soft);font-size:.85rem;padding-top:1.75rem;padding-bottom:3rem}
@media (max-width:40rem){section{padding:1.1rem 1rem 1.2rem;border-radius:.5rem}main,header,footer{padding-left:.9rem;padding-right:.9rem}.facts div{grid-template-columns:minmax(0,1fr)}.facts dt{font-size:.9rem}
table,tbody,tr{display:block}thead{position:absolute;left:-99rem}tr{border-bottom:1px solid var(--line);padding:.5rem 0}td{display:grid;grid-template-columns:6.4rem minmax(0,1fr);gap:.6rem;border:0;padding:.15rem 0;width:auto!important}td::before{content:attr(data-label);color:var(--soft);font-size:.88rem}td:empty{display:none}
.sign div{grid-template-columns:minmax(0,1fr) 6rem}}
@page{margin:15mm 15mm 18mm;@bottom-left{font:8pt system-ui,sans-serif;color:#566273}@bottom-right{font:8pt system-ui,sans-serif;color:#566273}}
@media print{:root{color-scheme:light;--ink:#1b2430;--soft:#566273;--line:#d8dee6;--paper:#fff;--sheet:#fff;--code:#f1f4f8;--link:#0b57a4;--accent:#0f4c81;--good:#1d6b3a;--open:#8a5200;--bad:#b3261e;--on:#fff}
html{font-size:9.5pt}body{font-size:1rem;line-height:1.45;background:#fff}main,header,footer{max-width:none;padding:0}.skip{display:none}footer{padding-top:1rem}
.cover{padding-top:12mm;break-after:page}section{border:0;border-radius:0;padding:0;margin:8mm 0 0}section.page{break-before:page;margin-top:0}#main>section:first-of-type{margin-top:0;break-before:auto}
h2{font-size:15pt}h2,h3,.sub{break-after:avoid}p:has(+pre),p:has(+ol){break-after:avoid}tr,li,dd,.note,.words,.sub,section>p{break-inside:avoid}p,li{orphans:3;widows:3}thead{display:table-header-group}
code{padding:.1em 0}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}a{color:inherit;text-decoration:none}a.named::after{content:" (" attr(href) ")";color:var(--soft)}}
`
