import { html, nothing } from 'lit-html';
import { all, get, send } from '../api.js';
import { chart } from '../chart.js';
import { token } from '../colour.js';
import { STAGES, between, count, dollars, duration, now, number, percent, short, signed, visible, when, words } from '../format.js';

/** Where most values and the root are: the worst few do not flatten the rest, unless they are near. */
function focus(values, higher, root) {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length < 12) return null;
  const [low, high] = [sorted[0], sorted.at(-1)];
  const cut = higher ? Math.min(sorted[Math.floor(sorted.length * 0.04)], root ?? high) : Math.max(sorted[Math.ceil(sorted.length * 0.96) - 1], root ?? low);
  const kept = higher ? high - cut : cut - low;
  return kept > 0 && kept < (high - low) * 0.5 ? (higher ? [cut, high] : [low, cut]) : null;
}

const MANY = 1500; // points that are drawn smaller

export class Page {
  constructor(app, _, query) {
    this.app = app;
    this.over = query.get('over') === 'time' ? 'time' : 'commits';
    this.clock = setInterval(() => app.refresh(), 1000);
  }

  async load() {
    const { status, progress, controls } = await all({ status: get(this.app.api('/status')), progress: get(this.app.api('/progress')), controls: get(this.app.api('/controls')) });
    this.controls = controls;
    this.status = status;
    this.read = Date.now();
    this.progress = progress;
    this.stale = true;
  }

  changed() { return this.load(); }
  themed() { this.host = null; }
  close() { clearInterval(this.clock); this.chart?.close(); }

  view() {
    const { app, status } = this;
    const head = html`<div class="head"><h1>${app.experiment.name}</h1>
      ${status?.live || status?.state === 'RUNNING' ? html`<span class="badge run live"><i class="dot"></i>${status.live ? 'running here' : 'running'}</span>` : nothing}
      ${status?.state === 'IDLE' ? html`<span class="badge" title="Nobody works on it now">idle</span>` : nothing}
      ${this.controls?.paused ? html`<span class="badge warn"><i class="dot"></i>paused</span>` : nothing}
      <span class="soft">${app.higher ? 'maximise' : 'minimise'} <span class="mono">${app.metric}</span></span>
      ${app.mayOperate && this.controls ? html`<div class="tools"><button class="button" id="pause" @click=${() => this.order(this.controls.paused ? '/resume' : '/pause')}>${this.controls.paused ? 'Resume' : 'Pause'}</button></div>` : nothing}
      <p class="what plain">${visible(app.experiment.goal)}</p></div>`;
    if (!status) return head;
    return html`${head}${this.tiles()}
      <div class="grid two"><div class="stack">${this.progressPanel()}${this.improvements()}</div>
      <div class="stack">${this.running()}${this.failures()}${this.islands()}${this.hints()}</div></div>`;
  }

  /** Seconds that a run here has gone on since its clocks were read. */
  since() { return this.status.live ? (Date.now() - this.read) / 1000 : 0; }

  tiles() {
    const { status: s, app } = this;
    const elapsed = s.elapsed_seconds + this.since();
    const gain = s.best && s.root ? s.best.value - s.root.value : null;
    const done = s.jobs.succeeded + s.jobs.failed + s.jobs.cancelled;
    const rate = elapsed > 0 ? (done / elapsed) * 60 : null;
    const tile = (name, value, note, title) => html`<div class="tile"><div class="name">${name}</div><div class="value" title=${title ?? nothing}>${value}</div><div class="note">${note}</div></div>`;
    return html`<section class="tiles" aria-label="Key figures">
      ${tile(`best ${app.metric}`, s.best ? html`<a href=${app.link('commits', s.best.commit)}>${number(s.best.value)}</a>` : '–',
        gain === null ? 'not measured yet' : html`<span class=${(gain > 0) === app.higher && gain !== 0 ? 'good' : ''}>${signed(gain)}</span> · root ${number(s.root.value, 5)}`)}
      ${tile('coverage', percent(s.archive.coverage), `${count(s.archive.elites)} of ${count(s.archive.cells)} cells`)}
      ${tile('QD score', number(s.archive.qd_score, 5), 'sum over the elites')}
      ${tile('jobs', count(done), html`${count(s.jobs.running)} running · ${count(s.jobs.queued + s.jobs.pending)} waiting`)}
      ${tile('rate', rate === null ? '–' : html`${number(rate, 3)}<small class="faint"> /min</small>`, `over ${duration(elapsed)}`)}
      ${tile('spent', dollars(s.spent.cost_usd), s.spent.calls ? `${count(s.spent.calls)} calls${s.spent.unpriced_calls ? `, ${count(s.spent.unpriced_calls)} unpriced` : ''}` : 'no paid call')}
      ${this.budget()}</section>`;
  }

