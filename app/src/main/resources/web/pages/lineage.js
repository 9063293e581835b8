import { html, nothing } from 'lit-html';
import { get } from '../api.js';
import { Surface, place, showTip } from '../canvas.js';
import { ramp, scale, token } from '../colour.js';
import { count, number, visible } from '../format.js';

const WIDE = 58; // pixels from a generation to the next, at scale 1
const HIGH = 17; // pixels from a row to the next

export class Page {
  constructor(app, _, query) {
    this.app = app;
    this.metric = query.get('metric') ?? '';
    this.fold = query.get('fold') === 'yes';
    this.crossed = query.get('inspirations') !== 'no';
    this.search = query.get('find') ?? '';
    this.zoom = 1;
    this.stretch = 1;
    this.at = [0, 0];
    this.held = null;
    this.pointers = new Map();
  }

  async load() {
    this.tree = await get(this.app.api('/lineage'), { metric: this.metric, fold: this.fold ? 'yes' : '' });
    this.colours = scale(this.tree.value, this.metric && this.metric !== this.app.metric ? true : this.app.higher);
    this.onBest = new Set(this.tree.best);
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
    this.zoom = Math.min(1.6, Math.max(0.05, (this.height() - 50) / (this.tree.rows * HIGH)));
    this.stretch = Math.min(4, Math.max(0.4, (host.clientWidth - 110) / (Math.max(1, deep - 1) * WIDE * this.zoom)));
    this.at = [36, Math.max(24, (this.height() - this.tree.rows * HIGH * this.zoom) / 2)];
    this.fitted = true;
  }

  height() { return Math.max(380, window.innerHeight - 230); }

  view() {
    const metrics = this.app.experiment.metrics ?? [];
    const box = (label, value, set) => html`<label class="field"><input type="checkbox" .checked=${value} @change=${(e) => { set(e.target.checked); this.remember(); }}> ${label}</label>`;
    return html`<div class="head"><h1>Lineage</h1><span class="soft">${this.tree ? `${count(this.tree.commit.length)} commits${this.tree.truncated ? ', the newest' : ''}` : ''}</span></div>
      <section class="panel flush"><header class="controls">
        <input type="search" id="find" placeholder="Search subject or hash" aria-label="Search subject or hash" .value=${this.search} @input=${(e) => { this.search = e.target.value; this.find(); this.remember(); this.surface?.paint(); this.app.refresh(); }} @keydown=${(e) => e.key === 'Enter' && this.jump()}>
        ${this.matches ? html`<span class="soft">${count(this.matches.size)} found</span>` : nothing}
        <label class="field">colour <select @change=${(e) => { this.metric = e.target.value; this.remember(); this.load().catch(this.app.fail); }}><option value="">${this.app.metric}</option>${metrics.filter((m) => m !== this.app.metric).map((m) => html`<option ?selected=${m === this.metric}>${m}</option>`)}</select></label>
        ${box('inspirations', this.crossed, (on) => { this.crossed = on; this.surface?.paint(); })}
        ${box('fold what led nowhere', this.fold, (on) => { this.fold = on; this.fitted = false; this.load().catch(this.app.fail); })}
        <button class="button" @click=${() => { this.fit(); this.surface.paint(); }}>Fit</button>
        <span class="legend"><span class="gold-key">━ to the best</span><span>○ elite</span><span>┄ inspiration</span></span></header>
      <div class="canvas"><canvas id="tree" tabindex="0" role="img" aria-label="The tree of commits. Arrow keys move, plus and minus zoom."
        @wheel=${(e) => this.wheel(e)} @pointerdown=${(e) => this.down(e)} @pointermove=${(e) => this.move(e)} @pointerup=${(e) => this.up(e)} @pointercancel=${(e) => this.pointers.delete(e.pointerId)} @pointerleave=${(e) => { this.tip(e, null); }} @keydown=${(e) => this.key(e)}></canvas><div class="tip" hidden></div></div></section>`;
  }

  drawn(root) {
    const canvas = root.querySelector('#tree');
    if (canvas && this.surface?.canvas !== canvas) { this.surface?.close(); this.surface = new Surface(canvas, (pen, w, h) => this.draw(pen, w, h), () => this.height()); if (this.tree && !this.fitted) this.fit(); }
  }

  px(i) { return this.at[0] + this.tree.x[i] * WIDE * this.stretch * this.zoom; }
  py(i) { return this.at[1] + this.tree.y[i] * HIGH * this.zoom; }

