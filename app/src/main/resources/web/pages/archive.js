import { html, nothing } from 'lit-html';
import { get, inTurn } from '../api.js';
import { Surface, place, showTip } from '../canvas.js';
import { drawRamp, parsed, ramp, rampColour, scale, token } from '../colour.js';
import { count, number, options, percent, visible, when } from '../format.js';
import { Pareto, Parallel } from '../tradeoffs.js';

const LATELY = 0.1; // the share of the placements that counts as lately
const RESTS = 120; // milliseconds after which a pointer rests, and its square is asked for
const PLAIN = ['', 'age', 'lately', 'occupied']; // colours that are no other metric

/** The values whose differences these are. */
const sums = (steps) => { let sum = 0; return steps.map((step) => (sum += step)); };

/** A map with a pixel for each square: one call to draw, where fifty thousand squares take a third of a second. */
function picture({ columns, rows, keys, values, scale: s }) {
  const canvas = Object.assign(document.createElement('canvas'), { width: columns, height: rows });
  const pen = canvas.getContext('2d');
  const image = pen.createImageData(columns, rows);
  const unknown = parsed('line-strong');
  keys.forEach((key, i) => {
    const at = 4 * ((key % columns) + columns * (rows - 1 - Math.floor(key / columns)));
    const [r, g, b] = values[i] === null ? unknown : rampColour(s.at(values[i]));
    image.data.set([r, g, b, 255], at);
  });
  pen.putImageData(image, 0, 0);
  return canvas;
}

export class Page {
  constructor(app, _, query) {
    this.app = app;
    this.island = query.get('island') ?? '';
    this.colour = query.get('colour') ?? '';
    this.x = Number(query.get('x') ?? 0);
    this.y = Number(query.get('y') ?? 1);
    this.maps = new Map();
    this.grown = null; // who entered when, by island; asked for when the replay is first used
    this.shown = null; // the share of the growth that is shown; null for today
    this.surfaces = new Map();
    this.occupants = new Map();
    this.picked = null;
    this.parallel = new Parallel(this);
    this.pareto = new Pareto(this, query.get('against') ?? '');
    this.inTurn = inTurn();
  }

  load() { return this.inTurn(() => this.read()); }

  async read() {
    this.archive = await get(this.app.api('/archive'));
    if (this.archive.axes.length < 2) this.y = 0;
    const names = this.archive.islands.map((each) => each.island);
    if (this.island && !names.includes(this.island)) this.island = '';
    this.occupants = new Map(); // an answer that is still on its way is about other axes
    await Promise.all([...names.map((name) => this.loadMap(name)), this.grown && this.shown !== null ? this.loadGrowth() : null]);
    this.maps = new Map(names.map((name) => [name, this.maps.get(name)])); // in their order, whichever came first
    if (this.shown === null) this.grown = null;
    this.ready = true;
    this.paint();
    this.picked ??= this.bestSquare();
    if (this.picked) await this.know(this.picked.island, this.picked.key); // before the rest, which takes longer
    this.paint();
    await Promise.all([this.parallel.load(), this.pareto.load()]);
    this.paint();
  }

  /** Of the first island: something to look at before anything is chosen. */
  bestSquare() {
    const [name] = this.visibleIslands;
    const { best } = this.maps.get(name);
    return best === null ? null : { island: name, key: best };
  }

  path(name, rest) { return this.app.api(`/archive/${encodeURIComponent(name)}/${rest}`); }
  get plane() { return { x: this.x || undefined, y: this.y === 1 ? undefined : this.y }; }

  async loadMap(name) {
    const placed = this.colour === 'age' || this.colour === 'lately';
    const map = await get(this.path(name, 'map'), { ...this.plane, metric: PLAIN.includes(this.colour) ? '' : this.colour, shade: placed ? 'placed' : '' });
    this.maps.set(name, { ...map, square: sums(map.square_steps) });
  }