  budget() {
    const { budget } = this.status;
    const parts = [];
    if (budget.job_limit) parts.push([`${count(Math.max(0, budget.job_limit - budget.drawn))}`, `of ${count(budget.job_limit)} jobs left`, budget.drawn / budget.job_limit]);
    if (budget.cost_limit) parts.push([dollars(Math.max(0, budget.cost_limit - this.status.spent.cost_usd)), `of ${dollars(budget.cost_limit)} left`, this.status.spent.cost_usd / budget.cost_limit]);
    if (budget.token_limit) { const used = this.status.spent.input_tokens + this.status.spent.output_tokens; parts.push([count(Math.max(0, budget.token_limit - used)), `of ${count(budget.token_limit)} tokens left`, used / budget.token_limit]); }
    const used = budget.seconds_used + this.since();
    if (budget.seconds_limit) parts.push([duration(Math.max(0, budget.seconds_limit - used)), `of ${duration(budget.seconds_limit)} left`, used / budget.seconds_limit]);
    if (!parts.length) return html`<div class="tile"><div class="name">drawn</div><div class="value">${count(budget.drawn)}</div><div class="note">no budget known here</div></div>`;
    const [value, note] = parts.sort((a, b) => b[2] - a[2])[0];
    return html`<div class="tile"><div class="name">budget</div><div class="value">${value}</div><div class="note">${note}</div></div>`;
  }

  progressPanel() {
    const pick = (over) => html`<button aria-pressed=${String(this.over === over)} @click=${() => { this.over = over; this.stale = true; this.app.remember(over === 'time' ? 'over=time' : ''); this.app.refresh(); }}>${over}</button>`;
    return html`<section class="panel"><header><h2>Objective</h2>
      <div class="legend"><span><span class="dot-key">●</span> measured commits</span><span class="gold-key">━ best so far</span><span>┄ root</span>${this.status.noise?.deviation ? html`<span title=${`A measurement of the root lies within ± ${number(this.status.noise.deviation, 3)}, from ${this.status.noise.samples} samples`}><span class="band-key"></span> noise ± ${number(this.status.noise.deviation, 3)}</span>` : nothing}</div>
      <div class="tools"><button class="chip" aria-pressed=${String(!!this.whole)} title="Also the values far below the rest" @click=${() => { this.whole = !this.whole; this.stale = true; this.app.refresh(); }}>whole range</button><div class="segments" role="group" aria-label="Horizontal axis">${pick('commits')}${pick('time')}</div></div></header>
      <div class="chart" id="progress" role="img" aria-label=${this.told()}></div></section>`;
  }

  told() {
    const { best, root } = this.status;
    return `The objective ${this.app.metric} of every measured commit. ${root ? `The root has ${number(root.value)}.` : ''} ${best ? `The best has ${number(best.value)}.` : ''}`;
  }

  /** What is drawn: of every measured commit its value, the best until then, the root, and the noise of a measurement. */
  columns() {
    const { number: numbers, at, value, accepted } = this.progress;
    const better = this.app.higher ? Math.max : Math.min;
    let best = null;
    const line = value.map((each, i) => { if (accepted?.[i] ?? 1) best = best === null ? each : better(best, each); return best; });
    const rootValue = this.status.root?.value ?? null;
    const noise = this.status.noise?.deviation;
    const band = noise ? [1, -1].map((sign) => line.map((each) => (each === null ? null : each + sign * noise))) : [];
    return [this.over === 'time' ? at : numbers, value, line, value.map(() => rootValue), ...band];
  }

  drawn(root) {
    const host = root.querySelector('#progress');
    if (!host || !this.progress || (!this.stale && host === this.host)) return;
    const columns = this.columns();
    const shape = `${this.over} ${columns.length} ${this.progress.value.length > MANY}`;
    const range = this.whole ? null : focus(this.progress.value, this.app.higher, this.status.root?.value);
    if (host !== this.host || shape !== this.shape) this.plot(host, columns, range);
    else this.chart.set(columns, range);
    Object.assign(this, { host, shape, stale: false });
  }

  plot(host, columns, range) {
    this.chart?.close();
    const bands = columns.length > 4;
    this.chart = chart(host, columns, {
      time: this.over === 'time', height: 330, across: this.over === 'time' ? null : 'measured commits, counted from the root', range, values: (tick) => number(tick, 6),
      series: [
        { label: 'commit', kind: 'points', colour: token('accent') + '66', size: this.progress.value.length > MANY ? 3 : 5 },
        { label: 'best', kind: 'steps', colour: token('gold'), width: 2 },
        { label: 'root', kind: 'line', colour: token('faint'), dash: [5, 4], width: 1.2 },
        ...(bands ? [1, 2].map((edge) => ({ label: `noise ${edge}`, kind: 'steps', colour: 'transparent', width: 0 })) : []),
      ],
      bands: bands ? [{ series: [4, 5], fill: token('gold') + '33' }] : [],
      tell: (i) => this.point(i),
      open: (i) => this.app.go(this.app.link('commits', this.progress.commit[i])),
    });
  }

