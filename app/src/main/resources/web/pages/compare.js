import { html, nothing } from 'lit-html';
import { get } from '../api.js';
import { Diff } from '../diff.js';
import { number, short, signed, visible, when } from '../format.js';

export class Page {
  constructor(app, _, query) { this.app = app; this.text = query.get('commits') ?? ''; this.suggestions = []; }

  get hashes() { return this.text.split(/[\s,]+/).filter(Boolean); }

  async load() {
    this.all = null;
    this.diff = null;
    if (this.hashes.length < 2) { const status = await get(this.app.api('/status')); this.suggestions = [status.root, status.best].filter(Boolean).map((score) => score.commit); return; }
    this.all = await get(this.app.api('/compare'), { commits: this.hashes.join(',') });
    const [first, second] = this.all.commits;
    this.diff = new Diff(this.app, second.card.commit, first.card.commit);
    this.app.refresh();
    await this.diff.load();
  }

  set(text) { this.text = text; this.app.remember(text ? `commits=${this.hashes.join(',')}` : ''); this.load().then(() => this.app.refresh(), this.app.fail); }

  view() {
    return html`<div class="head"><h1>Compare</h1><div class="tools"><input type="text" size="44" class="mono" aria-label="Commits to compare, separated by commas" placeholder="two to six hashes, separated by commas" .value=${this.text} @change=${(e) => this.set(e.target.value)}></div></div>
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
    return html`<section class="panel"><header><h2>Metrics</h2><span class="soft">differences are against the first</span></header><div class="scroll"><table><thead><tr><th>metric</th>${commits.map((each) => html`<th class="num"><a class="hash" href=${this.app.link('commits', each.card.commit)}>${short(each.card.commit)}</a></th>`)}</tr></thead><tbody>
      <tr><td class="soft">subject</td>${commits.map((each) => html`<td class="num wrap plain subject-cell">${visible(each.card.subject)}</td>`)}</tr>
      ${names.map((name) => { const base = of(commits[0], name); return html`<tr><td>${name === this.app.metric ? html`<strong>${visible(name)}</strong>` : visible(name)}</td>${commits.map((each, i) => { const metric = of(each, name); if (!metric) return html`<td class="num">–</td>`; const by = base ? metric.value - base.value : 0; return html`<td class="num">${number(metric.value)}${i && by ? html` <span class=${(by > 0) === metric.higher_is_better ? 'good' : 'bad'}>${signed(by, 3)}</span>` : nothing}</td>`; })}</tr>`; })}
      <tr><td class="soft">measured</td>${commits.map((each) => html`<td class="num soft">${when(each.card.created_at)}</td>`)}</tr></tbody></table></div></section>`;
  }

  paths() {
    const { ancestor, paths } = this.all;
    return html`<section class="panel"><header><h2>Lineage</h2><span class="soft">${ancestor ? html`common ancestor <a class="hash" href=${this.app.link('commits', ancestor)}>${short(ancestor)}</a>` : 'no common ancestor is recorded'}</span></header>
      ${paths.map((path) => html`<div class="path">${[...path].reverse().slice(0, 40).map((card, i) => html`${i ? html`<span class="faint">→</span>` : nothing}<a class="badge ${card.commit === ancestor ? 'accent' : ''}" href=${this.app.link('commits', card.commit)} title=${visible(card.subject)}>${short(card.commit).slice(0, 8)} <span class="soft">${number(card.objective, 5)}</span></a>`)}${path.length > 40 ? html`<span class="soft">and ${path.length - 40} more</span>` : nothing}</div>`)}</section>`;
  }
}
