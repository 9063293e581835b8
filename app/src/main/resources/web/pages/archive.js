import { html, nothing } from 'lit-html';
import { get } from '../api.js';
import { Surface, place, showTip } from '../canvas.js';
import { ramp, scale, token } from '../colour.js';
import { count, number, percent, visible, when } from '../format.js';

const LATELY = 0.1; // the share of placements that counts as lately

export class Page {
  constructor(app, _, query) {
    this.app = app;
    this.island = query.get('island') ?? '';
    this.colour = query.get('colour') ?? '';
    this.x = Number(query.get('x') ?? 0);
    this.y = Number(query.get('y') ?? 1);
    this.second = query.get('against') ?? '';
    this.islands = new Map();
    this.extra = new Map();
    this.shown = null; // how many placements are shown; null for all
    this.surfaces = new Map();
    this.picked = null;
    this.cards = new Map();
  }

  async load() {
    this.archive = await get(this.app.api('/archive'));
    const names = this.archive.islands.map((each) => each.island);
    if (this.island && !names.includes(this.island)) this.island = '';
    await Promise.all(names.map(async (name) => this.islands.set(name, await this.cells(name))));
    if (this.second) await this.loadSecond();
    this.ready = true;
    this.paint();
  }

  async cells(name) {
    const special = ['', 'age', 'lately', 'occupied'].includes(this.colour);
    return get(this.app.api(`/archive/${encodeURIComponent(name)}/cells`), special ? {} : { metric: this.colour });
  }

  async loadSecond() {
    await Promise.all([...this.islands.keys()].map(async (name) => this.extra.set(name, (await get(this.app.api(`/archive/${encodeURIComponent(name)}/cells`), { metric: this.second })).value)));
  }

  changed(what) { return what.archive ? this.load() : undefined; }
  themed() { this.paint(); }
  close() { this.stop(); this.surfaces.forEach((surface) => surface.close()); }
  paint() { this.surfaces.forEach((surface) => surface.paint()); this.app.refresh(); }

  remember() {
    const words = new URLSearchParams();
    if (this.island) words.set('island', this.island);
    if (this.colour) words.set('colour', this.colour);
    if (this.second) words.set('against', this.second);
    if (this.x !== 0) words.set('x', this.x);
    if (this.y !== 1) words.set('y', this.y);
    this.app.remember(words.toString());
  }

  get visibleIslands() { return this.island ? [this.island] : [...this.islands.keys()]; }
  get steps() { return Math.max(0, ...this.visibleIslands.map((name) => this.islands.get(name)?.cell.length ?? 0)); }
  upTo(cells) { return this.shown === null ? cells.cell.length : Math.round((cells.cell.length * this.shown) / Math.max(1, this.steps)); }

  /** What colours a cell, and which way it is good. */
  values(cells) {
    if (this.colour === 'age') return [cells.placed_at, true];
    if (this.colour === 'occupied') return [cells.cell.map(() => 1), true];
    if (this.colour === 'lately') { const from = Math.floor(this.upTo(cells) * (1 - LATELY)); return [cells.cell.map((_, i) => (i >= from ? 1 : 0.12)), true]; }
    if (this.colour && cells.value) return [cells.value, true];
    return [cells.objective, this.app.higher];
  }

  /** Elites by square of the map: where other axes are folded, the best of those that share one. */
  squares(cells) {
    const n = cells.cells_per_dimension || 16;
    const [values, higher] = this.values(cells);
    const found = new Map();
    const flat = cells.measures.length < 2;
    for (let i = 0; i < this.upTo(cells); i += 1) {
      const at = (axis) => Math.min(n - 1, Math.max(0, Math.floor(cells.measures[axis][i] * n)));
      const key = at(this.x) + n * (flat ? 0 : at(this.y));
      const held = found.get(key);
      if (!held) found.set(key, { best: i, all: [i] });
      else { held.all.push(i); if ((values[i] > values[held.best]) === higher) held.best = i; }
    }
    return { n, rows: flat ? 1 : n, found, values, scale: this.colour === 'occupied' || this.colour === 'lately' ? { at: (v) => v, low: 0, high: 1 } : scale(values.slice(0, this.upTo(cells)), higher) };
  }