  point(i) {
    const { number: numbers, value, commit, accepted } = this.progress;
    return [`${this.app.metric} ${number(value[i])}`, `${commit[i]} · ${numbers[i] ? `commit ${count(numbers[i])}` : 'the first'}`, ...(accepted?.[i] ?? 1 ? [] : ['may not compete'])];
  }

  improvements() {
    const steps = [...this.status.history].sort((a, b) => new Date(b.at) - new Date(a.at)).slice(0, 8);
    const { history } = this.status;
    if (!steps.length) return nothing;
    const before = (step) => { const i = history.indexOf(step); return i > 0 ? history[i - 1].value : null; };
    return html`<section class="panel"><header><h2>Improvements of the best</h2><span class="soft">${count(history.length)} in all</span></header>
      <div class="scroll"><table><thead><tr><th class="num">job</th><th class="num">${this.app.metric}</th><th class="num">gain</th><th>when</th></tr></thead><tbody>
      ${steps.map((step) => html`<tr><td class="num">${step.job ? count(step.job) : 'root'}</td><td class="num">${number(step.value)}</td>
        <td class="num">${before(step) === null ? '' : html`<span class="good">${signed(step.value - before(step))}</span>`}</td><td>${when(step.at)}</td></tr>`)}</tbody></table></div></section>`;
  }

  running() {
    const { running } = this.status;
    return html`<section class="panel"><header><h2>At work now</h2><span class="soft">${count(running.length)}</span></header>
      ${running.length ? html`<ul class="list">${running.slice(0, 12).map((job) => html`<li class="row">
        <span class="badge run live"><i class="dot"></i>${STAGES[job.stage] ?? words(job.stage) ?? 'starting'}</span>
        <a class="hash" href=${this.app.link('jobs', job.id)}>${job.draw === null ? words(job.kind) : `job ${job.draw + 1}`}</a>
        <span class="soft clip">on <a class="hash" href=${this.app.link('commits', job.base)}>${short(job.base).slice(0, 8)}</a></span>
        <span class="push faint">${duration(between(job.started_at, now()))}</span></li>`)}</ul>`
    : html`<p class="empty">Nothing runs. ${this.status.jobs.queued + this.status.jobs.pending ? 'Jobs wait for a worker.' : ''}</p>`}</section>`;
  }

  failures() {
    const kinds = Object.entries(this.status.failures).sort((a, b) => b[1] - a[1]);
    if (!kinds.length) return nothing;
    const most = kinds[0][1];
    return html`<section class="panel"><header><h2>Failures by kind</h2><span class="soft">${count(this.status.jobs.failed)}</span></header>
      <div class="bars">${kinds.map(([kind, n]) => html`
        <a href=${this.app.link('jobs') + `?status=FAILED&failure=${kind}`}>${words(kind)}</a><div class="bar"><i class="bad" .style=${`width:${(100 * n) / most}%`}></i></div><span>${count(n)}</span>`)}</div></section>`;
  }

  async order(path, method = 'POST', body = undefined) {
    try { await send(method, this.app.api(path), body); await this.load(); this.app.refresh(); } catch (error) { this.app.say(error.message); }
  }

  hints() {
    const { hints } = this.controls;
    if (!hints.length && !this.app.mayOperate) return nothing;
    const say = (event) => { event.preventDefault(); const { text } = event.target.elements; this.order('/hints', 'POST', { text: text.value }).then(() => { text.value = ''; }); };
    return html`<section class="panel"><header><h2>Hints to the agents</h2>${hints.length && this.app.mayOperate ? html`<div class="tools"><button class="link" @click=${() => this.order('/hints', 'DELETE')}>take all back</button></div>` : nothing}</header>
      ${hints.length ? html`<ul class="list">${hints.map((hint) => html`<li class="plain wrap">${visible(hint.text)} <span class="faint">${hint.island ?? 'every island'}, ${when(hint.since)}</span></li>`)}</ul>` : html`<p class="soft">What every prompt says from now on.</p>`}
      ${this.app.mayOperate ? html`<form class="row" @submit=${say}><label class="sr" for="hint">A hint</label><input type="text" id="hint" name="text" class="grow" maxlength="4000" required placeholder="Try …"><button class="button">Say</button></form>` : nothing}</section>`;
  }

  islands() {
    return html`<section class="panel"><header><h2>Archive</h2><div class="tools"><a href=${this.app.link('archive')}>open the map</a></div></header>
      <div class="scroll"><table><thead><tr><th>island</th><th class="num">elites</th><th class="num">best</th><th class="num">QD score</th></tr></thead><tbody>
      ${this.status.islands.map((each) => html`<tr><td><a href=${this.app.link('archive') + `?island=${encodeURIComponent(each.island)}`}>${each.island}</a></td>
        <td class="num">${count(each.occupied)}</td><td class="num">${number(each.best, 6)}</td><td class="num">${number(each.qd_score, 5)}</td></tr>`)}</tbody></table></div></section>`;
  }
}

