import { html, nothing } from 'lit-html';
import { all, get, send } from '../api.js';
import { Diff } from '../diff.js';
import { Files } from '../files.js';
import { between, count, dollars, duration, number, options, short, signed, visible, when, words } from '../format.js';

export class Page {
  constructor(app, hash, query) {
    this.app = app;
    this.hash = hash;
    this.against = query.get('against') ?? 'parent';
    this.title = short(hash);
  }

  async load() {
    await this.changed();
    if (this.diff?.against !== this.against) { this.diff = new Diff(this.app, this.all.card.commit, this.against); }
    this.app.refresh();
    if (!this.diff.list) await this.diff.load();
    if (this.all.job && !this.files) { this.files = new Files(this.app, this.all.job.line.id); await this.files.load(); this.reports = await this.files.reports(); }
  }

  async changed() {
    const found = await all({ body: get(this.app.api(`/commits/${this.hash}`)), controls: get(this.app.api('/controls')) });
    this.all = found.body;
    this.mark = found.controls.marks[this.all.card.commit] ?? null;
  }

  close() { this.files?.close(); }

  view() {
    if (!this.all) return html`<div class="head"><h1>Commit</h1></div>`;
    const { card, job } = this.all;
    return html`<div class="head"><h1 class="plain wrap">${visible(card.subject)}</h1>
      <div class="what subject"><button class="button hash" title="Copy the hash" @click=${() => this.copy(card.commit)}>${short(card.commit)} <span class="soft">copy</span></button>
        ${(this.all.cells ?? []).map(({ island, cell }) => html`<a class="badge accent" href=${this.app.link('archive')}>elite of cell ${cell}${island === card.island ? '' : ` of ${island}`}</a>`)}
        ${this.mark ? html`<span class="badge ${this.mark === 'BANNED' ? 'bad' : 'good'}">${words(this.mark)}</span>` : nothing}
        ${(card.verdict ?? 'ACCEPTED') === 'ACCEPTED' ? nothing : html`<span class="badge warn" title=${visible(card.verdict_reason)}>${words(card.verdict)}</span>`}
        ${card.island ? html`<span class="badge">${card.island}</span>` : nothing}
        ${job ? html`<a class="badge" href=${this.app.link('jobs', job.line.id)}>${job.line.draw === null ? words(job.line.kind) : `job ${job.line.draw + 1}`}</a>` : nothing}
        ${card.parent && this.all.parent ? html`<span class="soft">on <a class="hash" href=${this.app.link('commits', card.parent)}>${short(card.parent)}</a></span>` : nothing}
        <span class="soft">${visible(card.author ?? '')} · ${when(card.created_at)}</span>${this.marks()}</div></div>
      <div class="grid two"><div class="stack">${this.metrics()}${this.changes()}${this.output()}</div><div class="stack">${this.card()}${this.said()}${this.checkout()}${this.cost()}${this.neighbours()}${this.children()}</div></div>`;
  }

  marks() {
    if (!this.app.mayOperate) return nothing;
    const set = async (mark) => {
      try { await send(mark ? 'PUT' : 'DELETE', this.app.api(`/commits/${this.all.card.commit}/mark`), mark ? { mark } : undefined); this.mark = mark; this.app.refresh(); } catch (error) { this.app.say(error.message); }
    };
    const choice = (mark, label, title) => html`<button class="chip" title=${title} aria-pressed=${String(this.mark === mark)} @click=${() => set(this.mark === mark ? null : mark)}>${label}</button>`;
    return html`<span class="chips">${choice('PINNED', 'pin', 'Keep it in its cell, and prune nothing of it')}${choice('BANNED', 'ban', 'Build nothing on it any more')}</span>`;
  }

  copy(text) { navigator.clipboard?.writeText(text).then(() => this.app.say('Copied'), () => this.app.say('The browser does not let us copy here')); }

  metrics() {
    const value = (related, name) => related?.metrics.find((each) => each.name === name)?.value;
    const delta = (metric, other) => { if (other === undefined) return '–'; const by = metric.value - other; const better = by !== 0 && (by > 0) === metric.higher_is_better; return html`<span class=${by === 0 ? 'soft' : better ? 'good' : 'bad'}>${by === 0 ? 'equal' : signed(by, 4)}</span>`; };
    const rows = [...this.all.metrics].sort((a, b) => (b.name === this.app.metric) - (a.name === this.app.metric));
    const spread = (metric) => (metric.samples > 1 ? html`<span title=${`standard deviation of one measurement, from ${metric.samples}`}>± ${number(metric.deviation, 3)}, ${metric.samples} samples</span>` : '');
    return html`<section class="panel"><header><h2>Metrics</h2></header><div class="scroll"><table class="metrics"><thead><tr><th>metric</th><th class="num">value</th><th class="unit"><span class="sr">unit</span></th><th class="num">against parent</th><th class="num">against root</th>${rows.some((metric) => metric.samples > 1) ? html`<th>spread</th>` : nothing}</tr></thead><tbody>
      ${rows.map((metric) => html`<tr><td>${metric.name === this.app.metric ? html`<strong>${visible(metric.name)}</strong>` : visible(metric.name)}&nbsp;<span class="faint">${metric.higher_is_better ? '↑' : '↓'}</span></td><td class="num">${number(metric.value)}</td><td class="unit">${visible(metric.unit ?? '')}</td>
        <td class="num">${delta(metric, value(this.all.parent, metric.name))}</td><td class="num">${delta(metric, value(this.all.root, metric.name))}</td>${rows.some((each) => each.samples > 1) ? html`<td class="soft">${spread(metric)}</td>` : nothing}</tr>`)}</tbody></table></div>
      ${this.all.card.evaluation_summary ? html`<p class="soft plain wrap">${visible(this.all.card.evaluation_summary)}</p>` : nothing}</section>`;
  }

