import { html, nothing } from 'lit-html';
import { get, inTurn } from '../api.js';
import { Surface, place, showTip } from '../canvas.js';
import { drawRamp, ramp, scale, token } from '../colour.js';
import { count, number, options, visible } from '../format.js';

const EDGE = 40; // pixels that a chosen node keeps from the edge
const WIDE = 58; // pixels from a generation to the next, at scale 1
const HIGH = 17; // pixels from a row to the next
const FEW = 80; // nodes whose inspirations are told apart
const SOME = 400; // nodes whose inspirations are drawn at all, and not only those of the one that is looked at
const SHADES = 48; // colours that are told apart: nodes of one are filled at once

export class Page {
  constructor(app, _, query) {
    this.app = app;
    this.metric = query.get('metric') ?? '';
    this.fold = query.get('fold') === 'yes';
    this.failures = query.get('failures') === 'yes';
    this.crossed = query.get('inspirations') !== 'no';
    this.search = query.get('find') ?? '';
    this.zoom = 1;
    this.stretch = 1;
    this.rise = 1;
    this.at = [0, 0];
    this.held = null;
    this.pointers = new Map();
    this.inTurn = inTurn();
  }

  load() { return this.inTurn(() => this.read()); }

  async read() {
    const tree = await get(this.app.api('/lineage'), { metric: this.metric, fold: this.fold ? 'yes' : '', failures: this.failures ? 'yes' : '' });
    const looked = this.tree?.commit[this.over];
    this.tree = tree;
    this.colours = scale(this.tree.value, this.app.isHigherBetter(this.metric || this.app.metric));
    this.shades = this.tree.value.map((value) => (value === null ? -1 : Math.round(this.colours.at(value) * (SHADES - 1))));
    this.lost = this.tree.commit.map((_, i) => this.tree.failed[i] ?? null);
    this.onBest = new Set(this.tree.best);
    this.over = looked && this.tree.commit.includes(looked) ? this.tree.commit.indexOf(looked) : null;
    this.find();
    if (!this.fitted) this.fit();
    this.surface?.paint();
  }

  changed(what) { return what.archive ? this.load() : undefined; }
  themed() { this.surface?.paint(); }
  close() { this.surface?.close(); }

  remember() {
    const words = new URLSearchParams();
    if (this.metric) words.set('metric', this.metric);
    if (this.fold) words.set('fold', 'yes');
    if (this.failures) words.set('failures', 'yes');
    if (!this.crossed) words.set('inspirations', 'no');
    if (this.search) words.set('find', this.search);
    this.app.remember(words.toString());
  }

  find() {
    const text = this.search.trim().toLowerCase();
    this.matches = text && this.tree ? new Set(this.tree.commit.flatMap((hash, i) => (hash.startsWith(text) || this.tree.subject[i].toLowerCase().includes(text) ? [i] : []))) : null;
  }

  fit() {
    const host = document.querySelector('#tree')?.parentElement;
    if (!host?.clientWidth || !this.tree?.commit.length) return;
    const deep = Math.max(...this.tree.x) + 1;
    const room = this.height() - 60;
    this.zoom = Math.min(1.6, Math.max(0.05, room / (this.tree.rows * HIGH)));
    this.rise = Math.min(2.5, Math.max(1, room / (Math.max(1, this.tree.rows - 1) * HIGH * this.zoom)));
    this.stretch = Math.min(4, Math.max(0.4, (host.clientWidth - 110) / (Math.max(1, deep - 1) * WIDE * this.zoom)));
    this.at = [36, Math.max(24, (this.height() - (this.tree.rows - 1) * HIGH * this.rise * this.zoom) / 2)];
    this.fitted = true;
  }

  shading() {
    if (!this.colours || this.colours.low === null) return nothing;
    const { worst, best, isCut } = this.colours;
    return html`<span>${number(worst, 5)}${isCut ? ' or worse' : ''} <canvas class="ramp" width="120" height="9" aria-hidden="true"></canvas> ${number(best, 5)}</span>`;
  }

  told() {
    const failed = Object.keys(this.tree.failed).length;
    return `${count(this.tree.commit.length - failed)} commits${this.tree.truncated ? ', the newest' : ''}${failed ? ` · ${count(failed)} failed jobs` : ''}`;
  }

  height() { return Math.max(380, window.innerHeight - 176); }

