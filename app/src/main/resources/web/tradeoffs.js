// Two drawings beside the map: the best elites over all axes at once, and what cannot be had together.
import { html, nothing } from 'lit-html';
import { get } from './api.js';
import { place, showTip } from './canvas.js';
import { ramp, scale, token } from './colour.js';
import { count, number, options, visible } from './format.js';

const MOST_LINES = 2000;
const FONT = '11px ui-sans-serif, system-ui, sans-serif';

/** Every elite a line through its measures and its objective. */
export class Parallel {
  constructor(page) { this.page = page; }

  async load() {
    const { page } = this;
    this.island = page.visibleIslands[0];
    const other = ['', 'age', 'lately', 'occupied'].includes(page.colour) ? '' : page.colour;
    this.cells = await get(page.path(this.island, 'cells'), { order: 'best', limit: MOST_LINES, metric: other });
  }

  view() {
    const n = this.cells?.cell.length ?? 0;
    const { occupied } = this.page.archive.islands.find((each) => each.island === (this.island ?? this.page.visibleIslands[0]));
    return html`<section class="panel"><header><h2>Parallel coordinates</h2><span class="soft">${n < occupied ? `the best ${count(n)} of ${count(occupied)} elites` : 'every elite'}${this.page.visibleIslands.length > 1 ? ` of ${this.island}` : ''}</span></header>
      <div class="canvas"><canvas id="parallel" role="img" aria-label="Elites as lines through their measures and their objective"></canvas></div></section>`;
  }

  draw(pen, w, h) {
    const { page, cells } = this;
    if (!cells) return;
    const n = cells.cell.length;
    const shade = scale(cells.objective, page.app.higher);
    const span = (values) => { const known = values.filter((value) => value !== null); const low = Math.min(...known); const high = Math.max(...known); return { low, high, at: (value) => (value === null ? null : (value - low) / (high - low || 1)) }; };
    const column = (label, values) => { const s = span(values); return { label, low: s.low, high: s.high, shares: values.map(s.at) }; };
    const columns = [...cells.measures.map((values, i) => ({ label: page.archive.axes[i] ?? `axis ${i + 1}`, low: page.bounds(this.island, i)?.lower ?? 0, high: page.bounds(this.island, i)?.upper ?? 1, shares: values })), column(page.app.metric, cells.objective)];
    if (cells.metric && cells.value?.some((value) => value !== null)) columns.push(column(cells.metric, cells.value));
    const pad = 46; const top = 26; const bottom = h - 20;
    const x = (i) => pad + ((w - 2 * pad) * i) / Math.max(1, columns.length - 1);
    pen.lineWidth = n > 500 ? 0.7 : 1.2;
    const solid = document.documentElement.dataset.theme === 'dark' ? 1 : 0.65; // the dark end is hardly seen on a dark page
    for (let i = n - 1; i >= 0; i -= 1) {
      pen.strokeStyle = ramp(shade.at(cells.objective[i]), n > 500 ? 0.25 : solid);
      pen.beginPath();
      columns.forEach(({ shares }, c) => { if (shares[i] !== null) pen.lineTo(x(c), bottom - Math.min(1, Math.max(0, shares[i])) * (bottom - top)); });
      pen.stroke();
    }
    pen.font = FONT;
    columns.forEach(({ label, low, high }, c) => {
      pen.textAlign = 'center'; pen.fillStyle = token('line-strong'); pen.fillRect(x(c), top, 1, bottom - top);
      pen.fillStyle = token('soft'); pen.fillText(label, x(c), 12);
      pen.fillStyle = token('faint'); pen.fillText(number(high, 4), x(c), top - 3); pen.fillText(number(low, 4), x(c), bottom + 13);
    });
  }
}

/** The objective against another metric, and the commits that no other beats in both. */
export class Pareto {
  constructor(page, against) { this.page = page; this.against = against; }

  get also() { return (this.page.app.experiment.objective?.also ?? []).map((aim) => aim.metric); }

  async load() {
    if (!this.against && this.also.length) [this.against] = this.also;
    this.found = this.against ? await get(this.page.app.api('/pareto'), { against: this.against }) : null;
  }

  choose(metric) {
    this.against = metric;
    this.page.remember();
    this.page.app.ask(this.page.inTurn(() => this.load()).then(() => this.page.paint()));
  }