  changes() {
    const known = [['parent'], ['root'], ...this.all.neighbours.map((each) => [each.commit, `neighbour ${short(each.commit)}`])];
    const pick = html`<label class="field">against <select @change=${(e) => { this.against = e.target.value; this.app.remember(this.against === 'parent' ? '' : `against=${this.against}`); this.app.ask(this.load()); }}>
      ${options(known.some(([value]) => value === this.against) ? known : [...known, [this.against, short(this.against)]], this.against)}</select></label>`;
    return this.diff ? this.diff.view(pick) : nothing;
  }

  card() {
    const { card } = this.all;
    return html`<section class="panel"><header><h2>What it did</h2></header><p class="plain wrap">${visible(card.change_summary)}</p>
      ${card.verdict_reason ? html`<p class="bad plain wrap">May not compete: ${visible(card.verdict_reason)}</p>` : nothing}
      ${card.highlights.length ? html`<ul class="list">${card.highlights.map((line) => html`<li class="soft plain wrap">${visible(line)}</li>`)}</ul>` : nothing}
      ${card.tags.length ? html`<p class="chips">${card.tags.map((tag) => html`<span class="badge">${visible(tag)}</span>`)}</p>` : nothing}</section>`;
  }

  said() {
    const plan = this.reports?.plan ?? this.all.job?.plan_summary;
    const report = this.reports?.code;
    if (!plan && !report) return nothing;
    return html`<section class="panel"><header><h2>Plan and report</h2></header>
      ${plan ? html`<h3>Plan</h3><p class="plain wrap">${visible(plan)}</p>` : nothing}${report ? html`<h3>The agent’s report</h3><p class="plain wrap">${visible(report)}</p>` : nothing}</section>`;
  }

  checkout() {
    const { card, hub } = this.all;
    const line = (text) => html`<div class="copy"><code>${text}</code><button class="button" aria-label="Copy this command" @click=${() => this.copy(text)}>copy</button></div>`;
    const quoted = `'${hub.replaceAll("'", "'\\''")}'`;
    return html`<section class="panel"><header><h2>Check it out</h2></header>
      ${line(`git fetch ${quoted} ${card.commit}`)}${line(`git switch --create loreley/${short(card.commit)} FETCH_HEAD`)}
      <p class="faint">In your repository, on the machine that holds the hub.</p></section>`;
  }

  cost() {
    const { stages } = this.all;
    if (!stages.length) return nothing;
    return html`<section class="panel"><header><h2>Cost</h2><div class="tools"><a href=${this.app.link('jobs', this.all.job.line.id)}>the job</a></div></header><div class="scroll"><table><thead><tr><th>stage</th><th>by</th><th class="num">took</th><th class="num">tokens</th><th class="num">cost</th></tr></thead><tbody>
      ${stages.map((stage) => html`<tr><td>${words(stage.stage)}</td><td class="wrap">${stage.agent ?? 'evaluator'} ${stage.model ?? ''}</td><td class="num">${duration(between(stage.started_at, stage.ended_at))}</td>
        <td class="num">${stage.input_tokens + stage.output_tokens ? count(stage.input_tokens + stage.output_tokens) : '–'}</td><td class="num">${stage.calls ? dollars(stage.cost_usd) : '–'}</td></tr>`)}</tbody></table></div></section>`;
  }

  output() {
    const text = this.reports?.log;
    return this.files ? html`<section class="panel"><header><h2>Evaluator’s output</h2></header>${text ? html`<pre class="text" tabindex="0">${text}</pre>` : html`<p class="empty">It printed nothing, or it is not on this machine.</p>`}</section>` : nothing;
  }

  neighbours() {
    if (!this.all.neighbours.length) return nothing;
    return html`<section class="panel"><header><h2>Neighbours in the archive</h2></header><ul class="list">${this.all.neighbours.map((each) => html`<li class="row"><a class="hash" href=${this.app.link('commits', each.commit)}>${short(each.commit)}</a><span class="clip soft plain">${visible(each.subject)}</span>
      <span class="push">${number(each.objective, 6)}</span><a class="faint" href=${this.app.link('compare') + `?commits=${this.all.card.commit},${each.commit}`} aria-label="Compare with ${short(each.commit)}">compare</a></li>`)}</ul></section>`;
  }

  children() {
    if (!this.all.children.length) return nothing;
    const jobs = html`<div class="tools"><a href=${this.app.link('jobs') + `?commit=${this.all.card.commit}`}>their jobs</a></div>`;
    return html`<section class="panel"><header><h2>Built on it</h2><span class="soft">${count(this.all.children_total ?? this.all.children.length)}</span>${jobs}</header><ul class="list">${this.all.children.slice(0, 12).map((each) => html`<li class="row"><a class="hash" href=${this.app.link('commits', each.commit)}>${short(each.commit)}</a><span class="clip soft plain">${visible(each.subject)}</span><span class="push">${number(each.objective, 6)}</span></li>`)}</ul></section>`;
  }
}