  view() {
    const metrics = this.app.experiment.metrics ?? [];
    const box = (label, value, set) => html`<label class="field"><input type="checkbox" .checked=${value} @change=${(e) => { set(e.target.checked); this.remember(); }}> ${label}</label>`;
    return html`<div class="head"><h1>Lineage</h1><span class="soft">${this.tree ? this.told() : ''}</span></div>
      <section class="panel flush"><header class="controls">
        <input type="search" id="find" placeholder="Search subject or hash" aria-label="Search subject or hash" .value=${this.search} @input=${(e) => { this.search = e.target.value; this.find(); this.remember(); this.surface?.paint(); this.app.refresh(); }} @keydown=${(e) => e.key === 'Enter' && this.jump(e.shiftKey ? -1 : 1)}>
        ${this.matches ? html`<span class="soft">${count(this.matches.size)} found</span>` : nothing}
        <label class="field">colour <select @change=${(e) => { this.metric = e.target.value; this.remember(); this.app.ask(this.load()); }}>${options([['', this.app.metric], ...metrics.filter((m) => m !== this.app.metric).map((m) => [m])], this.metric)}</select></label>
        ${box('inspirations', this.crossed, (on) => { this.crossed = on; this.surface?.paint(); })}
        ${box('fold what led nowhere', this.fold, (on) => { this.fold = on; if (on) this.failures = false; this.reload(); })}
        ${box('failed jobs', this.failures, (on) => { this.failures = on; if (on) this.fold = false; this.reload(); })}
        <button class="button" @click=${() => { this.fit(); this.surface.paint(); }}>Fit</button>
        <span class="legend">${this.shading()}<span class="gold-key">━ to the best</span><span>○ elite</span><span class="run-key">┄ inspiration</span>${this.failures ? html`<span class="bad">✕ failed</span>` : nothing}</span></header>
      <div class="canvas"><canvas id="tree" tabindex="0" role="img" aria-label="The tree of commits. Arrow keys go to parent, child and the next of a generation, Enter opens; with Shift they move the tree; plus and minus zoom."
        @wheel=${(e) => this.wheel(e)} @pointerdown=${(e) => this.down(e)} @pointermove=${(e) => this.move(e)} @pointerup=${(e) => this.up(e)} @pointercancel=${(e) => this.pointers.delete(e.pointerId)} @pointerleave=${(e) => { this.tip(e, null); }} @keydown=${(e) => this.key(e)}></canvas><div class="tip" hidden></div></div></section>`;
  }

  drawn(root) {
    drawRamp(root);
    const canvas = root.querySelector('#tree');
    if (canvas && this.surface?.canvas !== canvas) { this.surface?.close(); this.surface = new Surface(canvas, (pen, w, h) => this.draw(pen, w, h), () => this.height()); if (this.tree && !this.fitted) this.fit(); }
  }

  px(i) { return this.at[0] + this.tree.x[i] * WIDE * this.stretch * this.zoom; }
  py(i) { return this.at[1] + this.tree.y[i] * HIGH * this.rise * this.zoom; }

  reload() { this.fitted = false; this.app.ask(this.load()); }

  draw(pen, w, h) {
    const { tree } = this;
    if (!tree) return;
    const n = tree.commit.length;
    const size = Math.max(1.4, Math.min(5.5, 4.6 * Math.sqrt(this.zoom)));
    const wide = WIDE * this.stretch * this.zoom; const high = HIGH * this.rise * this.zoom;
    const xs = new Float64Array(n); const ys = new Float64Array(n); const seen = new Uint8Array(n);
    for (let i = 0; i < n; i += 1) { const x = this.at[0] + tree.x[i] * wide; const y = this.at[1] + tree.y[i] * high; xs[i] = x; ys[i] = y; seen[i] = x > -WIDE && x < w + WIDE && y > -20 && y < h + 20 ? 1 : 0; }
    const strong = token('line-strong'); const gold = token('gold'); const text = token('text');
    this.edges(pen, { xs, ys, seen, strong, gold });
    this.dots(pen, { xs, ys, seen, size, strong });
    pen.globalAlpha = 1;
    pen.strokeStyle = text; pen.lineWidth = Math.min(1.4, size / 3.4);
    if (size > 2) { pen.beginPath(); for (let i = 0; i < n; i += 1) if (seen[i] && tree.elite[i] && !(this.matches && !this.matches.has(i))) ring(pen, xs[i], ys[i], size); pen.stroke(); }
    pen.strokeStyle = gold; pen.lineWidth = 2; pen.beginPath();
    for (const i of [...(this.matches ?? []), ...(this.over === null || this.over === undefined ? [] : [this.over])]) if (seen[i]) ring(pen, xs[i], ys[i], size + 3);
    pen.stroke();
    pen.font = '11px ui-sans-serif, system-ui, sans-serif'; pen.textAlign = 'left'; pen.fillStyle = token('soft');
    const ends = [tree.best[0], tree.best.at(-1)];
    pen.strokeStyle = token('panel'); pen.lineWidth = 3; pen.lineJoin = 'round';
    for (let i = 0; i < n; i += 1) {
      if (!seen[i] || this.lost[i] || !(ends.includes(i) || (this.zoom > 0.75 && (this.onBest.has(i) || tree.elite[i])))) continue;
      const label = [number(tree.value[i], 6), xs[i] + size + 4, ys[i] - 5];
      pen.strokeText(...label); pen.fillText(...label);
    }
  }

