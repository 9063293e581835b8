import { html, nothing } from 'lit-html';
import { get, inTurn } from '../api.js';
import { Diff } from '../diff.js';
import { number, short, signed, visible, when } from '../format.js';

const MOST_STEPS = 40; // of a way that are shown

export class Page {
  constructor(app, _, query) { this.app = app; this.text = query.get('commits') ?? ''; this.suggestions = []; this.inTurn = inTurn(); }

  get hashes() { return this.text.split(/[\s,]+/).filter(Boolean); }

  load() { return this.inTurn(() => this.read()); }

  async read() {
    this.all = null;
    this.diff = null;
    if (this.hashes.length < 2) { const status = await get(this.app.api('/status')); this.suggestions = [status.root, status.best].filter(Boolean).map((score) => score.commit); return; }
    this.all = await get(this.app.api('/compare'), { commits: this.hashes.join(',') });
    const [first, second] = this.all.commits;
    this.diff = new Diff(this.app, second.card.commit, first.card.commit);
    this.app.refresh();
    await this.diff.load();
  }

  set(text) { this.text = text; this.app.remember(text ? `commits=${this.hashes.join(',')}` : ''); this.app.ask(this.load()); }

  view() {
    return html`<div class="head"><h1>Compare</h1><div class="tools"><input type="text" size=${Math.max(44, 14 * this.hashes.length)} class="mono" aria-label="Commits to compare, separated by commas" placeholder="two to six hashes, separated by commas" .value=${this.hashes.map(short).join(', ')} @change=${(e) => this.set(e.target.value)}></div></div>
      ${this.all ? html`<div class="stack">${this.table()}${this.paths()}${this.diff ? this.diff.view(html`<span class="soft">from ${short(this.all.commits[0].card.commit)} to ${short(this.all.commits[1].card.commit)}</span>`) : nothing}</div>` : this.empty()}`;
  }

  empty() {
    return html`<section class="panel"><p>Choose commits on the <a href=${this.app.link('commits')}>Commits</a> page, or give their hashes above.</p>
      ${this.suggestions.length > 1 && this.hashes.length < 2 ? html`<p><button class="button" @click=${() => this.set(this.suggestions.join(','))}>Compare the root with the best</button></p>` : nothing}</section>`;
  }

  table() {
    const { commits } = this.all;
    const names = [...new Set(commits.flatMap((each) => each.metrics.map((metric) => metric.name)))].sort((a, b) => (b === this.app.metric) - (a === this.app.metric));
    const of = (each, name) => each.metrics.find((metric) => metric.name === name);
    const line = (label, tone, cell) => html`<tr><td class="soft">${label}</td>${commits.map((each, i) => html`<td class="num ${tone}" colspan=${i ? 2 : 1}>${cell(each)}</td>`)}</tr>`;
    return html`<section class="panel"><header><h2>Metrics</h2><span class="soft">differences are against the first</span></header><div class="scroll"><table><thead><tr><th>metric</th>${commits.map((each, i) => html`<th class="num" colspan=${i ? 2 : 1}><a class="hash" href=${this.app.link('commits', each.card.commit)}>${short(each.card.commit)}</a></th>`)}</tr></thead><tbody>
      ${line('subject', 'wrap plain subject-cell', (each) => visible(each.card.subject))}
      ${names.map((name) => html`<tr><td>${name === this.app.metric ? html`<strong>${visible(name)}</strong>` : visible(name)}&nbsp;<span class="faint">${this.app.isHigherBetter(name) ? '↑' : '↓'}</span></td>
        ${commits.map((each, i) => this.value(of(each, name), of(commits[0], name), i))}</tr>`)}
      ${line('measured', 'soft', (each) => when(each.card.created_at))}</tbody></table></div></section>`;
  }

  /** Values below each other, and beside them by how much they are better or worse. */
  value(metric, base, i) {
    const by = metric && base ? metric.value - base.value : 0;
    return html`<td class="num">${number(metric?.value)}</td>${i ? html`<td class="num delta ${by === 0 ? 'soft' : (by > 0) === metric.higher_is_better ? 'good' : 'bad'}">${!metric || !base ? '' : by === 0 ? 'equal' : signed(by, 3)}</td>` : nothing}`;
  }

  paths() {
    const { ancestor, paths } = this.all;
    return html`<section class="panel"><header><h2>Lineage</h2><span class="soft">${ancestor ? html`common ancestor <a class="hash" href=${this.app.link('commits', ancestor)}>${short(ancestor)}</a>` : 'no common ancestor is recorded'}</span></header>
      <div class="ways">${paths.map((path, i) => html`<a class="hash" href=${this.app.link('commits', this.all.commits[i].card.commit)}>${short(this.all.commits[i].card.commit)}</a><div class="path">${this.way([...path].reverse())}</div>`)}</div></section>`;
  }

  /** From the ancestor on; of a long way its end. */
  way(cards) {
    const last = cards.slice(-MOST_STEPS);
    return html`${cards.length > last.length ? html`<span class="soft">after ${cards.length - last.length} more</span>` : nothing}
      ${last.map((card, i) => html`${i || cards.length > last.length ? html`<span class="faint">→</span>` : nothing}<a class="badge ${card.commit === this.all.ancestor ? 'accent' : ''}" href=${this.app.link('commits', card.commit)} title=${visible(card.subject)}>${short(card.commit).slice(0, 8)} <span class="soft">${number(card.objective, 5)}</span></a>`)}`;
  }
}