  draw(pen, w, h) {
    const { tree } = this;
    if (!tree) return;
    const n = tree.commit.length;
    const size = Math.max(1.4, Math.min(5.5, 4.6 * Math.sqrt(this.zoom)));
    const seen = (i) => { const x = this.px(i); const y = this.py(i); return x > -WIDE && x < w + WIDE && y > -20 && y < h + 20; };
    const edge = (i, parent) => { const x0 = this.px(parent); const y0 = this.py(parent); const x1 = this.px(i); const y1 = this.py(i); const mid = x0 + (x1 - x0) * 0.55; pen.moveTo(x0, y0); if (this.zoom > 0.25) pen.bezierCurveTo(mid, y0, mid, y1, x1, y1); else pen.lineTo(x1, y1); };
    const edges = (pick) => { pen.beginPath(); for (let i = 0; i < n; i += 1) { const parent = tree.parent[i]; if (parent >= 0 && pick(i) && (seen(i) || seen(parent))) edge(i, parent); } pen.stroke(); };
    if (this.crossed) {
      pen.strokeStyle = token('line-strong'); pen.globalAlpha = 0.35; pen.lineWidth = 0.7; pen.setLineDash([2, 3]); pen.beginPath();
      for (let i = 0; i < n; i += 1) for (const from of tree.inspirations[i]) if (seen(i) && (n < 400 || i === this.over)) { pen.moveTo(this.px(from), this.py(from)); pen.lineTo(this.px(i), this.py(i)); }
      pen.stroke(); pen.setLineDash([]); pen.globalAlpha = 1;
    }
    pen.lineWidth = 1; pen.strokeStyle = token('line-strong'); edges((i) => !this.onBest.has(i));
    pen.lineWidth = 2.4; pen.strokeStyle = token('gold'); edges((i) => this.onBest.has(i) && this.onBest.has(tree.parent[i]));
    for (let i = 0; i < n; i += 1) {
      if (!seen(i)) continue;
      const faded = this.matches && !this.matches.has(i);
      pen.globalAlpha = faded ? 0.15 : 1;
      pen.fillStyle = tree.value[i] === null ? token('line-strong') : ramp(this.colours.at(tree.value[i]));
      pen.beginPath(); pen.arc(this.px(i), this.py(i), size * (this.onBest.has(i) ? 1.25 : 1), 0, 7); pen.fill();
      if (tree.elite[i] && size > 2) { pen.strokeStyle = token('text'); pen.lineWidth = 1.2; pen.stroke(); }
      if (i === this.over || (this.matches && !faded)) { pen.strokeStyle = token('gold'); pen.lineWidth = 2; pen.beginPath(); pen.arc(this.px(i), this.py(i), size + 3, 0, 7); pen.stroke(); }
    }
    pen.globalAlpha = 1;
    if (this.zoom > 0.75) {
      pen.font = '11px ui-sans-serif, system-ui, sans-serif'; pen.textAlign = 'left'; pen.fillStyle = token('soft');
      for (let i = 0; i < n; i += 1) if (seen(i) && (this.onBest.has(i) || tree.elite[i])) pen.fillText(number(tree.value[i], 6), this.px(i) + size + 4, this.py(i) - 5);
    }
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
    if (node !== null) this.app.go(this.app.link('commits', this.tree.commit[node]));
  }

  tip(event, node) {
    const tip = event.currentTarget.nextElementSibling;
    event.currentTarget.style.cursor = node === null ? 'grab' : 'pointer';
    if (this.over !== node) { this.over = node; this.surface.paint(); }
    if (node === null) { tip.hidden = true; return; }
    showTip(tip, ...place(event), [`${this.metric || this.app.metric} ${number(this.tree.value[node])}`, visible(this.tree.subject[node]), `${this.tree.commit[node]}${this.tree.elite[node] ? ' · elite' : ''}`]);
  }

  jump() { const [first] = this.matches ?? []; if (first === undefined) return; const { canvas } = this.surface; this.at = [this.at[0] + canvas.clientWidth / 2 - this.px(first), this.at[1] + canvas.clientHeight / 2 - this.py(first)]; this.surface.paint(); }

  key(event) {
    const by = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (by) { event.preventDefault(); this.at = [this.at[0] + by[0], this.at[1] + by[1]]; this.surface.paint(); }
    if (event.key === '+' || event.key === '-') this.scale(event.key === '+' ? 1.25 : 0.8, this.surface.canvas.clientWidth / 2, this.surface.canvas.clientHeight / 2);
  }
}