  async loadGrowth() {
    const grown = new Map();
    await Promise.all(this.archive.islands.map(async ({ island }) => {
      const whole = { square: [], value: [], draw: [], at: [] };
      for (let cursor; cursor !== null; ) {
        const part = await get(this.path(island, 'growth'), { ...this.plane, cursor });
        Object.assign(whole, { columns: part.columns, rows: part.rows, complete: part.complete });
        for (const [name, more] of Object.entries({ square: part.square, value: part.value, draw: sums(part.draw_steps), at: sums(part.at_steps) })) whole[name] = whole[name].concat(more);
        cursor = part.next;
      }
      grown.set(island, whole);
    }));
    this.grown = grown;
  }

  changed(what) { return what.archive ? this.load() : undefined; }
  themed() { this.paint(); }
  close() { this.closed = true; this.stop(); this.surfaces.forEach((surface) => surface.close()); }
  paint() { this.surfaces.forEach((surface) => surface.paint()); this.app.refresh(); }

  remember() {
    const words = new URLSearchParams();
    if (this.island) words.set('island', this.island);
    if (this.colour) words.set('colour', this.colour);
    if (this.pareto.against) words.set('against', this.pareto.against);
    if (this.x !== 0) words.set('x', this.x);
    if (this.y !== 1) words.set('y', this.y);
    this.app.remember(words.toString());
  }

  get visibleIslands() { return this.island ? [this.island] : [...this.maps.keys()]; }
  get replaying() { return this.shown !== null && this.grown !== null; }
  /** Of the entrances of all islands, how many are shown. */
  get at() { return Math.round(this.steps * this.shown); }
  /** And of one island: those up to the same moment. */
  upTo(name) { const { of, ends } = this.order(); return this.visibleIslands.length === 1 ? this.at : ends.get(name)[this.at] ?? of.length; }

  /** The entrances of the islands that are shown in one order of time, and how many of each there are after so many of all. */
  order() {
    const names = this.visibleIslands;
    const key = names.join('\n');
    if (this.ordered?.key === key && this.ordered.grown === this.grown) return this.ordered;
    const of = names.flatMap((name) => this.grown.get(name).at.map((at, i) => ({ name, i, at }))).sort((a, b) => a.at - b.at);
    const ends = new Map(names.map((name) => { let n = 0; return [name, [0, ...of.map((each) => (each.name === name ? (n += 1) : n))]]; }));
    this.ordered = { key, grown: this.grown, of, ends };
    return this.ordered;
  }

  /** What is drawn of an island: the squares that hold something, with what colours each. */
  squares(name) {
    const map = this.maps.get(name);
    if (this.replaying) return this.coloured(name);
    if (map.colour !== this.colour) Object.assign(map, { colour: this.colour, coloured: this.coloured(name) });
    return map.coloured;
  }

  coloured(name) {
    const known = this.replaying ? this.asItWas(name) : this.asItIs(this.maps.get(name));
    const higher = this.replaying || !this.colour ? this.app.higher : PLAIN.includes(this.colour) || this.app.isHigherBetter(this.colour);
    const flat = this.colour === 'occupied' || this.colour === 'lately';
    return { ...known, higher, scale: flat ? { at: (value) => value } : this.shade(higher) };
  }

  /** One scale for all islands that are shown, because they are compared; in a replay, that of whatever entered. */
  shade(higher) {
    const names = this.visibleIslands;
    if (!this.replaying) return scale(names.flatMap((name) => this.asItIs(this.maps.get(name)).values), higher);
    const key = [this.colour, ...names].join('\n');
    const entered = () => names.flatMap((name) => (this.colour === 'age' ? this.grown.get(name).at : this.grown.get(name).value));
    if (this.shades?.key !== key || this.shades.grown !== this.grown) this.shades = { key, grown: this.grown, scale: scale(entered(), higher) };
    return this.shades.scale;
  }

