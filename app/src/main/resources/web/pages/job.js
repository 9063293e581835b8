import { html, nothing } from 'lit-html';
import { all, get, send } from '../api.js';
import { Files } from '../files.js';
import { badge, between, count, dollars, duration, moment, now, number, output, short, visible, when, words } from '../format.js';

const LOOKS = 3; // seconds between two looks at which files there are

export class Page {
  constructor(app, id) {
    this.app = app;
    this.id = id;
    this.title = 'Job';
    this.files = new Files(app, id);
    this.clock = setInterval(() => this.tick(), 1000);
  }

  async load() {
    const found = await all({ body: get(this.app.api(`/jobs/${this.id}`)), files: this.files.load() });
    this.body = found.body;
    await this.choose();
  }

  /** The clocks of what runs; and what it has written since. */
  tick() {
    if (!this.running || document.hidden) return;
    this.app.refresh();
    this.ticks = (this.ticks ?? 0) + 1;
    if (this.ticks % LOOKS === 0) this.files.load().then(() => this.choose());
  }

  /**
   * Opens the report of what succeeded and what else was printed last, unless somebody chose a file or follows one. What is
   * open is read again: its last lines may have come with the end of the job.
   */
  async choose() {
    const keep = this.files.chosen || (this.files.open && !this.running);
    const best = keep ? null : this.telling(this.files.items.filter((file) => file.bytes > 0));
    if (best && best.path !== this.files.open) await this.files.show(best.path);
    else if (this.files.open) await this.files.tail();
  }

  telling(files) {
    const printed = files.findLast((file) => /stderr|stdout|logs/.test(file.path));
    const report = files.findLast((file) => /report\.json$/.test(file.path)) ?? files.findLast((file) => /evaluation\.json$/.test(file.path));
    return (this.body.job.line.status === 'SUCCEEDED' ? report ?? printed : printed ?? report) ?? files[0];
  }

  async changed(what) { if (what.jobs) await this.load(); }
  close() { clearInterval(this.clock); this.files.close(); }
  get running() { return this.body?.job.line.status === 'RUNNING'; }

  async cancel() {
    if (!confirm('Cancel this job? What its agent does now is thrown away.')) return;
    try { await send('POST', this.app.api(`/jobs/${this.id}/cancel`)); this.app.say('Cancelled'); await this.load(); this.app.refresh(); } catch (error) { this.app.say(error.message); }
  }

  async requeue() {
    try { const { job } = await send('POST', this.app.api(`/jobs/${this.id}/requeue`)); this.app.say('Queued again'); this.app.go(this.app.link('jobs', job)); } catch (error) { this.app.say(error.message); }
  }

  view() {
    if (!this.body) return html`<div class="head"><h1>Job</h1></div>`;
    const { job, stages, advice } = this.body;
    const { line } = job;
    const open = ['PENDING', 'QUEUED', 'RUNNING'].includes(line.status);
    return html`<div class="head"><h1>${line.draw === null ? `The ${words(line.kind)} job` : `Job ${line.draw + 1}`}</h1>${badge(line.status)}
      <span class="soft">${words(line.kind)} · created ${when(line.created_at)}${line.attempt > 1 ? ` · ${line.attempt} attempts` : ''}</span>
      <div class="tools">${open && this.app.mayOperate ? html`<button class="button danger" @click=${() => this.cancel()}>Cancel</button>` : nothing}${this.app.mayOperate && ['FAILED', 'CANCELLED'].includes(line.status) ? html`<button class="button" @click=${() => this.requeue()}>Queue again</button>` : nothing}</div></div>
      ${line.failure_kind ? html`<div class="note-box bad" role="alert"><strong>${words(line.failure_kind)}</strong>. ${advice}<pre class="text error" tabindex="0">${output(job.error)}</pre></div>` : nothing}
      <div class="grid two"><div class="stack">${this.timeline(stages)}<section class="panel"><header><h2>Files of its attempts</h2></header>${this.files.view(this.running)}</section></div>
      <div class="stack">${this.facts(job)}${this.result(job)}${this.brief(job)}</div></div>`;
  }