  view() {
    if (!this.ready) return html`<div class="head"><h1>Archive</h1></div>`;
    const { archive, app } = this;
    const axes = archive.axes.map((_, i) => i);
    const options = (from, value) => from.map((i) => html`<option value=${i} ?selected=${i === value}>${archive.axes[i]}</option>`);
    const metrics = (app.experiment.metrics ?? []).filter((name) => name !== app.metric);
    return html`<div class="head"><h1>Archive</h1><span class="soft">${archive.axes.length} ${archive.axes.length === 1 ? 'axis' : 'axes'} · ${count(archive.cells)} cells an island</span>
      <div class="tools"><a class="button" download href="/api/v1${app.api('/export/archive.csv')}">CSV</a><a class="button" download href="/api/v1${app.api('/export/archive.jsonl')}">JSON lines</a></div></div>
      <div class="panel"><div class="controls">
        ${archive.islands.length > 1 ? html`<label class="field">island <select @change=${(e) => { this.island = e.target.value; this.remember(); this.paint(); }}><option value="">side by side</option>${archive.islands.map((each) => html`<option ?selected=${each.island === this.island}>${each.island}</option>`)}</select></label>` : nothing}
        <label class="field">across <select @change=${(e) => this.axes(Number(e.target.value), this.y)}>${options(axes, this.x)}</select></label>
        ${archive.axes.length > 1 ? html`<label class="field">up <select @change=${(e) => this.axes(this.x, Number(e.target.value))}>${options(axes, this.y)}</select></label>` : nothing}
        <label class="field">colour <select @change=${(e) => this.recolour(e.target.value)}>
          ${[['', app.metric], ...metrics.map((name) => [name, name]), ['age', 'when placed'], ['lately', 'improved lately'], ['occupied', 'occupied']].map(([value, label]) => html`<option value=${value} ?selected=${value === this.colour}>${label}</option>`)}</select></label>
        ${this.legend()}</div>
      <div class="map ${this.visibleIslands.length > 1 ? 'many' : ''}"><div><div class="maps">${this.visibleIslands.map((name) => this.map(name))}</div>${this.replay()}</div>${this.side()}</div></div>
      <div class="grid half second">${this.parallel()}${this.pareto(metrics)}</div>`;
  }

  legend() {
    const cells = this.islands.get(this.visibleIslands[0]);
    if (!cells?.cell.length || this.colour === 'occupied') return nothing;
    if (this.colour === 'lately') return html`<span class="legend">bright: the last tenth of the placements</span>`;
    const s = this.squares(cells).scale;
    const say = (value) => (this.colour === 'age' ? when(new Date(value * 1000).toISOString()) : number(value, 5));
    const higher = this.colour ? true : this.app.higher;
    return html`<span class="legend">${say(higher ? s.low : s.high)} <canvas class="ramp" width="120" height="9" aria-hidden="true"></canvas> ${say(higher ? s.high : s.low)}</span>`;
  }

  map(name) {
    const line = this.archive.islands.find((each) => each.island === name);
    const cells = this.islands.get(name);
    return html`<figure class="island"><figcaption class="row"><h3>${name}</h3><span class="soft push">${count(this.upTo(cells))} elites · ${percent(this.upTo(cells) / (this.archive.cells || 1))} · best ${number(line.best, 6)}</span></figcaption>
      <div class="canvas"><canvas data-island=${name} tabindex="0" role="img" aria-label="Map of island ${name}: arrow keys choose a cell, Enter opens its elite"
        @pointermove=${(e) => this.hover(e, name)} @pointerleave=${() => this.leave(name)} @click=${(e) => this.press(e, name)} @keydown=${(e) => this.key(e, name)}></canvas><div class="tip" hidden></div></div></figure>`;
  }