  asItIs(map) {
    let values = map.value;
    if (this.colour === 'occupied') values = map.square.map(() => 1);
    if (this.colour === 'lately') { const from = [...map.value].sort((a, b) => a - b)[Math.floor(map.value.length * (1 - LATELY))]; values = map.value.map((at) => (at >= from ? 1 : 0.12)); }
    return { columns: map.columns, rows: map.rows, keys: map.square, values, elites: map.elites };
  }

  /** The growth up to a moment. Who enters a cell is better than who was there, so that the best seen of a square is in it. */
  asItWas(name) {
    const grown = this.grown.get(name);
    const held = new Map();
    const most = this.upTo(name);
    for (let i = 0; i < most; i += 1) {
      const key = grown.square[i];
      const value = { age: grown.at[i], occupied: 1, lately: i >= Math.floor(most * (1 - LATELY)) ? 1 : 0.12 }[this.colour] ?? grown.value[i];
      const before = held.get(key);
      if (before === undefined || (PLAIN.includes(this.colour) && this.colour) || (value > before) === this.app.higher) held.set(key, value);
    }
    return { columns: grown.columns, rows: grown.rows, keys: [...held.keys()], values: [...held.values()], elites: null };
  }

  view() {
    if (!this.ready) return html`<div class="head"><h1>Archive</h1></div>`;
    const { archive, app } = this;
    const axes = archive.axes.map((_, i) => i);
    const named = axes.map((i) => [i, archive.axes[i]]);
    const metrics = (app.experiment.metrics ?? []).filter((name) => name !== app.metric);
    return html`<div class="head"><h1>Archive</h1><span class="soft">${count(axes.length)} ${axes.length === 1 ? 'axis' : 'axes'} · ${count(archive.cells)} cells an island</span>
      <div class="tools"><a class="button" download href="/api/v1${app.api('/export/archive.csv')}">CSV</a><a class="button" download href="/api/v1${app.api('/export/archive.jsonl')}">JSON lines</a></div></div>
      <div class="panel controls">
        ${archive.islands.length > 1 ? html`<label class="field">island <select @change=${(e) => { this.island = e.target.value; this.picked = null; this.remember(); this.app.ask(this.load()); }}>${options([['', 'side by side'], ...archive.islands.map((each) => [each.island])], this.island)}</select></label>` : nothing}
        <label class="field">across <select @change=${(e) => this.axes(Number(e.target.value), this.y)}>${options(named, this.x)}</select></label>
        ${axes.length > 1 ? html`<label class="field">up <select @change=${(e) => this.axes(this.x, Number(e.target.value))}>${options(named, this.y)}</select></label>` : nothing}
        <label class="field">colour <select @change=${(e) => this.recolour(e.target.value)}>
          ${options([['', app.metric], ...metrics.map((name) => [name]), ['age', 'when placed'], ['lately', 'improved lately'], ['occupied', 'occupied']], this.colour)}</select></label>
        ${this.legend()}</div>
      ${this.laidOut(html`<div class="maps">${this.visibleIslands.map((name) => this.map(name))}</div>${this.replay()}`, metrics)}`;
  }

  /** One map leaves room beside it; several take the whole width. */
  laidOut(maps, metrics) {
    return this.visibleIslands.length > 1
      ? html`<section class="panel map"><div>${maps}</div>${this.side()}</section><div class="grid half second">${this.parallel.view()}${this.pareto.view(metrics)}</div>`
      : html`<div class="grid alone"><section class="panel">${maps}</section><div class="stack"><section class="panel">${this.side()}</section>${this.parallel.view()}${this.pareto.view(metrics)}</div></div>`;
  }

  legend() {
    if (this.colour === 'occupied' || !this.maps.get(this.visibleIslands[0])?.square.length) return nothing;
    if (this.colour === 'lately') return html`<span class="legend">bright: the last tenth of the placements</span>`;
    const { scale: s } = this.squares(this.visibleIslands[0]);
    const say = (value) => (value === null || value === undefined ? '' : this.colour === 'age' ? when(new Date(value * 1000).toISOString()) : number(value, 5));
    return html`<span class="legend">${say(s.worst)}${s.isCut ? (this.colour === 'age' ? ' or earlier' : ' or worse') : ''} <canvas class="ramp" width="120" height="9" aria-hidden="true"></canvas> ${say(s.best)}</span>`;
  }

