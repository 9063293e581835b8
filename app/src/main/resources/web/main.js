// The frame: which experiment, which page, what changed. Pages are modules that are loaded when they are first opened.
import { html, nothing, render } from 'lit-html';
import { get, send, ApiError } from './api.js';
import { options } from './format.js';
import { Live } from './live.js';

const PAGES = [
  ['overview', 'Overview'], ['archive', 'Archive'], ['lineage', 'Lineage'], ['commits', 'Commits'], ['compare', 'Compare'],
  ['jobs', 'Jobs'], ['agents', 'Agents'], ['system', 'System'],
];
const DETAIL = { commits: 'commit', jobs: 'job' };
const FIRST = 2000; // milliseconds from a look for the first experiment to the next
const root = document.getElementById('app');

const app = {
  experiments: [], experiment: null, page: null, name: '', error: null, gate: false, refused: null, toast: null, role: 'READ',
  go(path, replace = false) { history[replace ? 'replaceState' : 'pushState'](null, '', path); open(); },
  /** Puts filters into the address without opening the page anew. */
  remember(query) { history.replaceState(null, '', location.pathname + (query ? '?' + query : '')); },
  refresh() { if (!frame) frame = requestAnimationFrame(draw); },
  link(...parts) { return `/e/${this.experiment.id}/${parts.join('/')}`; },
  api(path = '') { return `/experiments/${this.experiment.id}${path}`; },
  say(text) { this.toast = text; this.refresh(); clearTimeout(app.timer); app.timer = setTimeout(() => { app.toast = null; app.refresh(); }, 3500); },
  fail(error) { app.error = error; if (error instanceof ApiError && error.status === 401) app.gate = true; else if (!(error instanceof ApiError)) console.error(error); app.refresh(); },
  /** Waits for what a page was asked for. An answer takes back the error of an earlier question; what comes after the page was left is dropped. */
  async ask(answer) {
    const { page, error: before } = this;
    try { await answer; } catch (error) { if (page === this.page) this.fail(error); return; }
    if (page !== this.page) return;
    if (this.error === before) this.error = null;
    this.refresh();
  },
  /** The objective's own direction: whether more is better. */
  get higher() { return this.experiment?.objective?.direction !== 'minimize'; },
  get metric() { return this.experiment?.objective?.metric ?? 'objective'; },
  /** Whether more of a metric is better: as the settings say, or else its evaluator. */
  isHigherBetter(metric) { return metric === this.metric ? this.higher : this.experiment?.directions?.[metric] !== 'minimize'; },
  get mayOperate() { return this.role === 'OPERATE'; },
};
let frame = 0;
let opening = 0;
const live = new Live(tell, () => app.refresh());
/** Of the server or the way to it, and not of what was asked for. */
const passing = (error) => !(error instanceof ApiError) || error.status >= 500;

function theme(next) {
  if (next) localStorage.setItem('theme', next);
  const stored = localStorage.getItem('theme');
  const dark = stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  app.page?.themed?.();
  return dark;
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { theme(); app.refresh(); });

async function open() {
  const mine = ++opening;
  const [, scope, id, name, ...rest] = location.pathname.split('/').map(decodeURIComponent);
  try {
    const inside = scope === 'e';
    const wanted = name || 'overview';
    const file = rest[0] && DETAIL[wanted] ? DETAIL[wanted] : wanted;
    if (inside && !PAGES.some(([known]) => known === wanted)) throw new ApiError(404, { detail: `There is no page “${wanted}”.` });
    // All at once: one after the other, they take most of the time until a page is there.
    const [experiment, module] = await Promise.all([
      inside && app.experiment?.id !== id ? get(`/experiments/${id}`) : null,
      inside ? import(`./pages/${file}.js`) : null,
      app.experiments.length ? null : enroll(),
    ]);
    if (!inside) {
      if (app.experiments.length) return app.go(`/e/${app.experiments[0].id}/overview`, true);
      live.follow(null); app.experiment = null; app.page?.close?.(); app.page = null; app.error = null;
      setTimeout(lookAgain, FIRST);
      return app.refresh();
    }
    if (mine !== opening) return;
    if (experiment) { app.experiment = experiment; live.follow(id); }
    const { Page } = module;
    app.page?.close?.();
    app.error = null;
    app.name = wanted;
    app.page = new Page(app, rest[0], new URLSearchParams(location.search));
    document.title = `${app.page.title ?? PAGES.find(([known]) => known === wanted)[1]} · ${app.experiment.name} · Loreley`;
    app.refresh();
    requestAnimationFrame(showTab);
    await app.page.load();
    if (mine === opening) app.refresh();
  } catch (error) {
    if (mine !== opening) return;
    app.page = error instanceof ApiError ? null : app.page;
    app.fail(error);
    if (passing(error)) setTimeout(() => { if (mine === opening) open(); }, 3000);
  }
}

/** Whether there is an experiment by now. */
function lookAgain() {
  if (app.experiment || app.gate) return;
  if (document.hidden) { setTimeout(lookAgain, FIRST); return; }
  app.experiments = [];
  open();
}