  replay() {
    if (!this.steps) return html`<p class="empty">No elite yet.</p>`;
    return html`<div class="replay"><button class="button" aria-label=${this.playing ? 'Pause the replay' : 'Replay the growth'} @click=${() => (this.playing ? this.stop() : this.play())}>${this.playing ? '❚❚' : '▶'}</button>
      <input type="range" id="replay" min="0" max=${this.steps} step="1" aria-label="Placements shown" .value=${String(this.shown ?? this.steps)} @input=${(e) => { this.stop(); const at = Number(e.target.value); this.shown = at >= this.steps ? null : at; this.paint(); }}>
      <span class="soft mono">${count(this.shown ?? this.steps)} / ${count(this.steps)}</span></div><p class="faint">Today’s elites in the order in which they were placed; what they displaced is not replayed.</p>`;
  }

  play() {
    if (this.shown === null || this.shown >= this.steps) this.shown = 0;
    const step = Math.max(1, this.steps / 180);
    this.playing = setInterval(() => {
      this.shown = Math.min(this.steps, this.shown + step);
      if (this.shown >= this.steps) { this.shown = null; this.stop(); }
      this.paint();
    }, 33);
    this.app.refresh();
  }

  stop() { clearInterval(this.playing); this.playing = null; }
  axes(x, y) { if (x === y) { if (x === this.x) [x, y] = [this.y, y]; else y = this.x; } this.x = x; this.y = y; this.remember(); this.paint(); }
  recolour(colour) { this.colour = colour; this.remember(); this.load().catch(this.app.fail); }

  drawn(root) {
    root.querySelectorAll('canvas[data-island]').forEach((canvas) => {
      const name = canvas.dataset.island;
      const known = this.surfaces.get(name);
      if (known?.canvas === canvas) return;
      known?.close();
      this.surfaces.set(name, new Surface(canvas, (pen, w, h) => this.draw(pen, w, h, name), (w) => (this.islands.get(name).measures.length < 2 ? 90 : Math.min(w, this.visibleIslands.length > 1 ? 380 : 560))));
    });
    for (const [id, draw, height] of [['parallel', (...a) => this.drawParallel(...a), 260], ['pareto', (...a) => this.drawPareto(...a), 260]]) {
      const canvas = root.querySelector(`#${id}`);
      const known = this.surfaces.get(id);
      if (canvas && known?.canvas !== canvas) { known?.close(); this.surfaces.set(id, new Surface(canvas, draw, height)); }
    }
    const bar = root.querySelector('canvas.ramp');
    if (bar) { const pen = bar.getContext('2d'); for (let i = 0; i < 120; i += 1) { pen.fillStyle = ramp(i / 119); pen.fillRect(i, 0, 1, 9); } }
  }

  frame(w, h, n, rows) {
    const left = 26; const bottom = 22;
    const cell = rows === 1 ? (w - left) / n : Math.min((w - left) / n, (h - bottom) / n);
    return { left, bottom, cell, high: rows === 1 ? h - bottom : cell, wide: cell };
  }