  view(metrics) {
    const { app } = this.page;
    const way = (metric) => (app.isHigherBetter(metric) ? '↑' : '↓');
    return html`<section class="panel"><header><h2>Pareto front</h2>${metrics.length ? html`<label class="field">${app.metric} ${way(app.metric)} against <select @change=${(e) => this.choose(e.target.value)}>
      ${options([['', 'choose a metric'], ...metrics.map((name) => [name, `${name} ${way(name)}`])], this.against)}</select></label>` : nothing}
      ${this.found ? html`<span class="soft">${count(this.found.front.length)} of ${count(this.found.total)} commits</span>` : nothing}</header>
      ${metrics.length ? nothing : html`<p class="empty">The evaluator reports one metric only.</p>`}
      ${metrics.length && !this.against ? html`<p class="empty">Choose what to weigh ${app.metric} against. What <code>objective.also</code> names is chosen by itself.</p>` : nothing}
      <div class="canvas" ?hidden=${!this.against}><canvas id="pareto" role="img" aria-label="Commits by two metrics, and those that no other beats in both" @pointermove=${(e) => this.over(e)} @pointerleave=${(e) => { e.currentTarget.nextElementSibling.hidden = true; }} @click=${() => this.near && app.go(app.link('commits', this.near.commit))}></canvas><div class="tip" hidden></div></div></section>`;
  }

  draw(pen, w, h) {
    if (!this.found) return;
    const { metric } = this.found.objective;
    const spot = (front) => (point) => ({ front, a: point.values[metric], b: point.values[this.against], commit: point.commit, subject: point.subject });
    const list = [...this.found.others.map(spot(false)), ...this.found.front.map(spot(true))];
    if (!list.length) return;
    const range = (key) => { const values = list.map((point) => point[key]); const low = Math.min(...values); const high = Math.max(...values); return [low, high, high - low || 1]; };
    const [a0, a1, aw] = range('a'); const [b0, b1, bw] = range('b');
    const left = 62; const bottom = h - 34;
    const px = (point) => left + 8 + ((w - left - 22) * (point.a - a0)) / aw; const py = (point) => bottom - 8 - ((bottom - 22) * (point.b - b0)) / bw;
    pen.strokeStyle = token('line-strong'); pen.lineWidth = 1; pen.beginPath(); pen.moveTo(left, 8); pen.lineTo(left, bottom); pen.lineTo(w - 8, bottom); pen.stroke();
    list.forEach((point) => { point.x = px(point); point.y = py(point); pen.fillStyle = point.front ? token('gold') : `${token('accent')}66`; pen.beginPath(); pen.arc(point.x, point.y, point.front ? 4.5 : 3, 0, 7); pen.fill(); });
    const front = list.filter((point) => point.front).sort((p, q) => p.x - q.x);
    pen.strokeStyle = token('gold'); pen.lineWidth = 1.5; pen.beginPath(); front.forEach((point) => pen.lineTo(point.x, point.y)); pen.stroke();
    pen.fillStyle = token('soft'); pen.font = FONT;
    pen.textAlign = 'left'; pen.fillText(number(a0, 5), left + 4, bottom + 14); pen.textAlign = 'right'; pen.fillText(number(a1, 5), w - 8, bottom + 14);
    pen.textAlign = 'center'; pen.fillText(`${metric} →`, (left + w) / 2, bottom + 28);
    pen.textAlign = 'right'; pen.fillText(number(b1, 4), left - 5, 16); pen.fillText(number(b0, 4), left - 5, bottom - 3);
    pen.save(); pen.translate(12, bottom / 2); pen.rotate(-Math.PI / 2); pen.textAlign = 'center'; pen.fillText(`${this.against} →`, 0, 0); pen.restore();
    this.spots = list;
  }

  over(event) {
    const [x, y] = place(event);
    let near = 16; this.near = null;
    (this.spots ?? []).forEach((point) => { const far = Math.hypot(point.x - x, point.y - y); if (far < near) { near = far; this.near = point; } });
    const tip = event.currentTarget.nextElementSibling;
    event.currentTarget.style.cursor = this.near ? 'pointer' : '';
    if (this.near) showTip(tip, x, y, [`${this.page.app.metric} ${number(this.near.a)}`, `${this.against} ${number(this.near.b)}`, visible(this.near.subject)]); else tip.hidden = true;
  }
}
