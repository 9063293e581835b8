import { html, nothing } from 'lit-html';
import { get } from '../api.js';
import { count, dollars, duration, number, percent, visible, words } from '../format.js';

export class Page {
  constructor(app) { this.app = app; }
  async load() { this.all = await get(this.app.api('/agents')); }
  changed() { return this.load(); }

  view() {
    if (!this.all) return html`<div class="head"><h1>Agents</h1></div>`;
    const { arms, spent } = this.all;
    const tile = (name, value, note) => html`<div class="tile"><div class="name">${name}</div><div class="value">${value}</div><div class="note">${note}</div></div>`;
    return html`<div class="head"><h1>Agents</h1><span class="soft">who did what, how long it took and what it cost</span></div>
      <section class="tiles" aria-label="Spent">${tile('spent', dollars(spent.cost_usd), !spent.calls ? 'no paid call' : spent.unpriced_calls ? `${count(spent.unpriced_calls)} calls without a price` : 'every call is priced')}${tile('calls', count(spent.calls), 'to models')}${tile('tokens in', count(spent.input_tokens), 'cached ones included')}${tile('tokens out', count(spent.output_tokens), 'reasoning included')}</section>
      ${this.choice()}
      <section class="panel second"><header><h2>By stage, agent and model</h2><div class="tools"><a class="button" download href="/api/v1${this.app.api('/export/stages.csv')}">CSV</a></div></header>
      <div class="scroll"><table><thead><tr><th>stage</th><th>agent</th><th>model</th><th class="num">stages</th><th>succeeded</th><th class="num">placed</th><th class="num">average</th><th class="num">calls</th><th class="num">tokens in</th><th class="num">out</th><th class="num">cost</th><th class="num">per placed</th></tr></thead><tbody>
      ${arms.map((arm) => html`<tr><td>${words(arm.stage)}</td><td>${visible(arm.agent ?? 'evaluator')}</td><td>${visible(arm.model ?? '–')}</td><td class="num">${count(arm.stages)}</td>
        <td><div class="row"><div class="bar meter"><i class="fill" .style=${`width:${arm.stages ? (100 * arm.succeeded) / arm.stages : 0}%`}></i></div><span class="soft">${percent(arm.stages ? arm.succeeded / arm.stages : 0, 0)}</span></div></td>
        <td class="num">${count(arm.placed)}</td><td class="num">${duration(arm.stages ? arm.seconds / arm.stages : 0)}</td><td class="num">${arm.calls ? count(arm.calls) : '–'}</td><td class="num">${arm.calls ? count(arm.input_tokens) : '–'}</td><td class="num">${arm.calls ? count(arm.output_tokens) : '–'}</td>
        <td class="num">${arm.calls ? dollars(arm.cost_usd) : '–'}</td><td class="num">${arm.calls && arm.placed ? dollars(arm.cost_usd / arm.placed) : '–'}</td></tr>`)}</tbody></table></div>
      ${arms.length ? '' : html`<p class="empty">No stage has run yet.</p>`}<p class="faint">Placed: jobs whose commit entered the archive, new in its cell or better than what it held.</p></section>`;
  }

  /** How the agent of the next job is chosen, where there are several. */
  choice() {
    const { choice, strategy } = this.all;
    if (choice.length < 2) return nothing;
    const most = Math.max(...choice.map((arm) => arm.promise ?? 0));
    const drawn = choice.reduce((sum, arm) => sum + arm.drawn, 0);
    const price = (arm) => (arm.spent.calls && !arm.spent.unpriced_calls ? dollars(arm.spent.cost_usd / Math.max(1, arm.ended)) : arm.spent.calls ? `${count((arm.spent.input_tokens + arm.spent.output_tokens) / Math.max(1, arm.ended))} tokens` : '–');
    const bandit = strategy === 'bandit';
    return html`<section class="panel"><header><h2>Whose turn it is</h2><span class="soft">${bandit ? 'a bandit: the arm that promises most for its cost' : 'at random, by weight'}</span></header>
      <div class="scroll"><table><thead><tr><th>agent</th><th class="num">weight</th><th class="num">jobs drawn</th><th class="num">ended</th><th class="num">kept</th><th class="num" title="The share of its ended jobs whose commit became an elite">reward</th><th class="num">cost a job</th>${bandit ? html`<th title="Reward with its upper confidence bound, for the cost of a job relative to the dearest arm">promise</th>` : nothing}</tr></thead><tbody>
      ${choice.map((arm) => html`<tr><td>${visible(arm.agent)}</td><td class="num">${number(arm.weight, 3)}</td><td class="num">${count(arm.drawn)} <span class="soft">${percent(drawn ? arm.drawn / drawn : 0, 0)}</span></td><td class="num">${count(arm.ended)}</td><td class="num">${count(arm.kept)}</td>
        <td class="num">${percent(arm.reward, 0)}</td><td class="num">${price(arm)}</td>${bandit ? html`<td>${arm.promise === null ? html`<span class="soft">not drawn yet: next</span>` : html`<div class="row"><div class="bar meter"><i class="fill" .style=${`width:${most ? (100 * arm.promise) / most : 0}%`}></i></div><span class="soft">${number(arm.promise, 3)}</span></div>`}</td>` : nothing}</tr>`)}</tbody></table></div></section>`;
  }
}