  draw(pen, w, h, name) {
    const cells = this.islands.get(name);
    const { n, rows, found, values, scale: s } = this.squares(cells);
    const f = this.frame(w, h, n, rows);
    const gap = f.cell > 14 ? 1.5 : f.cell > 5 ? 0.5 : 0;
    pen.fillStyle = token('sunk');
    pen.fillRect(f.left, 0, f.wide * n, f.high * rows);
    if (gap) { pen.fillStyle = token('line'); for (let i = 1; i < n; i += 1) { pen.fillRect(f.left + i * f.wide, 0, 0.5, f.high * rows); if (rows > 1) pen.fillRect(f.left, i * f.high, f.wide * n, 0.5); } }
    for (const [key, square] of found) {
      const x = key % n; const y = rows - 1 - Math.floor(key / n);
      pen.fillStyle = ramp(s.at(values[square.best]));
      pen.fillRect(f.left + x * f.wide + gap, y * f.high + gap, f.wide - 2 * gap, f.high - 2 * gap);
    }
    if (this.picked?.island === name) {
      const x = this.picked.key % n; const y = rows - 1 - Math.floor(this.picked.key / n);
      pen.strokeStyle = token('gold'); pen.lineWidth = 2.5;
      pen.strokeRect(f.left + x * f.wide + 1, y * f.high + 1, f.wide - 2, f.high - 2);
    }
    pen.fillStyle = token('faint'); pen.font = '11px ui-sans-serif, system-ui, sans-serif';
    pen.textAlign = 'center'; pen.fillText(`${this.archive.axes[this.x]} →`, f.left + (f.wide * n) / 2, f.high * rows + 15);
    if (rows > 1) { pen.save(); pen.translate(13, (f.high * rows) / 2); pen.rotate(-Math.PI / 2); pen.fillText(`${this.archive.axes[this.y]} →`, 0, 0); pen.restore(); }
  }

  keyAt(event, name) {
    const cells = this.islands.get(name);
    const { n, rows, found } = this.squares(cells);
    const canvas = event.currentTarget;
    const f = this.frame(canvas.clientWidth, canvas.clientHeight, n, rows);
    const [px, py] = place(event);
    const x = Math.floor((px - f.left) / f.wide); const y = Math.floor(py / f.high);
    if (x < 0 || y < 0 || x >= n || y >= rows) return [null, null, px, py];
    const key = x + n * (rows - 1 - y);
    return [key, found.get(key) ?? null, px, py];
  }

  hover(event, name) {
    const [, square, px, py] = this.keyAt(event, name);
    const tip = event.currentTarget.nextElementSibling;
    event.currentTarget.style.cursor = square ? 'pointer' : '';
    if (!square) { tip.hidden = true; return; }
    const cells = this.islands.get(name);
    const i = square.best;
    const card = this.card(cells.commit[i], 120);
    showTip(tip, px, py, [`${this.app.metric} ${number(cells.objective[i])}`, visible(card?.subject ?? cells.commit[i]), `cell ${cells.cell[i]}${square.all.length > 1 ? ` · ${square.all.length} elites here` : ''}`]);
  }

  leave(name) { const surface = this.surfaces.get(name); surface.canvas.nextElementSibling.hidden = true; }

  /** What is said of a commit, asked for once the pointer rests. */
  card(hash, wait) {
    if (this.cards.has(hash)) return this.cards.get(hash);
    clearTimeout(this.asking);
    this.asking = setTimeout(async () => { try { this.cards.set(hash, (await get(this.app.api(`/commits/${hash}`))).card); this.app.refresh(); } catch (error) { this.app.fail(error); } }, wait);
    return null;
  }

  press(event, name) { const [key, square] = this.keyAt(event, name); if (key === null) return; if (square && this.picked?.island === name && this.picked.key === key) { this.open(square, name); return; } this.pick(name, key); }
  open(square, name) { this.app.go(this.app.link('commits', this.islands.get(name).commit[square.best])); }
  pick(name, key) { this.picked = { island: name, key }; this.paint(); }

