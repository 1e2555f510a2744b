/**
 * The map of the image: a squarified treemap (Bruls, Huizing, van Wijk) of one node's parts at a time; those that are large
 * enough show theirs, so that every tile can be read. A tile that has parts is a button; Escape and Backspace lead up again.
 */
export const TREEMAP_SCRIPT = `
'use strict';
const root = JSON.parse(document.getElementById('image-data').textContent);
const map = document.getElementById('map'), crumbs = document.getElementById('crumbs');
let path = [root];
while (only(path.at(-1))) path.push(only(path.at(-1)));
function only(node) { const kids = node.c || []; return kids.length === 1 && kids[0].c ? kids[0] : undefined; }
function size(n) { const u = ['B', 'kB', 'MB', 'GB']; let i = 0; while (n >= 999.5 && i < 3) { n /= 1000; i++; } return Number(n.toPrecision(3)) + ' ' + u[i]; }
function hue(name) { let h = 0; for (const c of name) h = (h * 31 + c.codePointAt(0)) % 360; return h; }
function worst(row, side, sum) { return Math.max(side * side * row[0].a / (sum * sum), sum * sum / (side * side * row.at(-1).a)); }
function squarify(nodes, box, place) {
  const total = nodes.reduce((s, n) => s + n.s, 0) || 1, scale = box.w * box.h / total;
  let rest = nodes.map(node => ({ node, a: node.s * scale }));
  while (rest.length) {
    const side = Math.min(box.w, box.h); let row = [rest[0]], sum = rest[0].a, i = 1;
    while (i < rest.length && worst([...row, rest[i]], side, sum + rest[i].a) <= worst(row, side, sum)) { row.push(rest[i]); sum += rest[i].a; i++; }
    const thick = sum / (side || 1); let at = 0;
    for (const { node, a } of row) {
      const long = a / (thick || 1);
      place(node, box.w >= box.h ? { x: box.x, y: box.y + at, w: thick, h: long } : { x: box.x + at, y: box.y, w: long, h: thick });
      at += long;
    }
    box = box.w >= box.h ? { x: box.x + thick, y: box.y, w: box.w - thick, h: box.h } : { x: box.x, y: box.y + thick, w: box.w, h: box.h - thick };
    rest = rest.slice(row.length);
  }
}
function tile(node, box, whole, opened) {
  const el = document.createElement(node.c ? 'button' : 'div'), share = (100 * node.s / whole).toFixed(1) + ' %';
  el.className = opened ? 'tile open' : 'tile';
  el.style.cssText = 'left:' + box.x + 'px;top:' + box.y + 'px;width:' + box.w + 'px;height:' + box.h + 'px;--hue:' + hue(node.n);
  el.title = node.n + ': ' + size(node.s) + ', ' + share + (node.c ? ' (press to look into it)' : '');
  el.setAttribute('aria-label', el.title);
  if (box.w > 34 && box.h > 16) { const b = document.createElement('b'); b.textContent = node.n; el.append(b); }
  if (opened) el.firstChild.append(' ' + size(node.s) + ', ' + share);
  else if (box.w > 50 && box.h > 36) el.append(size(node.s) + ', ' + share);
  if (node.c) el.onclick = () => { path.push(node); while (only(path.at(-1))) path.push(only(path.at(-1))); draw(true); };
  else el.tabIndex = box.w > 12 && box.h > 12 ? 0 : -1;
  return el;
}
function open(node, box) { return node.c && box.w > 110 && box.h > 70; }
function lay(node, box, whole, depth, tiles) {
  const opened = depth > 0 && open(node, box);
  tiles.push(tile(node, box, whole, opened));
  if (opened) squarify(node.c, { x: box.x + 4, y: box.y + 20, w: box.w - 8, h: box.h - 24 }, (n, b) => lay(n, b, whole, depth - 1, tiles));
}
function draw(focus) {
  const node = path.at(-1);
  crumbs.replaceChildren(...path.map((each, i) => {
    const b = document.createElement('button');
    b.textContent = each.n + ' ' + size(each.s); b.disabled = i === path.length - 1;
    b.onclick = () => { path = path.slice(0, i + 1); draw(true); };
    return b;
  }));
  map.replaceChildren();
  const tiles = [];
  squarify(node.c || [node], { x: 0, y: 0, w: map.clientWidth, h: map.clientHeight }, (n, box) => lay(n, box, root.s, 2, tiles));
  map.append(...tiles);
  if (focus && tiles[0]) tiles[0].focus();
}
function up() { do path.pop(); while (path.length > 1 && only(path.at(-1))); if (!path.length) path = [root]; draw(true); }
map.addEventListener('keydown', e => { if ((e.key === 'Escape' || e.key === 'Backspace') && path.length > 1) { e.preventDefault(); up(); } });
new ResizeObserver(() => draw(false)).observe(map);
`;
