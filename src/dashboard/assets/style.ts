// The one stylesheet of the dashboard. Colours hold a contrast of 4.5 to 1 on their grounds, light and dark.

export const style = `
:root{color-scheme:light dark;--ground:#fbfbf9;--card:#fff;--ink:#1b1f24;--soft:#59636e;--line:#dfe2e6;--up:#136338;--up-ground:#e2f4ea;--down:#b3261e;--down-ground:#fde8e6;--warn:#8a5200;--warn-ground:#fdf0d9;--none:#59636e;--none-ground:#eceef1;--bar-up:#34a56b;--bar-down:#d2382e;--bar-warn:#e0a02c;--bar-none:#aeb6bf;--bar-empty:#e3e6ea;--focus:#0b57d0}
@media(prefers-color-scheme:dark){:root{--ground:#101317;--card:#181c21;--ink:#e8eaed;--soft:#a3acb6;--line:#2c323a;--up:#6fd39c;--up-ground:#12301f;--down:#ff9d94;--down-ground:#401512;--warn:#f3c26b;--warn-ground:#3a2a0b;--none:#b3bbc4;--none-ground:#262c33;--bar-up:#2f9a63;--bar-down:#e5534b;--bar-warn:#d39a2d;--bar-none:#5c6670;--bar-empty:#272d34;--focus:#8ab4f8}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:var(--ground);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:68rem;padding:0 1.25rem 3rem}
header{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding:1rem 0;flex-wrap:wrap}
nav{display:flex;gap:1rem;align-items:center}
a{color:inherit;text-underline-offset:.2em}
a:focus-visible,button:focus-visible,summary:focus-visible,input:focus-visible,.scroll:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
button{font:inherit;padding:.4rem .9rem;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--ink);cursor:pointer;min-height:2.5rem}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:9}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.verdict{border-radius:14px;padding:1.25rem 1.5rem;display:flex;justify-content:space-between;align-items:baseline;gap:.25rem 1.5rem;flex-wrap:wrap}
.verdict h1{font-size:clamp(1.4rem,4.5vw,2rem);line-height:1.2;margin:0;text-wrap:balance;overflow-wrap:anywhere}
.verdict p{margin:0;color:inherit}
.verdict.up{background:var(--up-ground);color:var(--up)}.verdict.down{background:var(--down-ground);color:var(--down)}.verdict.degraded{background:var(--warn-ground);color:var(--warn)}.verdict.unknown{background:var(--none-ground);color:var(--none)}
.notice{border-left:4px solid var(--bar-warn);padding:.5rem 1rem;background:var(--card);margin:1rem 0 0}
.month{display:grid;grid-template-columns:repeat(3,1fr);gap:1rem;margin:1rem 0 0}
.month div{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1rem 1.25rem}
.month dt{color:var(--soft);font-size:.875rem}
.month dd{margin:0;font-size:1.6rem;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.month dd.small{font-size:.875rem;font-weight:400;color:var(--soft);letter-spacing:0;overflow-wrap:anywhere}
.month dd.bad{color:var(--down)}
h2{font-size:1.15rem;margin:2.25rem 0 .75rem}
ul{list-style:none;margin:0;padding:0}
.monitors{background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:hidden}
.row{border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 3.25rem}
.row:first-child{border-top:0}
.row>details>summary,.row.public{display:grid;grid-template-columns:minmax(7rem,1.1fr) 8.5rem minmax(8rem,2fr) 5.5rem 4.5rem;gap:1rem;align-items:center;padding:.7rem 1.25rem;min-height:3.25rem}
.row>details>summary{cursor:pointer;list-style:none}.row>details>summary::-webkit-details-marker{display:none}
.row>details>summary:hover{background:color-mix(in srgb,var(--line) 35%,transparent)}
.row.public{grid-template-columns:minmax(7rem,1.1fr) 8.5rem minmax(8rem,2fr) 5.5rem}
.name{font-weight:600;overflow-wrap:anywhere}
.number{text-align:right;font-variant-numeric:tabular-nums;color:var(--soft);white-space:nowrap}
.legend{display:grid;grid-template-columns:minmax(7rem,1.1fr) 8.5rem minmax(8rem,2fr) 5.5rem 4.5rem;gap:1rem;margin:0;padding:0 1.25rem .35rem;font-size:.8rem;color:var(--soft)}
.legend span:first-child{grid-column:3}.legend span:not(:first-child){text-align:right}
.state{display:inline-block;justify-self:start;padding:.1rem .6rem;border-radius:99px;font-size:.85rem;font-weight:600;background:var(--none-ground);color:var(--none);white-space:nowrap}
.state.up{background:var(--up-ground);color:var(--up)}.state.down{background:var(--down-ground);color:var(--down)}.state.degraded{background:var(--warn-ground);color:var(--warn)}
.bars{position:relative;display:block}
.bar{display:block;width:100%;height:1.5rem;border-radius:4px;-webkit-mask:repeating-linear-gradient(90deg,#000 0 calc(100%/90 - 1px),transparent calc(100%/90 - 1px) calc(100%/90));mask:repeating-linear-gradient(90deg,#000 0 calc(100%/90 - 1px),transparent calc(100%/90 - 1px) calc(100%/90))}
.bar .u{fill:var(--bar-up)}.bar .d{fill:var(--bar-down)}.bar .g{fill:var(--bar-warn)}.bar .n{fill:var(--bar-none)}.bar .x{fill:var(--bar-empty)}
.row dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.75rem 1.5rem;margin:0;padding:.25rem 1.25rem 1rem}
.row dt{color:var(--soft);font-size:.85rem}.row dd{margin:0;overflow-wrap:anywhere}
.curve{padding:0 1.25rem 1rem;min-height:0;overflow:hidden}.curve:not(:empty){min-height:12rem}
.incidents{display:grid;gap:.75rem}
.incident{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--bar-none);border-radius:10px;padding:.9rem 1.25rem}
.incident.down{border-left-color:var(--bar-down)}.incident.degraded{border-left-color:var(--bar-warn)}
.incident h3{margin:0;font-size:1.05rem;overflow-wrap:anywhere}.incident p{margin:.15rem 0}.when{color:var(--soft)}
.parts{margin-top:.4rem}.parts li{overflow-wrap:anywhere}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:14px}
table{border-collapse:collapse;width:100%;font-size:.95rem}th,td{text-align:left;padding:.6rem 1rem;vertical-align:top;border-top:1px solid var(--line)}thead th{border-top:0;color:var(--soft);font-weight:600;font-size:.85rem}
td:first-child{white-space:nowrap}.waiting{color:var(--down);font-weight:600}.state.waiting{color:var(--none)}.answer{color:var(--soft)}
.events{background:var(--card);border:1px solid var(--line);border-radius:14px}.events li{padding:.6rem 1.25rem;border-top:1px solid var(--line);overflow-wrap:anywhere}.events li:first-child{border-top:0}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,monospace}
footer{color:var(--soft);margin-top:2rem;font-size:.9rem}
.sign-in main{max-width:22rem;margin:15vh auto 0}.sign-in form{display:grid;gap:.6rem}.sign-in input{font:inherit;padding:.6rem .8rem;border:1px solid var(--soft);border-radius:8px;background:var(--card);color:var(--ink);min-height:2.75rem}.sign-in [role=alert]{color:var(--down);margin:0}
.status{max-width:54rem;padding-top:2rem}
@media(max-width:46rem){body{padding:0 1rem 2rem}.month{grid-template-columns:1fr;gap:.6rem}.month div{display:grid;grid-template-columns:1fr auto;align-items:baseline;padding:.75rem 1rem}.month dd{font-size:1.25rem;text-align:right}.month dd.small{grid-column:1/-1;text-align:left}.legend{display:none}.row>details>summary,.row.public{grid-template-columns:1fr auto;gap:.4rem .75rem;padding:.8rem 1rem}.bars{grid-column:1/-1}.row .number{text-align:left;font-size:.9rem}.row .number.ms{text-align:right}.row dl,.curve{padding-left:1rem;padding-right:1rem}.row{contain-intrinsic-size:auto 6.5rem}.verdict{padding:1rem 1.1rem}
table,thead,tbody,tr,td{display:block}thead{position:absolute;clip-path:inset(50%)}tr{padding:.6rem 1rem;border-top:1px solid var(--line)}tbody tr:first-child{border-top:0}td{border:0;padding:.1rem 0}}
@media(prefers-reduced-motion:no-preference){.state,.verdict{transition:background-color .3s,color .3s}}
@media print{.curve,nav,footer{display:none}}
`