  map(name) {
    const line = this.archive.islands.find((each) => each.island === name);
    const said = this.replaying ? `${this.held(name)}` : `${count(line.occupied)} ${line.occupied === 1 ? 'elite' : 'elites'} · ${percent(line.occupied / (this.archive.cells || 1))} · best ${number(line.best, 6)}`;
    return html`<figure class="island"><figcaption class="row"><h3>${name}</h3><span class="soft push">${said}</span></figcaption>
      <div class="canvas"><canvas data-island=${name} tabindex="0" role="img" aria-label="Map of island ${name}: arrow keys choose a square, Enter opens its best elite"
        @pointermove=${(e) => this.hover(e, name)} @pointerleave=${() => this.leave(name)} @click=${(e) => this.press(e, name)} @keydown=${(e) => this.key(e, name)}></canvas><div class="tip" hidden></div></div></figure>`;
  }

  held(name) { const n = this.squares(name).keys.length; return n === 1 ? '1 square holds an elite' : `${count(n)} squares hold an elite`; }

  /** Entrances of the islands that are shown; before they are known, as many as there are elites. */
  get steps() { return this.visibleIslands.reduce((sum, name) => sum + (this.grown ? this.grown.get(name).square.length : this.archive.islands.find((each) => each.island === name).occupied), 0); }

  replay() {
    if (!this.archive.islands.some((each) => each.occupied)) return html`<p class="empty">No elite yet.</p>`;
    const { steps } = this;
    const at = this.replaying ? this.at : steps;
    return html`<div class="replay"><button class="button" aria-label=${this.playing ? 'Pause the replay' : 'Replay the growth'} @click=${() => (this.playing ? this.stop() : this.play())}>${this.playing ? '❚❚' : '▶'}</button>
      <input type="range" id="replay" min="0" max=${steps} step="1" aria-label="Entrances shown" .value=${String(at)} @input=${(e) => this.slide(Number(e.target.value))}>
      <span class="soft mono">${count(at)} / ${count(steps)}</span></div>${this.told(at)}`;
  }

  /** What happened at the moment that is shown. */
  told(at) {
    if (!this.replaying || !at) return html`<p class="faint">Slide to see who entered which cell when.</p>`;
    const { name, i } = this.order().of[at - 1];
    const grown = this.grown.get(name);
    const draw = grown.draw[i];
    const where = this.visibleIslands.length > 1 ? ` island ${name}` : '';
    return html`<p class="faint">${draw < 0 ? 'The root or a migrant' : `Job ${draw + 1}`} entered${where} with ${number(grown.value[i], 6)}, ${when(new Date(grown.at[i] * 1000).toISOString())}.
      ${this.visibleIslands.every((each) => this.grown.get(each).complete) ? '' : 'Today’s elites in the order in which they were placed: where others were before is not known.'}</p>`;
  }

  slide(at) {
    this.stop();
    this.grow(() => { this.shown = at >= this.steps ? null : at / this.steps; });
  }

  /** Does something with the growth once it is known. */
  grow(then) {
    const show = () => { if (!this.closed) { then(); this.paint(); } };
    if (this.grown) show();
    else this.app.ask(this.inTurn(async () => { if (!this.grown) await this.loadGrowth(); show(); }));
  }

  play() {
    this.grow(() => {
      if (this.shown === null || this.shown >= 1) this.shown = 0;
      const step = 1 / Math.min(180, Math.max(1, this.steps));
      clearInterval(this.playing);
      this.playing = setInterval(() => {
        this.shown = Math.min(1, this.shown + step);
        if (this.shown >= 1) { this.shown = null; this.stop(); }
        this.paint();
      }, 33);
    });
  }

