/**
 * The page's only style sheet. A constant: the Content-Security-Policy allows it by the hash of exactly these bytes, so
 * nothing may ever be templated in here. At most 4 KB, it travels with every page. Colours keep 4.5:1 on both grounds.
 */
export const STYLE = `:root{color-scheme:light dark;--bg:#fff;--fg:#1f2328;--dim:#59636e;--line:#d1d9e0;--soft:#f6f8fa;--link:#0969da;--op:#1a7f37;--dp:#9a6700;--po:#bc4c00;--mo:#cf222e;--um:#0969da;--nd:#818b98}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--line:#3d444d;--soft:#151b23;--link:#58a6ff;--op:#3fb950;--dp:#d29922;--po:#f0883e;--mo:#f85149;--um:#58a6ff;--nd:#656c76}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:46rem;margin:0 auto;padding:0 1rem}
header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1rem;padding-top:1.25rem}
header a:first-child{font-weight:600;color:inherit;text-decoration:none}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.25rem;padding:.25rem .75rem;background:var(--bg);z-index:1}
.sprites{display:none}
h1{font-size:1.6rem;line-height:1.25;margin:0}
h2{font-size:1.25rem;line-height:1.3;margin:2.5rem 0 .5rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.5rem 0}
.quiet{align-items:baseline;border-bottom:1px solid var(--line)}.quiet h3,.quiet p{margin:.4rem 0;font-weight:400}
svg{width:1em;height:1em;vertical-align:-.125em;fill:currentColor}
.k{fill:none;stroke:var(--bg);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.op{color:var(--op)}.dp{color:var(--dp)}.po{color:var(--po)}.mo{color:var(--mo)}.um{color:var(--um)}
span:is(.op,.dp,.po,.mo,.um){white-space:nowrap}
.top{margin-top:1.25rem;padding:1.1rem 1.25rem;border:1px solid var(--line);border-left:.4rem solid;border-radius:.5rem;background:var(--soft)}
.top p,.dim,time,.strip+p,dt{color:var(--dim)}
.top p{margin:.35rem 0 0}
.note{padding:.6rem 1rem;border:2px dashed var(--dp);border-radius:.5rem;margin:1.25rem 0 0}
.incident{border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.25rem;margin-top:1.25rem}
.incident h2{margin:0}
.promise{font-weight:600}.promise time{color:inherit}
ol{list-style:none;margin:1rem 0 0;padding:0}
li{position:relative}
ol>li{padding:0 0 1rem 1.4rem;border-left:2px solid var(--line);margin-left:.35rem}
ol>li:last-child{border-color:transparent;padding-bottom:0}
ol>li:before{content:"";position:absolute;left:-.4rem;top:.45rem;width:.65rem;height:.65rem;border-radius:50%;background:var(--fg);border:2px solid var(--bg)}
ol>li:target{background:var(--soft)}
ol p{margin:.25rem 0}
.late,.late time{font-weight:600;color:var(--po)}
ul{list-style:none;margin:.25rem 0 0;padding:0}
.parts>li,details{border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin-top:.5rem}
details .parts>li{border-width:1px 0 0;border-radius:0;padding:.75rem 0}
details .parts>li:last-child{padding-bottom:0}
summary{cursor:pointer}
.row{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem}
summary .row{display:inline-flex;width:calc(100% - 1.5rem)}
.name{font-weight:600}
.strip{display:block;width:100%;height:1.75rem;margin-top:.5rem}
.strip path{fill:none;stroke:currentColor;stroke-width:20;stroke-dasharray:3 2}
.strip .tall{stroke-width:28}
.strip .nd{color:var(--nd);stroke-width:2}
.strip+p{display:flex;justify-content:space-between;flex-wrap:wrap;gap:0 1rem;margin:0;font-size:.8rem}
dl{display:grid;grid-template-columns:minmax(min-content,max-content) 1fr;gap:.15rem 1rem;margin:1rem 0}dd{margin:0}
@media(max-width:30rem){dl{display:block}dd{margin-bottom:.5rem}}
footer{margin-top:3rem;padding:1.25rem 1rem 2.5rem;border-top:1px solid var(--line);font-size:.85rem;color:var(--dim)}
@media(forced-colors:active){.k{stroke:Canvas}.strip{forced-color-adjust:none}}
@media print{:root{--bg:#fff;--fg:#000;--line:#999}.skip,header a+a{display:none}.incident,li{break-inside:avoid}}`
