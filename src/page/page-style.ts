/** Colours are named once for light and once for dark; nothing is told by colour alone. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--back:#fdfdfc;--panel:#fff;--text:#1d2327;--soft:#5c676f;--line:#d9dee2;--ran:#2f6fb3;--critical:#b4540a;--hit:#3c7a4a;--failed:#b3261e;--focus:#7a3fd0}
@media(prefers-color-scheme:dark){:root{--back:#14181b;--panel:#1c2226;--text:#e6eaec;--soft:#9aa7b0;--line:#343d44;--ran:#6aaae6;--critical:#f0a050;--hit:#7cc48c;--failed:#ff8a80;--focus:#b99aff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:100rem;background:var(--back);color:var(--text);font:15px/1.45 system-ui,sans-serif}
h1{font-size:1.35rem;margin:.2rem 0}h2{font-size:1.1rem;margin:2rem 0 .6rem}h3{font-size:.9rem;margin:.8rem 0 .2rem;color:var(--soft)}
p{margin:.3rem 0}small,.soft{color:var(--soft)}code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
a,summary,button,[tabindex]{outline-offset:2px}:focus-visible{outline:3px solid var(--focus)}
ol,ul{list-style:none;margin:0;padding:0}
.miss{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--critical);border-radius:4px;padding:.6rem .8rem;margin:.6rem 0}
.miss strong{overflow-wrap:anywhere}.miss dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.4rem 0 0}.miss dt{color:var(--soft)}.miss dd{margin:0;overflow-wrap:anywhere}
.axis{display:flex;justify-content:space-between;color:var(--soft);font-size:12px;border-bottom:1px solid var(--line);margin-left:38%}
.row{display:grid;grid-template-columns:38% 1fr;align-items:center;min-height:1.7rem}
.row:hover{background:var(--panel)}
.name{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;padding-right:.8rem;font:13px ui-monospace,monospace}
.track{position:relative;height:1.25rem;border-left:1px solid var(--line);overflow:hidden}
.bar{position:absolute;top:.2rem;bottom:.2rem;background:var(--ran);border-radius:2px}
.critical .bar{background:var(--critical)}.failed .bar{background:var(--failed)}.phase .bar{background:var(--soft)}
.time{position:absolute;top:0;line-height:1.25rem;font-size:12px;color:var(--soft);white-space:nowrap}
.hit .name{color:var(--soft)}
.legend{font-size:12px;color:var(--soft);display:flex;flex-wrap:wrap;gap:.3rem 1.2rem}
.key::before{content:"";display:inline-block;width:.9em;height:.9em;margin-right:.4em;border-radius:2px;vertical-align:-.1em;background:var(--ran)}
.key.critical::before{background:var(--critical)}.key.hit::before{background:none;border:1px solid var(--soft)}.key.failed::before{background:var(--failed)}
details{margin:.3rem 0 .3rem .2rem;border-left:2px solid var(--line);padding-left:.7rem}summary{cursor:pointer;font-weight:600}
.step{padding:.15rem 0}.badge{display:inline-block;min-width:5.4em;font-size:12px;border:1px solid currentColor;border-radius:3px;padding:0 .4em;text-align:center;color:var(--hit)}
.step.run>.badge{color:var(--critical)}.step.failed>.badge,.step.cancelled>.badge{color:var(--failed)}.step.not-needed>.badge{color:var(--soft)}
.reason{margin-left:6.2em;color:var(--soft);overflow-wrap:anywhere}.again{color:var(--soft)}
.crumbs{display:flex;flex-wrap:wrap;gap:.3rem;align-items:center;min-height:2rem}
.crumbs button{font:inherit;font-size:13px;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:3px;padding:.1rem .5rem;cursor:pointer;max-width:100%;overflow:hidden;text-overflow:ellipsis}
#map{position:relative;height:min(70vh,42rem);border:1px solid var(--line);background:var(--panel);overflow:hidden}
.tile{position:absolute;overflow:hidden;padding:2px 5px;margin:0;border:1px solid var(--back);font:12px/1.25 system-ui,sans-serif;text-align:left;color:#10181d;background:hsl(var(--hue) 45% 76%)}
button.tile{cursor:pointer;display:flex;flex-direction:column;align-items:flex-start;justify-content:flex-start}.tile.open b{white-space:nowrap}.tile.open{padding:1px 5px}.tile b{display:block;font-weight:600;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){.tile{color:#eef2f4;background:hsl(var(--hue) 30% 30%)}}
.tile:focus-visible{outline-offset:-3px;z-index:1}
table{border-collapse:collapse;width:100%;font-size:13px}td{border-top:1px solid var(--line);padding:.2rem .4rem;overflow-wrap:anywhere}td:last-child{text-align:right;white-space:nowrap}
@media(max-width:46rem){body{padding:.7rem}.axis{margin-left:0}.row{grid-template-columns:1fr;padding:.25rem 0}.reason{margin-left:.2rem}details{padding-left:.45rem}}
@media(prefers-reduced-motion:no-preference){.tile{transition:opacity .15s}}
`;