  stop() { clearInterval(this.playing); this.playing = null; }
  axes(x, y) { if (x === y) { if (x === this.x) [x, y] = [this.y, y]; else y = this.x; } this.x = x; this.y = y; this.picked = null; this.grown = null; this.shown = null; this.remember(); this.app.ask(this.load()); }
  recolour(colour) { this.colour = colour; this.remember(); this.app.ask(this.load()); }

  drawn(root) {
    root.querySelectorAll('canvas[data-island]').forEach((canvas) => {
      const name = canvas.dataset.island;
      this.surface(name, canvas, (pen, w, h) => this.draw(pen, w, h, name), (w) => (this.maps.get(name).rows < 2 ? 90 : Math.min(w, this.visibleIslands.length > 1 ? 400 : 640)));
    });
    this.surface('parallel', root.querySelector('#parallel'), (...a) => this.parallel.draw(...a), 280);
    this.surface('pareto', root.querySelector('#pareto'), (...a) => this.pareto.draw(...a), 280);
    drawRamp(root);
  }

  surface(id, canvas, draw, height) {
    const known = this.surfaces.get(id);
    if (!canvas || known?.canvas === canvas) return;
    known?.close();
    this.surfaces.set(id, new Surface(canvas, draw, height));
  }

  frame(w, h, columns, rows) {
    const left = 26; const bottom = 22;
    const cell = rows === 1 ? (w - left) / columns : Math.min((w - left) / columns, (h - bottom) / columns);
    return { left, bottom, cell, high: rows === 1 ? h - bottom : cell, wide: cell };
  }

  draw(pen, w, h, name) {
    const { columns, rows, keys, values, scale: s } = this.squares(name);
    const f = this.frame(w, h, columns, rows);
    const gap = f.cell > 14 ? 1.5 : f.cell > 5 ? 0.5 : 0;
    pen.fillStyle = token('sunk');
    pen.fillRect(f.left, 0, f.wide * columns, f.high * rows);
    if (gap) { pen.fillStyle = token('line'); for (let i = 1; i < columns; i += 1) { pen.fillRect(f.left + i * f.wide, 0, 0.5, f.high * rows); if (rows > 1) pen.fillRect(f.left, i * f.high, f.wide * columns, 0.5); } }
    if (gap) {
      for (let i = 0; i < keys.length; i += 1) {
        const x = keys[i] % columns; const y = rows - 1 - Math.floor(keys[i] / columns);
        pen.fillStyle = values[i] === null ? token('line-strong') : ramp(s.at(values[i]));
        pen.fillRect(f.left + x * f.wide + gap, y * f.high + gap, f.wide - 2 * gap, f.high - 2 * gap);
      }
    } else {
      pen.imageSmoothingEnabled = false;
      pen.drawImage(picture({ columns, rows, keys, values, scale: s }), f.left, 0, f.wide * columns, f.high * rows);
    }
    if (this.picked?.island === name) {
      const x = this.picked.key % columns; const y = rows - 1 - Math.floor(this.picked.key / columns);
      // Two rims, one of which stands out from whatever colour is beneath.
      for (const [colour, width, inset] of [['panel', 5, 1], ['text', 2, 0.5]]) {
        pen.strokeStyle = token(colour); pen.lineWidth = width;
        pen.strokeRect(f.left + x * f.wide + inset, y * f.high + inset, Math.max(1, f.wide - 2 * inset), Math.max(1, f.high - 2 * inset));
      }
    }
    pen.fillStyle = token('soft'); pen.font = '11px ui-sans-serif, system-ui, sans-serif';
    this.axis(pen, name, this.x, f.wide * columns, (along) => [f.left + along, f.high * rows + 15]);
    if (rows > 1) { pen.save(); pen.translate(13, f.high * rows); pen.rotate(-Math.PI / 2); this.axis(pen, name, this.y, f.high * rows, (along) => [along, 0]); pen.restore(); }
  }

