import { html } from 'lit-html';
import { get } from '../api.js';
import { count, dollars, duration, percent, visible, words } from '../format.js';

export class Page {
  constructor(app) { this.app = app; }
  async load() { this.all = await get(this.app.api('/agents')); }
  changed() { return this.load(); }

  view() {
    if (!this.all) return html`<div class="head"><h1>Agents</h1></div>`;
    const { arms, spent } = this.all;
    const tile = (name, value, note) => html`<div class="tile"><div class="name">${name}</div><div class="value">${value}</div><div class="note">${note}</div></div>`;
    return html`<div class="head"><h1>Agents</h1><span class="soft">who did what, how long it took and what it cost</span></div>
      <section class="tiles" aria-label="Spent">${tile('spent', dollars(spent.cost_usd), spent.unpriced_calls ? `${count(spent.unpriced_calls)} calls without a price` : 'every known price')}${tile('calls', count(spent.calls), 'to models')}${tile('tokens in', count(spent.input_tokens), 'cached ones included')}${tile('tokens out', count(spent.output_tokens), '')}</section>
      <section class="panel"><header><h2>By stage, agent and model</h2><div class="tools"><a class="button" download href="/api/v1${this.app.api('/export/stages.csv')}">CSV</a></div></header>
      <div class="scroll"><table><thead><tr><th>stage</th><th>agent</th><th>model</th><th class="num">stages</th><th>succeeded</th><th class="num">placed</th><th class="num">average</th><th class="num">calls</th><th class="num">tokens in</th><th class="num">out</th><th class="num">cost</th><th class="num">per placed</th></tr></thead><tbody>
      ${arms.map((arm) => html`<tr><td>${words(arm.stage)}</td><td>${visible(arm.agent ?? 'evaluator')}</td><td>${visible(arm.model ?? '–')}</td><td class="num">${count(arm.stages)}</td>
        <td><div class="row"><div class="bar meter"><i class="fill" .style=${`width:${arm.stages ? (100 * arm.succeeded) / arm.stages : 0}%`}></i></div><span class="soft">${percent(arm.stages ? arm.succeeded / arm.stages : 0, 0)}</span></div></td>
        <td class="num">${count(arm.placed)}</td><td class="num">${duration(arm.stages ? arm.seconds / arm.stages : 0)}</td><td class="num">${arm.calls ? count(arm.calls) : '–'}</td><td class="num">${arm.calls ? count(arm.input_tokens) : '–'}</td><td class="num">${arm.calls ? count(arm.output_tokens) : '–'}</td>
        <td class="num">${arm.calls ? dollars(arm.cost_usd) : '–'}</td><td class="num">${arm.calls && arm.placed ? dollars(arm.cost_usd / arm.placed) : '–'}</td></tr>`)}</tbody></table></div>
      ${arms.length ? '' : html`<p class="empty">No stage has run yet.</p>`}<p class="faint">Placed: jobs whose commit entered the archive, new in its cell or better than what it held.</p></section>`;
  }
}