/** Who we are, and what there is: known even where the experiment of the address is not. */
async function enroll() {
  const [session, experiments] = await Promise.all([get('/session'), get('/experiments')]);
  app.role = session.role;
  app.cookie = session.cookie;
  app.experiments = experiments.items;
  app.refresh();
}

/** Metrics and their directions are known when the first commit is measured, other experiments when they begin. */
async function renew() {
  const { id } = app.experiment;
  const [experiment, experiments] = await Promise.all([get(`/experiments/${id}`), get('/experiments')]);
  app.experiments = experiments.items;
  if (app.experiment?.id === id) app.experiment = experiment;
}

/** Has the page ask for what changed; whether asking again would tell no more. */
async function tell(what) {
  try {
    if (!app.experiment) return true;
    if (what.archive) await renew();
    await app.page?.changed?.(what);
    if (app.page && app.error && passing(app.error)) app.error = null;
    app.refresh();
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) app.fail(error); // away: the badge says so
    return !passing(error);
  }
}

async function enter(event) {
  event.preventDefault();
  const secret = new FormData(event.target).get('token');
  try {
    await send('POST', '/session', undefined, { Authorization: `Bearer ${secret}` });
    app.gate = false; app.error = null; app.refused = null; app.experiment = null; app.experiments = [];
    open();
  } catch (error) { app.refused = error.message; app.refresh(); }
}

async function leave() {
  try { await send('DELETE', '/session'); } catch (error) { app.say(error.message); return; }
  live.follow(null);
  app.page?.close?.();
  Object.assign(app, { page: null, gate: true, cookie: false });
  app.refresh();
}

const gate = () => html`<div class="gate"><form class="panel" @submit=${enter}>
  <div class="brand"><img src="/assets/loreley.svg" alt="">Loreley</div>
  <p class="soft">This server asks for a token. Make one on its machine with <code>loreley token create NAME</code>.</p>
  <label class="sr" for="token">Token</label><input id="token" name="token" type="password" autocomplete="current-password" placeholder="Token" required>
  ${app.refused ? html`<p class="bad" role="alert">${app.refused}</p>` : nothing}
  <button class="button main-action">Open</button></form></div>`;

const nav = () => html`<nav class="nav" aria-label="Pages">${PAGES.map(([name, label]) => html`
  <a href=${app.link(name)} aria-current=${app.name === name ? 'page' : nothing}>${label}</a>`)}</nav>`;

/** On a phone the row of pages is wider than the screen. */
const showTab = () => root.querySelector('.nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

const side = () => html`<div class="side">
  <div class="top"><a class="brand" href="/"><img src="/assets/loreley.svg" alt=""><span>Loreley</span></a></div>
  <div class="pick"><label class="sr" for="experiment">Experiment</label>
  <select id="experiment" class="clip" @change=${(event) => app.go(`/e/${event.target.value}/${app.name || 'overview'}`)}>
    ${options(app.experiments.map((each) => [each.id, each.name]), app.experiment?.id)}</select></div>
  ${app.experiment ? nav() : nothing}
  <div class="foot"><span class="status badge ${live.connected ? 'good live' : ''}"><i class="dot"></i>${live.connected ? 'live' : 'waiting'}</span>
    ${app.cookie ? html`<button class="button" @click=${leave}>Sign out</button>` : nothing}
    <button class="button" aria-label="Switch between light and dark" @click=${() => { theme(theme() ? 'light' : 'dark'); app.refresh(); }}>◐</button></div></div>`;

const welcome = () => html`<div class="head"><h1>No experiment yet</h1></div>
  <div class="panel"><p>Start one, and it appears here while it runs:</p><div class="copy"><code>loreley run examples/circle-packing</code></div></div>`;

const body = () => {
  const failed = app.error ? html`<div class="note-box bad" role="alert">${app.error.message}</div>` : nothing;
  if (!app.experiment) return html`${failed}${app.error ? nothing : welcome()}`;
  return html`${failed}${app.page ? app.page.view() : nothing}`;
};

function draw() {
  frame = 0;
  if (app.gate) { render(gate(), root); return; }
  render(html`<a class="skip" href="#main">To the page</a><div class="frame">${side()}<main class="main" id="main" tabindex="-1">${body()}</main></div>
    ${app.toast ? html`<div class="toast" role="status">${app.toast}</div>` : nothing}`, root);
  app.page?.drawn?.(root);
}

addEventListener('popstate', open);
addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="/"]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target || link.hasAttribute('download')) return;
  event.preventDefault();
  app.go(link.getAttribute('href'));
  if (!link.closest('.nav')) scrollTo(0, 0);
});
// g, then the first letter of a page: as in the tools that people of the command line know.
let chord = 0;
addEventListener('keydown', (event) => {
  if (event.target.closest('input, select, textarea') || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === 'g') { chord = Date.now(); return; }
  if (Date.now() - chord > 1200 || !app.experiment) return;
  const key = { o: 'overview', a: 'archive', l: 'lineage', c: 'commits', j: 'jobs', s: 'system' }[event.key];
  if (key) { chord = 0; app.go(app.link(key)); }
});

theme();
draw();
open();