  /** What an axis shows, and for a metric what lies at its ends. */
  axis(pen, name, axis, length, at) {
    const bounds = this.bounds(name, axis);
    pen.textAlign = 'center'; pen.fillText(`${this.archive.axes[axis]} →`, ...at(length / 2));
    if (!bounds || length < 180) return;
    pen.textAlign = 'left'; pen.fillText(number(bounds.lower, 4), ...at(0));
    pen.textAlign = 'right'; pen.fillText(number(bounds.upper, 4), ...at(length));
  }

  /** What lies at 0 and at 1 of an axis that is a metric; null for one that is learned. */
  bounds(name, axis) { return this.layout(name)?.bounds[axis] ?? null; }
  layout(name) { return this.archive.islands.find((each) => each.island === name)?.layout; }

  /** A measure in the unit of its metric: what lies outside the bounds was moved to the nearer one. */
  measured(name, axis, measure) {
    const bounds = this.bounds(name, axis);
    if (!bounds) return number(measure, 4);
    const value = number(bounds.lower + measure * (bounds.upper - bounds.lower), 4);
    return measure <= 0 ? `≤ ${value}` : measure >= 1 ? `≥ ${value}` : value;
  }

  /** The square under the pointer, and whether it holds something. */
  under(event, name) {
    const { columns, rows } = this.maps.get(name);
    const canvas = event.currentTarget;
    const f = this.frame(canvas.clientWidth, canvas.clientHeight, columns, rows);
    const [px, py] = place(event);
    const x = Math.floor((px - f.left) / f.wide); const y = Math.floor(py / f.high);
    if (x < 0 || y < 0 || x >= columns || y >= rows) return { key: null, held: false, px, py };
    const key = x + columns * (rows - 1 - y);
    return { key, held: this.holds(name).has(key), px, py };
  }

  holds(name) {
    const map = this.maps.get(name);
    map.holds ??= new Map(map.square.map((key, i) => [key, i]));
    return map.holds;
  }

  hover(event, name) {
    const { key, held, px, py } = this.under(event, name);
    const tip = event.currentTarget.nextElementSibling;
    event.currentTarget.style.cursor = held ? 'pointer' : '';
    if (!held) { tip.hidden = true; clearTimeout(this.asking); return; }
    this.ask(name, key, RESTS, () => { if (!tip.hidden) this.tip(tip, px, py, name, key); });
    this.tip(tip, px, py, name, key);
  }

  tip(tip, px, py, name, key) {
    const elites = this.occupants.get(`${name}/${key}`);
    const map = this.maps.get(name);
    const i = this.holds(name).get(key);
    const value = PLAIN.includes(this.colour) ? null : `${this.colour} ${number(map.value[i], 5)}`;
    const many = map.elites?.[i] ?? 1;
    showTip(tip, px, py, [elites ? `${this.app.metric} ${number(elites[0]?.objective)}` : value ?? '…', visible(elites?.[0]?.subject ?? ''), ...(elites && value ? [value] : []),
      ...(elites?.[0] ? [`cell ${count(elites[0].cell)}${many > 1 ? ` · the best of ${count(many)} elites here` : ''}`] : [])]);
  }

  leave(name) { clearTimeout(this.asking); this.surfaces.get(name).canvas.nextElementSibling.hidden = true; }

  /** The elites of a square, if they are known; otherwise they are asked for after a while. */
  ask(name, key, wait, then = () => {}) {
    const known = this.occupants.get(`${name}/${key}`);
    clearTimeout(this.asking);
    if (known) return known;
    this.asking = setTimeout(async () => { await this.know(name, key); then(); }, wait);
    return null;
  }

  async know(name, key) {
    const place = `${name}/${key}`;
    const { occupants } = this;
    try { if (!occupants.has(place)) occupants.set(place, (await get(this.path(name, `map/${key}`), this.plane)).items); this.app.refresh(); } catch (error) { this.app.fail(error); }
  }

