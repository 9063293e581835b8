import { html, nothing } from 'lit-html';
import { all, get } from '../api.js';
import { badge, bytes, count, options, output, visible, when } from '../format.js';

export class Page {
  constructor(app) { this.app = app; this.timer = setInterval(() => { if (!document.hidden) app.ask(this.load()); }, 5000); }
  close() { clearInterval(this.timer); }

  async load() {
    const found = await all({ system: get('/system'), logs: get('/logs'), controls: get(this.app.api('/controls')) });
    this.audit = found.controls.audit;
    this.system = found.system;
    this.logs = found.logs.items;
    if (this.log) await this.read();
  }

  show(name) { this.log = name; this.app.ask(this.read()); }

  async read() {
    const { log } = this;
    const { lines } = await get(`/logs/${encodeURIComponent(log)}`);
    if (log === this.log) this.lines = lines;
  }

  view() {
    const s = this.system;
    if (!s) return html`<div class="head"><h1>System</h1></div>`;
    return html`<div class="head"><h1>System</h1><span class="soft">this machine and its database</span></div>
      <div class="grid half">
      <section class="panel"><header><h2>Checks</h2></header><ul class="list">${s.checks.map((check) => html`<li><div class="row">${badge(check.outcome)}<strong>${check.name}</strong><span class="soft wrap">${check.detail}</span></div>${check.advice ? html`<p>${check.advice}</p>` : nothing}</li>`)}</ul></section>
      <section class="panel"><header><h2>Database and disk</h2></header><dl class="facts"><dt>PostgreSQL</dt><dd>${s.database.version}</dd><dt>at</dt><dd class="mono">${s.database.url}</dd><dt>schema</dt><dd>version ${s.database.schema}</dd><dt>size</dt><dd>${s.database.size}</dd><dt>connections</dt><dd>${s.database.connections}</dd>
        <dt>disk</dt><dd>${bytes(s.disk.free_bytes)} free of ${bytes(s.disk.total_bytes)}</dd><dt>this server</dt><dd>${bytes(s.memory_bytes)} in use, ${count(s.streams)} live ${s.streams === 1 ? 'view' : 'views'}</dd></dl></section>
      <section class="panel"><header><h2>Workers</h2><span class="soft">of the last day</span></header>${s.workers.length ? html`<div class="scroll"><table><thead><tr><th>worker</th><th class="num">slots</th><th>state</th><th>version</th><th>last seen</th></tr></thead><tbody>${s.workers.map((w) => html`<tr><td class="mono">${w.who.name}${w.who.labels.length ? html` <span class="soft">${w.who.labels.join(', ')}</span>` : nothing}</td><td class="num">${count(w.who.slots)}</td><td>${w.stopped_at ? html`<span class="soft">stopped</span>` : !w.alive ? html`<span class="badge bad">lost</span>` : w.draining ? html`<span class="badge warn">draining</span>` : html`<span class="badge good">alive</span>`}</td><td class="soft">${w.who.version}</td><td>${when(w.last_seen_at)}</td></tr>`)}</tbody></table></div>` : html`<p class="empty">None.</p>`}</section>
      <section class="panel"><header><h2>Leases</h2><span class="soft">entries of the queue that a worker holds</span></header>${s.leases.length ? html`<div class="scroll"><table><thead><tr><th>job</th><th>holder</th><th>heartbeat</th></tr></thead><tbody>${s.leases.map((l) => html`<tr><td class="hash">${l.job.slice(0, 8)}</td><td class="mono">${l.holder}</td><td>${when(l.heartbeat)}</td></tr>`)}</tbody></table></div>` : html`<p class="empty">None is held.</p>`}</section>
      <section class="panel"><header><h2>Settings of the machine</h2></header><dl class="facts">${Object.entries(s.settings).map(([name, value]) => html`<dt>${name}</dt><dd class="mono">${value}</dd>`)}</dl></section>
      <section class="panel"><header><h2>Settings of the experiment</h2><span class="soft mono">${this.app.experiment.config_hash.slice(0, 12)}</span></header><pre class="text" tabindex="0">${visible(JSON.stringify(this.app.experiment.settings, null, 2))}</pre></section></div>
      <section class="panel second"><header><h2>Audit trail</h2><span class="soft">orders that people gave</span></header>${this.audit.length ? html`<div class="scroll"><table><thead><tr><th>when</th><th>who</th><th>what</th><th>to</th><th>details</th></tr></thead><tbody>${this.audit.map((entry) => html`<tr><td>${when(entry.at)}</td><td class="mono">${visible(entry.actor)}</td><td>${entry.action}</td><td class="mono wrap">${visible(entry.target ?? '')}</td><td class="plain wrap">${visible(entry.details ?? '')}</td></tr>`)}</tbody></table></div>` : html`<p class="empty">Nobody has given an order.</p>`}</section>
      <section class="panel second"><header><h2>Logs</h2><div class="tools"><label class="field">file <select @change=${(e) => e.target.value && this.show(e.target.value)}>${options([['', 'choose'], ...this.logs.map((file) => [file.name, `${file.name} · ${bytes(file.bytes)}`])], this.log ?? '')}</select></label></div></header>
      ${this.lines ? html`<pre class="text" tabindex="0">${output(this.lines.join('\n'))}</pre>` : html`<p class="soft">Choose a log file to see its end.</p>`}</section>`;
  }
}