  timeline(stages) {
    if (!stages.length) return html`<section class="panel"><header><h2>Timeline</h2></header><p class="empty">No stage has begun.</p></section>`;
    const until = (stage) => Math.max(new Date(stage.started_at), stage.ended_at ? new Date(stage.ended_at) : this.running ? now() : 0);
    const start = Math.min(...stages.map((stage) => new Date(stage.started_at).getTime()));
    const end = Math.max(...stages.map(until), start + 1);
    const attempts = [...new Set(stages.map((stage) => stage.attempt))];
    const share = (at) => (100 * (at - start)) / (end - start);
    return html`<section class="panel"><header><h2>Timeline</h2><span class="soft">${duration((end - start) / 1000)} from the first stage’s start</span></header>
      <div class="gantt">${attempts.map((attempt) => html`<span class="soft">attempt ${attempt}</span><div class="track">${stages.filter((stage) => stage.attempt === attempt).map((stage) => {
    const from = new Date(stage.started_at).getTime(); const to = until(stage);
    return html`<span class="span ${stage.outcome === 'FAILED' ? 'failed' : words(stage.stage)}" title="${words(stage.stage)}, ${duration((to - from) / 1000)}" .style=${`left:${share(from)}%;width:${Math.max(0.4, share(to) - share(from))}%`}>${words(stage.stage)} ${duration((to - from) / 1000)}</span>`;
  })}</div>`)}</div>
      <div class="scroll"><table><thead><tr><th>stage</th><th>by</th><th>outcome</th><th class="num">took</th><th class="num">calls</th><th class="num">tokens in</th><th class="num">out</th><th class="num">cost</th></tr></thead><tbody>
      ${stages.map((stage) => html`<tr><td>${attempts.length > 1 ? `${stage.attempt}. ` : ''}${words(stage.stage)}</td><td class="wrap">${visible(stage.agent ?? 'evaluator')} <span class="soft">${visible(stage.model ?? '')}</span></td>
        <td>${stage.outcome ? badge(stage.outcome) : this.running && stage.attempt === attempts.at(-1) ? badge('RUNNING') : html`<span class="soft">its worker died</span>`}</td><td class="num">${duration(between(stage.started_at, stage.ended_at))}</td><td class="num">${stage.calls || '–'}</td>
        <td class="num">${stage.input_tokens ? count(stage.input_tokens) : '–'}</td><td class="num">${stage.output_tokens ? count(stage.output_tokens) : '–'}</td><td class="num">${stage.calls ? dollars(stage.cost_usd) : '–'}</td></tr>
        ${stage.message && stage.message !== this.body.job.error ? html`<tr><td colspan="8"><pre class="text" tabindex="0">${output(stage.message)}</pre></td></tr>` : nothing}`)}</tbody></table></div></section>`;
  }

  facts({ line, ...job }) {
    const commit = (hash) => html`<a class="hash" href=${this.app.link('commits', hash)}>${short(hash)}</a> `;
    return html`<section class="panel"><header><h2>Facts</h2></header><dl class="facts">
      <dt>base</dt><dd>${line.base ? commit(line.base) : '–'}</dd>
      <dt>inspirations</dt><dd>${job.inspirations.length ? job.inspirations.map(commit) : 'none'}</dd>
      <dt>drawn by</dt><dd>${job.sampling_strategy ?? '–'}${job.sampling_radius_used === null ? '' : `, radius ${job.sampling_radius_used}`}${job.sampling_fallback_inspirations ? `, ${job.sampling_fallback_inspirations} from afar` : ''}</dd>
      <dt>island</dt><dd>${line.island ?? '–'}</dd><dt>seed</dt><dd class="mono">${job.seed}</dd><dt>priority</dt><dd>${job.priority}</dd>
      <dt>worker</dt><dd class="mono">${line.worker ?? '–'}</dd><dt>attempts</dt><dd>${line.attempt}${job.lost_attempts ? `, ${job.lost_attempts} lost with their workers` : ''}</dd>
      <dt>started</dt><dd>${moment(line.started_at)}</dd><dt>ended</dt><dd>${moment(line.completed_at)}</dd><dt>id</dt><dd class="mono">${line.id}</dd></dl></section>`;
  }

  result({ line, ...job }) {
    if (!line.result) return nothing;
    return html`<section class="panel"><header><h2>Result</h2></header><dl class="facts"><dt>commit</dt><dd><a class="hash" href=${this.app.link('commits', line.result)}>${short(line.result)}</a> <span class="plain wrap">${visible(line.subject)}</span></dd>
      <dt>${this.app.metric}</dt><dd>${number(line.objective)}</dd><dt>archive</dt><dd>${{ succeeded: 'placed', skipped: 'not placed' }[line.ingestion_status] ?? (words(line.ingestion_status) || 'not offered yet')}${line.cell === null ? '' : ` in cell ${count(line.cell)}`}${job.ingestion_status_code === 1 ? `, better than its elite by ${number(line.ingestion_delta, 4)}` : job.ingestion_status_code === 2 ? ', which was empty' : ''}</dd>
      ${line.ingestion_message || job.ingestion_reason ? html`<dt>said</dt><dd class="plain">${visible(line.ingestion_message ?? job.ingestion_reason)}</dd>` : nothing}</dl></section>`;
  }

  brief(job) {
    const list = (name, items) => (items.length ? html`<h3>${name}</h3><ul class="list">${items.map((item) => html`<li class="plain wrap">${visible(item)}</li>`)}</ul>` : nothing);
    return html`<section class="panel"><header><h2>What was asked</h2></header><p class="plain wrap">${visible(job.goal ?? '')}</p>${job.iteration_hint ? html`<h3>Hint</h3><p class="plain wrap">${visible(job.iteration_hint)}</p>` : nothing}
      ${list('Constraints', job.constraints)}${list('Acceptance', job.acceptance_criteria)}${list('Notes', job.notes)}${job.plan_summary ? html`<h3>Plan</h3><p class="plain wrap">${visible(job.plan_summary)}</p>` : nothing}</section>`;
  }
}