  press(event, name) {
    const { key } = this.under(event, name);
    if (key === null) return;
    if (this.picked?.island === name && this.picked.key === key) this.open();
    else this.pick(name, key);
  }

  open() { const best = this.occupants.get(`${this.picked.island}/${this.picked.key}`)?.[0]; if (best) this.app.go(this.app.link('commits', best.commit)); }
  pick(name, key) { this.picked = { island: name, key }; if (this.holds(name).has(key)) this.ask(name, key, 0); this.paint(); }

  key(event, name) {
    const { columns, square } = this.maps.get(name);
    if (event.key === 'Enter' && this.picked?.island === name) { this.open(); return; }
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way || !square.length) return;
    event.preventDefault();
    if (this.picked?.island !== name) { this.pick(name, square[0]); return; }
    const at = (key) => [key % columns, Math.floor(key / columns)];
    const [x, y] = at(this.picked.key);
    // The nearest elite that lies that way: a step aside counts twice.
    let next = null; let near = Infinity;
    for (const key of square) {
      const [u, v] = at(key);
      const along = (u - x) * way[0] + (v - y) * way[1];
      const far = along > 0 ? along + 2 * (Math.abs((u - x) * way[1]) + Math.abs((v - y) * way[0])) : Infinity;
      if (far < near) { near = far; next = key; }
    }
    if (next !== null) this.pick(name, next);
  }

  side() {
    const name = this.picked?.island ?? this.visibleIslands[0];
    const layout = this.layout(name);
    const learned = this.archive.axes.some((_, axis) => !this.bounds(name, axis));
    return html`<div class="stack elite">${this.pickedElite()}
      ${layout ? html`<div><h3>Behaviour space</h3><dl class="facts"><dt>layout</dt><dd>version ${layout.version ?? '–'}${learned ? `, ${(layout.method ?? 'none').toLowerCase()}` : ', metrics alone'}</dd><dt>fitted to</dt><dd>${count(layout.samples)} commits</dd>
        ${layout.explained.length ? html`<dt>variance</dt><dd title="Of the commits it was fitted to, along each learned axis">${layout.explained.map((variance) => number(variance, 3)).join(' · ')}</dd>` : nothing}<dt>history</dt><dd>${count(layout.history)} embeddings</dd></dl></div>` : nothing}</div>`;
  }

  pickedElite() { return html`<div class="stack">${this.pickedSquare()}</div>`; }

  pickedSquare() {
    if (!this.picked) return nothing;
    const { island, key } = this.picked;
    if (!this.holds(island).has(key)) return html`<p class="soft">This square is empty.</p>`;
    const elites = this.occupants.get(`${island}/${key}`);
    if (!elites?.length) return html`<p class="soft">…</p>`;
    const [best, ...others] = elites;
    return html`<div><div class="soft" title="Click a square, or reach the map with Tab and use the arrow keys">cell ${count(best.cell)} of ${island}</div><div class="value">${number(best.objective)}</div><p class="plain wrap">${visible(best.subject)}</p></div>
      <dl class="facts"><dt>commit</dt><dd><a class="hash" href=${this.app.link('commits', best.commit)}>${best.commit.slice(0, 12)}</a></dd><dt>placed</dt><dd>${when(new Date(best.placed_at * 1000).toISOString())}</dd>
        ${best.measures.map((measure, axis) => html`<dt>${visible(this.archive.axes[axis] ?? `axis ${axis + 1}`)}</dt><dd>${this.measured(island, axis, measure)}</dd>`)}</dl>
      ${others.length ? html`<div><h3>Also here</h3><ul class="list">${others.slice(0, 6).map((each) => html`<li class="row"><a class="hash" href=${this.app.link('commits', each.commit)}>${each.commit.slice(0, 8)}</a><span class="clip soft plain">${visible(each.subject)}</span><span class="push">${number(each.objective, 5)}</span></li>`)}</ul></div>` : nothing}
      <a class="button main-action" href=${this.app.link('commits', best.commit)}>Open the commit</a>`;
  }
}
