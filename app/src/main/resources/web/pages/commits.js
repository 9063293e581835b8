import { html, nothing } from 'lit-html';
import { get, inTurn } from '../api.js';
import { count, number, short, visible, when } from '../format.js';

export class Page {
  constructor(app, _, query) { this.app = app; this.text = query.get('text') ?? ''; this.items = []; this.chosen = new Set(); this.inTurn = inTurn(); }

  load() {
    return this.inTurn(async () => {
      const page = await get(this.app.api('/commits'), { text: this.text, limit: 100 });
      Object.assign(this, { items: page.items, total: page.total, next: page.next });
    });
  }

  more() {
    if (this.loading) return;
    this.loading = true;
    this.app.ask(this.inTurn(async () => {
      if (!this.next) return;
      const page = await get(this.app.api('/commits'), { text: this.text, limit: 200, cursor: this.next });
      this.items.push(...page.items);
      this.next = page.next;
    }).finally(() => { this.loading = false; }));
  }

  changed(what) { return what.archive && this.items.length <= 100 ? this.load() : undefined; }

  close() { clearTimeout(this.timer); }

  find(text) { this.text = text; this.app.remember(text ? `text=${encodeURIComponent(text)}` : ''); clearTimeout(this.timer); this.timer = setTimeout(() => this.app.ask(this.load()), 200); }
  toggle(hash) { if (!this.chosen.delete(hash)) this.chosen.add(hash); this.app.refresh(); }

  view() {
    const { app } = this;
    return html`<div class="head"><h1>Commits</h1><span class="soft">${this.total === undefined ? '' : `${this.total >= 10000 && this.text ? 'at least ' : ''}${count(this.total)}`}</span>
      <div class="tools"><input type="search" size="26" placeholder="Subject, summary or hash" aria-label="Search commits" .value=${this.text} @input=${(e) => this.find(e.target.value)}>
      <a class="button" ?hidden=${this.chosen.size < 2} href=${app.link('compare') + `?commits=${[...this.chosen].join(',')}`}>Compare ${this.chosen.size}</a><a class="button" download href="/api/v1${app.api('/export/metrics.csv')}">metrics as CSV</a></div></div>
      <section class="panel"><div class="scroll"><table><thead><tr><th><span class="sr">choose</span></th><th>commit</th><th>what</th><th class="num">${app.metric}</th><th></th><th>parent</th><th>when</th></tr></thead><tbody>
      ${this.items.map((card) => html`<tr><td><input type="checkbox" aria-label="Choose ${short(card.commit)} for comparison" .checked=${this.chosen.has(card.commit)} @change=${() => this.toggle(card.commit)}></td>
        <td><a class="hash" href=${app.link('commits', card.commit)}>${short(card.commit)}</a></td><td class="wrap plain"><div>${visible(card.subject)}</div><div class="faint">${visible(card.change_summary)}</div></td><td class="num">${number(card.objective)}</td>
        <td>${card.elite ? html`<span class="badge accent">elite</span>` : nothing}</td><td class="hash">${card.parent ? short(card.parent) : '–'}</td><td class="soft">${when(card.created_at)}</td></tr>`)}</tbody></table></div>
      ${this.items.length || this.total === undefined ? nothing : html`<p class="empty">No commit is like this.</p>`}
      ${this.next ? html`<p><button class="button" @click=${() => this.more()}>More</button></p>` : nothing}</section>`;
  }
}