  key(event, name) {
    const { n, rows, found } = this.squares(this.islands.get(name));
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: n, ArrowDown: -n }[event.key];
    if (event.key === 'Enter' && this.picked?.island === name && found.has(this.picked.key)) { this.open(found.get(this.picked.key), name); return; }
    if (!step) return;
    event.preventDefault();
    const from = this.picked?.island === name ? this.picked.key : [...found.keys()][0] ?? 0;
    const next = from + (this.picked?.island === name ? step : 0);
    if (next >= 0 && next < n * rows && !(Math.abs(step) === 1 && Math.floor(next / n) !== Math.floor(from / n))) this.pick(name, next);
  }

  side() {
    const name = this.picked?.island ?? this.visibleIslands[0];
    const cells = this.islands.get(name);
    const square = this.picked ? this.squares(cells).found.get(this.picked.key) : null;
    const layout = this.archive.islands.find((each) => each.island === name)?.layout;
    const i = square?.best;
    const card = square ? this.card(cells.commit[i], 0) : null;
    return html`<div class="stack elite">${square ? html`<div><div class="soft">cell ${cells.cell[i]} of ${name}</div><div class="value">${number(cells.objective[i])}</div>
        <p class="plain wrap">${visible(card?.subject ?? '')}</p></div>
        <dl class="facts"><dt>commit</dt><dd><a class="hash" href=${this.app.link('commits', cells.commit[i])}>${cells.commit[i]}</a></dd><dt>placed</dt><dd>${when(new Date(cells.placed_at[i] * 1000).toISOString())}</dd>
        ${cells.measures.map((column, axis) => html`<dt>${visible(this.archive.axes[axis] ?? `axis ${axis + 1}`)}</dt><dd>${number(column[i], 4)}</dd>`)}
        ${square.all.length > 1 ? html`<dt>elites here</dt><dd>${square.all.length}; the best is shown</dd>` : nothing}</dl>
        <a class="button main-action" href=${this.app.link('commits', cells.commit[i])}>Open the commit</a>`
      : this.picked ? html`<p class="soft">This cell is empty.</p>` : html`<p class="soft">Click a cell, or reach the map with Tab and use the arrow keys.</p>`}
      ${layout ? html`<div><h3>Behaviour space</h3><dl class="facts"><dt>projection</dt><dd>version ${layout.version ?? '–'}, ${(layout.method ?? 'none').toLowerCase()}</dd><dt>fitted to</dt><dd>${count(layout.samples)} commits</dd>
        <dt>explained</dt><dd>${layout.explained.length ? layout.explained.map((share) => number(share, 3)).join(' · ') : '–'}</dd><dt>history</dt><dd>${count(layout.history)} embeddings</dd></dl></div>` : nothing}</div>`;
  }

  parallel() {
    return html`<section class="panel"><header><h2>Parallel coordinates</h2><span class="soft">an elite is a line; colour is the objective</span></header>
      <div class="canvas"><canvas id="parallel" role="img" aria-label="Every elite as a line through its measures and its objective"></canvas></div></section>`;
  }

  drawParallel(pen, w, h) {
    const cells = this.islands.get(this.visibleIslands[0]);
    const n = this.upTo(cells);
    const s = scale(cells.objective, this.app.higher);
    const columns = [...cells.measures.map((column, i) => [this.archive.axes[i] ?? `axis ${i + 1}`, column]), [this.app.metric, cells.objective.map((v) => s.at(v))]];
    if (this.colour && cells.value) { const v = scale(cells.value); columns.push([this.colour, cells.value.map((x) => (x === null ? null : v.at(x)))]); }
    const pad = 40; const top = 24; const bottom = h - 10;
    const x = (i) => pad + ((w - 2 * pad) * i) / Math.max(1, columns.length - 1);
    pen.lineWidth = n > 4000 ? 0.4 : n > 500 ? 0.7 : 1.2;
    for (let i = Math.max(0, n - 20000); i < n; i += 1) {
      pen.strokeStyle = ramp(s.at(cells.objective[i]), n > 500 ? 0.25 : 0.65);
      pen.beginPath();
      columns.forEach(([, column], c) => { const value = column[i]; if (value !== null) pen.lineTo(x(c), bottom - value * (bottom - top)); });
      pen.stroke();
    }
    pen.font = '11px ui-sans-serif, system-ui, sans-serif'; pen.textAlign = 'center';
    columns.forEach(([label], c) => { pen.fillStyle = token('line-strong'); pen.fillRect(x(c), top, 1, bottom - top); pen.fillStyle = token('soft'); pen.fillText(label, x(c), 13); });
  }

  pareto(metrics) {
    return html`<section class="panel"><header><h2>Pareto front</h2><label class="field">against <select @change=${async (e) => { this.second = e.target.value; this.extra.clear(); this.remember(); try { if (this.second) await this.loadSecond(); this.paint(); } catch (error) { this.app.fail(error); } }}>
      <option value="">choose a metric</option>${metrics.map((name) => html`<option ?selected=${name === this.second}>${name}</option>`)}</select></label></header>
      ${metrics.length ? nothing : html`<p class="empty">The evaluator reports one metric only.</p>`}
      <div class="canvas" ?hidden=${!this.second}><canvas id="pareto" role="img" aria-label="Elites by two metrics, and those that no other beats in both" @pointermove=${(e) => this.overPareto(e)} @click=${() => this.near && this.app.go(this.app.link('commits', this.near.commit))}></canvas><div class="tip" hidden></div></div></section>`;
  }

  points() {
    const list = [];
    this.visibleIslands.forEach((name) => { const cells = this.islands.get(name); const other = this.extra.get(name) ?? []; for (let i = 0; i < this.upTo(cells); i += 1) if (other[i] !== null && other[i] !== undefined) list.push({ a: cells.objective[i], b: other[i], commit: cells.commit[i] }); });
    const way = this.app.higher ? 1 : -1;
    list.sort((p, q) => way * (q.a - p.a) || q.b - p.b);
    let most = -Infinity;
    list.forEach((point) => { point.front = point.b > most; most = Math.max(most, point.b); });
    return list;
  }

  drawPareto(pen, w, h) {
    const list = this.points();
    if (!list.length) return;
    const [a0, a1] = [Math.min(...list.map((p) => p.a)), Math.max(...list.map((p) => p.a))];
    const [b0, b1] = [Math.min(...list.map((p) => p.b)), Math.max(...list.map((p) => p.b))];
    const px = (p) => 50 + ((w - 66) * (p.a - a0)) / (a1 - a0 || 1); const py = (p) => h - 30 - ((h - 44) * (p.b - b0)) / (b1 - b0 || 1);
    list.forEach((p) => { p.x = px(p); p.y = py(p); pen.fillStyle = p.front ? token('gold') : token('accent') + '66'; pen.beginPath(); pen.arc(p.x, p.y, p.front ? 4.5 : 3, 0, 7); pen.fill(); });
    pen.strokeStyle = token('gold'); pen.lineWidth = 1.5; pen.beginPath(); list.filter((p) => p.front).forEach((p) => pen.lineTo(p.x, p.y)); pen.stroke();
    pen.fillStyle = token('soft'); pen.font = '11px ui-sans-serif, system-ui, sans-serif'; pen.textAlign = 'left';
    pen.fillText(`${this.app.metric} ${number(a0, 5)}`, 50, h - 8); pen.textAlign = 'right'; pen.fillText(number(a1, 5), w - 10, h - 8);
    pen.fillText(number(b1, 4), 44, 18); pen.fillText(number(b0, 4), 44, h - 30);
    this.spots = list;
  }

  overPareto(event) {
    const [x, y] = place(event);
    this.near = (this.spots ?? []).map((p) => [Math.hypot(p.x - x, p.y - y), p]).filter(([far]) => far < 16).sort((p, q) => p[0] - q[0])[0]?.[1] ?? null;
    const tip = event.currentTarget.nextElementSibling;
    event.currentTarget.style.cursor = this.near ? 'pointer' : '';
    if (this.near) showTip(tip, x, y, [`${this.app.metric} ${number(this.near.a)}`, `${this.second} ${number(this.near.b)}`, this.near.commit]); else tip.hidden = true;
  }
}
