import { html, nothing } from 'lit-html';
import { get, inTurn } from '../api.js';
import { STAGES, badge, between, count, duration, now, number, options, short, visible, when, words } from '../format.js';

const STATES = ['PENDING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'];
const KINDS = ['ROOT', 'SEED', 'EVOLVE', 'REMEASURE', 'HOLDOUT'];
const ROW = 34;
const AHEAD = 30;
const FIRST = 100; // rows that are asked for when the page opens
const MOST = 500; // rows of one answer
const ANEW = 2000; // rows that are asked for again when something changed

export class Page {
  constructor(app, _, query) {
    this.app = app;
    this.filter = { status: query.get('status') ?? '', kind: query.get('kind') ?? '', failure: query.get('failure') ?? '', commit: query.get('commit') ?? '' };
    this.rows = [];
    this.total = 0;
    this.next = null;
    this.top = 0;
    this.room = 600;
    this.inTurn = inTurn();
  }

  load() { return this.inTurn(async () => Object.assign(this, await this.read(FIRST), { ready: true })); }

  /** As many rows as wanted, newest first. */
  async read(wanted) {
    const rows = [];
    let page = { next: undefined };
    do {
      page = await get(this.app.api('/jobs'), { ...this.filter, limit: Math.min(MOST, wanted - rows.length), cursor: page.next });
      rows.push(...page.items);
    } while (page.next && rows.length < wanted);
    return { rows, total: page.total, next: page.next };
  }

  /** Rows anew that were scrolled to: an old job may run again or be ingested late. Of very many the oldest stay as they were read. */
  changed() {
    return this.inTurn(async () => {
      const anew = await this.read(Math.min(ANEW, Math.max(FIRST, this.rows.length)));
      const last = this.rows.length > ANEW ? this.rows.findIndex(({ id }) => id === anew.rows.at(-1)?.id) : -1;
      const older = last < 0 ? [] : this.rows.slice(last + 1);
      Object.assign(this, anew, older.length ? { rows: [...anew.rows, ...older], next: this.next } : {});
    });
  }

  more() {
    if (!this.next || this.loading) return;
    this.loading = true;
    this.app.ask(this.inTurn(async () => {
      if (!this.next) return;
      const page = await get(this.app.api('/jobs'), { ...this.filter, limit: 300, cursor: this.next });
      this.rows.push(...page.items);
      this.next = page.next;
    }).finally(() => { this.loading = false; }));
  }

  set(change) {
    Object.assign(this.filter, change);
    const words = new URLSearchParams(Object.entries(this.filter).filter(([, value]) => value));
    this.app.remember(words.toString());
    this.app.ask(this.load().then(() => this.scroller?.scrollTo(0, 0)));
  }

  toggle(state) {
    const on = new Set(this.filter.status.split(',').filter(Boolean));
    if (!on.delete(state)) on.add(state);
    this.set({ status: [...on].join(','), failure: on.size && !on.has('FAILED') ? '' : this.filter.failure });
  }

  scrolled(event) {
    this.top = event.target.scrollTop;
    this.room = event.target.clientHeight;
    if ((this.top + this.room) / ROW > this.rows.length - 60) this.more();
    this.app.refresh();
  }

  view() {
    const on = this.filter.status.split(',');
    const first = Math.max(0, Math.floor(this.top / ROW) - AHEAD);
    const shown = this.rows.slice(first, first + Math.ceil(this.room / ROW) + 2 * AHEAD);
    const many = this.total >= 10000 && (this.filter.kind || this.filter.failure || this.filter.commit);
    const exports = this.app.experiment ? `/api/v1${this.app.api('/export')}` : '';
    return html`<div class="head"><h1>Jobs</h1><span class="soft">${this.ready ? `${many ? 'at least ' : ''}${count(this.total)}` : ''}</span>
      <div class="tools"><a class="button" download href="${exports}/jobs.csv">CSV</a><a class="button" download href="${exports}/jobs.jsonl">JSON lines</a></div></div>
      <div class="head"><div class="chips" role="group" aria-label="State">${STATES.map((state) => html`<button class="chip" aria-pressed=${String(on.includes(state))} @click=${() => this.toggle(state)}>${words(state)}</button>`)}</div>
        <label class="field">kind <select @change=${(event) => this.set({ kind: event.target.value })}>${options([['', 'any'], ...KINDS.map((kind) => [kind, words(kind)])], this.filter.kind)}</select></label>
        <label class="field">commit <input type="search" size="14" placeholder="hash" .value=${this.filter.commit} @change=${(event) => this.set({ commit: event.target.value.trim() })}></label>
        ${this.filter.failure ? html`<button class="chip" aria-pressed="true" @click=${() => this.set({ failure: '' })}>${words(this.filter.failure)} ✕</button>` : nothing}</div>
      <section class="panel flush"><div class="vt" tabindex="0" role="region" aria-label="Jobs, newest first" @scroll=${(event) => this.scrolled(event)}>
        <div class="vt-head"><span>state</span><span class="wide right">job</span><span class="wide">base</span><span>what</span><span class="wide">commit</span><span class="right">${this.app.metric}</span><span class="wide">archive</span><span class="wide right">took</span><span class="wide">created</span></div>
        ${this.ready && !this.rows.length ? html`<p class="empty vt-none">No job is like this.</p>` : nothing}
        <div class="vt-space" .style=${`height:${this.rows.length * ROW}px`}>${shown.map((job, i) => this.row(job, first + i))}</div></div></section>`;
  }

  row(job, i) {
    const what = job.failure_kind ? `${words(job.failure_kind)}: ${visible(job.error)}` : visible(job.subject) || (job.status === 'RUNNING' ? STAGES[job.stage] ?? 'starting' : '');
    return html`<a class="vt-row" href=${this.app.link('jobs', job.id)} .style=${`top:${i * ROW}px`}>
      <span>${badge(job.status)}</span><span class="wide right">${job.draw === null ? words(job.kind) : job.draw + 1}</span><span class="wide hash">${short(job.base)}</span>
      <span class="plain ${job.failure_kind ? 'bad' : ''}" title=${what}>${what}</span><span class="wide hash">${short(job.result)}</span><span class="right">${number(job.objective, 6)}</span>
      <span class="wide soft">${job.ingestion_status === 'succeeded' ? (job.cell === null ? 'placed' : `cell ${job.cell}`) : job.ingestion_status === 'skipped' ? 'not placed' : words(job.ingestion_status)}</span>
      <span class="wide right">${duration(between(job.started_at, job.completed_at ?? (job.status === 'RUNNING' ? now() : null)))}</span><span class="wide soft">${when(job.created_at)}</span></a>`;
  }

  drawn(root) { this.scroller = root.querySelector('.vt'); if (this.scroller) this.room = this.scroller.clientHeight; }
}
