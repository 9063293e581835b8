// A diff, file by file: fetched when it is opened, drawn from data, highlighted by tokens that become text nodes.
import { html, nothing } from 'lit-html';
import { get } from './api.js';
import { count, visible } from './format.js';

let library = null;
const LANGUAGES = { js: 'javascript', mjs: 'javascript', ts: 'typescript', py: 'python', java: 'java', kt: 'kotlin', c: 'c', h: 'c', cc: 'cpp', cpp: 'cpp', hpp: 'cpp', rs: 'rust', go: 'go', rb: 'ruby', sh: 'bash', bash: 'bash', sql: 'sql', json: 'json', yaml: 'yaml', yml: 'yaml', xml: 'xml', html: 'xml', css: 'css', md: 'markdown', cs: 'csharp', php: 'php', swift: 'swift', lua: 'lua', r: 'r', toml: 'ini', ini: 'ini', scala: 'scala', jl: 'julia' };

function highlighter() {
  library ??= new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = '/lib/highlightjs/highlight.min.js';
    script.onload = () => resolve(globalThis.hljs);
    script.onerror = () => resolve(null);
    document.head.append(script);
  });
  return library;
}

/** Tokens of one line as [class, text]: the library's tree, never its markup. */
function tokens(hljs, language, text) {
  if (!hljs || !language || !hljs.getLanguage(language) || text.length > 500) return [['', text]];
  const parts = [];
  const walk = (node, scope) => { if (typeof node === 'string') parts.push([scope, node]); else node.children.forEach((child) => walk(child, node.scope ? String(node.scope).split('.')[0] : scope)); };
  try { walk(hljs.highlight(text, { language, ignoreIllegals: true })._emitter.rootNode, ''); } catch { return [['', text]]; }
  return parts.length ? parts : [['', text]];
}

export class Diff {
  constructor(app, commit, against) {
    this.app = app;
    this.commit = commit;
    this.against = against;
    this.files = new Map();
    this.wide = localStorage.getItem('diff') ?? (innerWidth > 1100 ? 'side' : 'unified');
  }

  async load() {
    this.list = await get(this.app.api(`/commits/${this.commit}/diff`), { against: this.against });
    this.hljs = await highlighter();
    await Promise.all(this.list.files.slice(0, 3).map((file) => this.open(file.path)));
  }

  async open(path) {
    if (this.files.has(path)) return;
    this.files.set(path, null);
    try { this.files.set(path, await get(this.app.api(`/commits/${this.commit}/diff/file`), { against: this.against, path })); } catch (error) { this.files.delete(path); this.app.fail(error); }
    this.app.refresh();
  }

  set(way) { this.wide = way; localStorage.setItem('diff', way); this.app.refresh(); }

  view(tools = nothing) {
    if (!this.list) return html`<section class="panel"><header><h2>Changes</h2>${tools}</header></section>`;
    const { files, added, deleted, total } = this.list;
    const way = (value, label) => html`<button aria-pressed=${String(this.wide === value)} @click=${() => this.set(value)}>${label}</button>`;
    return html`<section class="panel flush" id="diff"><header><h2>Changes</h2><span class="soft">${count(total)} ${total === 1 ? 'file' : 'files'} <span class="plus">+${count(added)}</span> <span class="minus">−${count(deleted)}</span></span>
      <div class="tools">${tools}<div class="segments" role="group" aria-label="Layout of the diff">${way('side', 'side by side')}${way('unified', 'unified')}</div></div></header>
      ${files.length ? nothing : html`<p class="empty vt-none">Nothing differs.</p>`}
      ${files.map((file, i) => html`<details class="file" ?open=${i < 3} @toggle=${(e) => e.target.open && this.open(file.path)}>
        <summary><span class="mono clip plain">${visible(file.path)}</span><span class="push">${file.binary ? html`<span class="soft">binary</span>` : html`<span class="plus">+${count(file.added)}</span> <span class="minus">−${count(file.deleted)}</span>`}</span></summary>
        ${this.body(this.files.get(file.path), file)}</details>`)}
      ${total > files.length ? html`<p class="empty vt-none">${count(total - files.length)} more files are not listed.</p>` : nothing}</section>`;
  }

  body(loaded, file) {
    if (file.binary) return html`<p class="empty vt-none">A binary file.</p>`;
    if (!loaded) return html`<p class="empty vt-none">…</p>`;
    const language = LANGUAGES[file.path.split('.').pop().toLowerCase()];
    const rows = loaded.hunks.map((hunk) => html`<tr class="hunk"><td colspan=${this.wide === 'side' ? 4 : 4}>${hunk.title ? visible(hunk.title) : '⋯'}</td></tr>${this.wide === 'side' ? this.side(hunk.lines, language) : this.unified(hunk.lines, language)}`);
    return html`<div class="diff" tabindex="0" role="region" aria-label="Changes of ${visible(file.path)}"><table>
      ${this.wide === 'side' ? html`<colgroup><col class="cn"><col><col class="cn"><col></colgroup>` : html`<colgroup><col class="cn"><col class="cn"><col class="cs"><col></colgroup>`}
      <tbody>${rows}</tbody></table>${loaded.cut ? html`<p class="empty vt-none">The rest is not shown: there are more lines than a page can hold.</p>` : nothing}</div>`;
  }

  text(line, language) {
    const parts = tokens(this.hljs, language, line.text);
    return html`${parts.map(([scope, text]) => (scope ? html`<span class="hl-${scope.replaceAll(/[^a-z_]/g, '')}">${visible(text)}</span>` : visible(text)))}${line.more ? html`<span class="badge">${count(line.more)} more characters</span>` : nothing}`;
  }

  unified(lines, language) {
    return lines.map((line) => { const tone = line.kind === '+' ? 'add' : line.kind === '-' ? 'del' : ''; return html`<tr><td class="n ${tone}">${line.before ?? ''}</td><td class="n ${tone}">${line.after ?? ''}</td><td class="s ${tone}">${line.kind === '-' ? '−' : line.kind}</td><td class=${tone}>${this.text(line, language)}</td></tr>`; });
  }

  /** Removed and added lines of one change face each other. */
  side(lines, language) {
    const rows = [];
    for (let i = 0; i < lines.length;) {
      if (lines[i].kind === ' ') { rows.push([lines[i], lines[i]]); i += 1; continue; }
      const removed = []; const added = [];
      while (i < lines.length && lines[i].kind === '-') removed.push(lines[i++]);
      while (i < lines.length && lines[i].kind === '+') added.push(lines[i++]);
      for (let k = 0; k < Math.max(removed.length, added.length); k += 1) rows.push([removed[k], added[k]]);
    }
    const half = (line, side) => { const tone = !line ? 'none' : line.kind === '+' ? 'add' : line.kind === '-' ? 'del' : ''; return html`<td class="n ${tone}">${line?.[side] ?? ''}</td><td class=${tone}>${line ? this.text(line, language) : ''}</td>`; };
    return rows.map(([left, right]) => html`<tr>${half(left, 'before')}${half(right, 'after')}</tr>`);
  }
}