  edges(pen, { xs, ys, seen, strong, gold }) {
    const { tree } = this;
    const n = xs.length;
    if (this.crossed) {
      const lines = (nodes) => { pen.beginPath(); for (const i of nodes) for (const from of tree.inspirations[i]) { pen.moveTo(xs[from], ys[from]); pen.lineTo(xs[i], ys[i]); } pen.stroke(); };
      pen.strokeStyle = token('run'); pen.setLineDash([3, 3]);
      pen.globalAlpha = n < FEW ? 0.45 : 0.16; pen.lineWidth = 0.8;
      if (n < SOME) lines(tree.inspirations.keys());
      pen.globalAlpha = 1; pen.lineWidth = 1.6;
      if (this.over !== null && this.over !== undefined) lines([this.over]);
      pen.setLineDash([]);
    }
    const bent = this.zoom > 0.25;
    const stroke = (best) => {
      pen.beginPath();
      for (let i = 0; i < n; i += 1) {
        const parent = tree.parent[i];
        if (parent < 0 || !(seen[i] || seen[parent]) || (this.onBest.has(i) && this.onBest.has(parent)) !== best) continue;
        pen.moveTo(xs[parent], ys[parent]);
        const mid = xs[parent] + (xs[i] - xs[parent]) * 0.55;
        if (bent) pen.bezierCurveTo(mid, ys[parent], mid, ys[i], xs[i], ys[i]); else pen.lineTo(xs[i], ys[i]);
      }
      pen.stroke();
    };
    pen.lineWidth = 1; pen.strokeStyle = strong; stroke(false);
    pen.lineWidth = 2.4; pen.strokeStyle = gold; stroke(true);
  }

  /** Nodes of a shade at once, those that the search left out after the others; small ones as squares, which are faster. */
  dots(pen, { xs, ys, seen, size, strong }) {
    const groups = Array.from({ length: 2 * (SHADES + 1) }, () => []);
    const crosses = [];
    for (let i = 0; i < xs.length; i += 1) {
      if (!seen[i]) continue;
      if (this.lost[i]) crosses.push(i);
      else groups[(this.matches && !this.matches.has(i) ? SHADES + 1 : 0) + this.shades[i] + 1].push(i);
    }
    groups.forEach((group, g) => {
      if (!group.length) return;
      const shade = (g % (SHADES + 1)) - 1;
      pen.globalAlpha = g > SHADES ? 0.15 : 1;
      pen.fillStyle = shade < 0 ? strong : ramp(shade / (SHADES - 1));
      pen.beginPath();
      for (const i of group) {
        const r = size * (this.onBest.has(i) ? 1.25 : 1);
        if (size < 2.4) pen.rect(xs[i] - r, ys[i] - r, 2 * r, 2 * r); else ring(pen, xs[i], ys[i], r);
      }
      pen.fill();
    });
    pen.globalAlpha = this.matches ? 0.4 : 1; pen.strokeStyle = token('bad'); pen.lineWidth = 1.3; pen.beginPath();
    const r = size * 0.75;
    for (const i of crosses) { pen.moveTo(xs[i] - r, ys[i] - r); pen.lineTo(xs[i] + r, ys[i] + r); pen.moveTo(xs[i] + r, ys[i] - r); pen.lineTo(xs[i] - r, ys[i] + r); }
    pen.stroke();
  }

  nearest(x, y) {
    let found = null; let near = 14;
    for (let i = 0; i < (this.tree?.commit.length ?? 0); i += 1) { const far = Math.hypot(this.px(i) - x, this.py(i) - y); if (far < near) { near = far; found = i; } }
    return found;
  }

