// The files of a job: what its attempts were asked, printed and reported, followed while it runs.
import { html, nothing } from 'lit-html';
import { get } from './api.js';
import { bytes, output, visible } from './format.js';

export class Files {
  constructor(app, job) {
    this.app = app;
    this.job = job;
    this.items = [];
    this.open = null;
    this.part = null;
  }

  url(path) { return `/jobs/${this.job}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`; }

  /** A folder that cannot be read is no reason to show nothing of a job. */
  async load() {
    try {
      this.items = (await get(this.app.api(`/jobs/${this.job}/artifacts`))).items;
      this.failed = null;
    } catch (error) { this.failed = error.message; }
  }

  async text(path) { return (await get(this.app.api(this.url(path)))).text; }

  /** What agents and evaluator said last: another attempt goes on from what an earlier one finished. */
  async reports() {
    const attempt = (path) => Number(/^attempt-(\d+)\//.exec(path)?.[1] ?? 0);
    const of = async (name) => {
      const known = this.items.map((file) => file.path).filter((path) => path === `attempt-${attempt(path)}/${name}`);
      return known.length ? this.text(known.reduce((newest, path) => (attempt(path) > attempt(newest) ? path : newest))) : null;
    };
    const summary = (text) => { const report = parse(text); return report?.summary ?? null; };
    const [plan, code, log] = await Promise.all([of('plan/report.json'), of('code/report.json'), of('evaluation_logs.txt')]);
    return { plan: summary(plan), code: summary(code), log: log ? output(log) : null };
  }

  async show(path) {
    this.rest();
    if (this.closed) return; // its page was left while it was asked for
    this.open = path;
    this.part = null;
    this.timer = setInterval(() => { if (this.follow && !document.hidden) this.tail(); }, 1000);
    await this.tail();
  }

  /** The whole of a small file, the end of a large one; again and again while the job runs. */
  async tail() {
    const path = this.open;
    try {
      const part = await get(this.app.api(this.url(path)), { tail: 262144 });
      if (path !== this.open || (this.part && this.part.bytes === part.bytes)) return;
      this.part = part;
      this.app.refresh();
      requestAnimationFrame(() => { const box = document.querySelector('#file-text'); if (box && this.follow) box.scrollTop = box.scrollHeight; });
    } catch (error) { this.rest(); if (!this.closed) this.app.fail(error); }
  }

  rest() { clearInterval(this.timer); }
  close() { this.closed = true; this.rest(); }

  view(running) {
    this.follow = running;
    if (!this.items.length) return html`<p class="empty">${this.failed ?? 'No file of this job is on this machine.'}</p>`;
    return html`<div class="files"><ul class="list" role="list">${this.items.map((file) => html`<li class="row"><button class="link mono clip plain" aria-pressed=${String(file.path === this.open)} @click=${() => { this.chosen = true; this.show(file.path); }}>${visible(file.path)}</button><span class="push faint">${bytes(file.bytes)}</span></li>`)}</ul>
      <div class="stack">${this.part ? html`<div class="row"><span class="mono wrap plain">${visible(this.open)}</span>${running ? html`<span class="badge run live"><i class="dot"></i>following</span>` : nothing}
        <a class="push" download href="/api/v1${this.app.api(this.url(this.open))}?raw=yes">save</a></div>
        ${this.part.from > 0 ? html`<p class="faint">The first ${bytes(this.part.from)} are not shown.</p>` : nothing}<pre class="text" id="file-text" tabindex="0">${output(pretty(this.open, this.part))}</pre>`
      : html`<p class="soft">Choose a file.</p>`}</div></div>`;
  }
}

/** JSON as people read it, where all of it is there. */
function pretty(path, part) {
  const value = path.endsWith('.json') && part.from === 0 ? parse(part.text) : null;
  return value === null ? part.text : JSON.stringify(value, null, 2);
}

export function parse(text) {
  try { return text ? JSON.parse(text) : null; } catch { return null; /* shown as text elsewhere */ }
}