  wheel(event) { event.preventDefault(); this.scale(Math.exp(-event.deltaY * 0.0016), ...place(event)); }
  scale(by, x, y) { const zoom = Math.min(4, Math.max(0.03, this.zoom * by)); const ratio = zoom / this.zoom; this.at = [x - (x - this.at[0]) * ratio, y - (y - this.at[1]) * ratio]; this.zoom = zoom; this.surface.paint(); }
  down(event) { event.currentTarget.setPointerCapture(event.pointerId); this.pointers.set(event.pointerId, place(event)); this.moved = 0; }

  move(event) {
    const now = place(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) { this.tip(event, this.nearest(...now)); return; }
    const others = [...this.pointers.entries()].filter(([id]) => id !== event.pointerId);
    if (others.length) { const [, other] = others[0]; this.scale(Math.hypot(now[0] - other[0], now[1] - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1])), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2); }
    else { this.at = [this.at[0] + now[0] - before[0], this.at[1] + now[1] - before[1]]; this.surface.paint(); }
    this.moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    this.pointers.set(event.pointerId, now);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
    if (this.moved > 4) return;
    const node = this.nearest(...place(event));
    if (node !== null) this.open(node);
  }

  open(node) { this.app.go(this.lost[node] ? this.app.link('jobs', this.lost[node]) : this.app.link('commits', this.tree.commit[node])); }

  tip(event, node) {
    const tip = event.currentTarget.nextElementSibling;
    event.currentTarget.style.cursor = node === null ? 'grab' : 'pointer';
    if (this.over !== node) { this.over = node; this.surface.paint(); }
    if (node === null) tip.hidden = true; else this.say(tip, ...place(event), node);
  }

  say(tip, x, y, node) {
    const draw = this.tree.draw[node] < 0 ? '' : `job ${this.tree.draw[node] + 1}`;
    showTip(tip, x, y, this.lost[node] ? [`${draw} failed`, visible(this.tree.subject[node])]
      : [`${this.metric || this.app.metric} ${number(this.tree.value[node])}`, visible(this.tree.subject[node]), [this.tree.commit[node], draw, this.tree.elite[node] ? 'elite' : ''].filter(Boolean).join(' · ')]);
  }

  /** To the next of what was found, or the one before. */
  jump(by) {
    const found = [...this.matches ?? []];
    if (!found.length) return;
    const before = found.indexOf(this.over);
    this.choose(found[before < 0 ? (by > 0 ? 0 : found.length - 1) : (before + by + found.length) % found.length]);
    const { canvas } = this.surface;
    this.at = [this.at[0] + canvas.clientWidth / 2 - this.px(this.over), this.at[1] + canvas.clientHeight / 2 - this.py(this.over)];
    this.choose(this.over);
  }

  /** Looks at a node without a pointer: it is in view, and its tip beside it. */
  choose(node) {
    const { canvas } = this.surface;
    const into = (at, size) => (at < EDGE ? EDGE - at : at > size - EDGE ? size - EDGE - at : 0);
    this.at = [this.at[0] + into(this.px(node), canvas.clientWidth), this.at[1] + into(this.py(node), canvas.clientHeight)];
    this.over = node;
    this.say(canvas.nextElementSibling, this.px(node), this.py(node), node);
    this.surface.paint();
  }

  /** The node that lies a step that way: the parent, the nearest child, the next of its generation. */
  beside(node, key) {
    const { parent, x, y } = this.tree;
    if (key === 'ArrowLeft') return parent[node] < 0 ? null : parent[node];
    const child = key === 'ArrowRight'; const down = key === 'ArrowDown';
    let next = null;
    for (let i = 0; i < parent.length; i += 1) {
      const far = Math.abs(y[i] - y[node]);
      const lies = child ? parent[i] === node : x[i] === x[node] && (down ? y[i] > y[node] : y[i] < y[node]);
      if (lies && (next === null || far < Math.abs(y[next] - y[node]))) next = i;
    }
    return next;
  }

  key(event) {
    const by = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (by && this.tree?.commit.length) {
      event.preventDefault();
      if (event.shiftKey) { this.at = [this.at[0] + by[0], this.at[1] + by[1]]; this.surface.paint(); return; }
      const next = this.over === null || this.over === undefined ? this.tree.best[0] ?? 0 : this.beside(this.over, event.key);
      if (next !== null) this.choose(next);
    }
    if (event.key === 'Enter' && this.over !== null && this.over !== undefined) this.open(this.over);
    if (event.key === '+' || event.key === '-') this.scale(event.key === '+' ? 1.25 : 0.8, this.surface.canvas.clientWidth / 2, this.surface.canvas.clientHeight / 2);
  }
}

function ring(pen, x, y, r) { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 6.2832); }
