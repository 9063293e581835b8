// How numbers, times and names are written, the same everywhere.
import { html, nothing } from 'lit-html';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = (value) => (value === null || value === undefined ? '–' : whole.format(value));

/** Seven significant digits at most, without a tail of zeros. */
export function number(value, digits = 7) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e9 || size < 1e-5 ? size.toExponential(Math.min(digits - 1, 4)).replace(/\.?0+e/, 'e') : String(Number(size.toPrecision(digits)));
  return value < 0 ? `−${text}` : text;
}

export function signed(value, digits = 4) {
  if (value === null || value === undefined) return '–';
  return (value > 0 ? '+' : value < 0 ? '−' : '±') + number(Math.abs(value), digits);
}

export const percent = (share, digits = 1) => (share === null || share === undefined || !Number.isFinite(share) ? '–' : `${(share * 100).toFixed(share >= 0.9995 ? 0 : digits)} %`);

export function dollars(value) {
  if (!value) return '$0';
  return value < 0.01 ? '< $0.01' : '$' + value.toFixed(value < 100 ? 2 : 0);
}

export function bytes(value) {
  if (value === null || value === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return '–';
  if (seconds < 0.95) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.5) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  seconds = Math.round(seconds);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

let ahead = 0; // milliseconds from the clock here to the server's, by which everything is stored

export const setClock = (at) => { ahead = new Date(at) - Date.now(); };
export const now = () => Date.now() + ahead;
export const between = (from, to) => (from && to ? Math.max(0, new Date(to) - new Date(from)) / 1000 : null);

export function ago(iso) {
  if (!iso) return '–';
  const seconds = (now() - new Date(iso)) / 1000;
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${Math.round(seconds)} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.round(seconds / 3600)} h ago`;
  return moment(iso);
}

export const moment = (iso) => (iso ? new Date(iso).toLocaleString('en-GB', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }) : '–');
export const when = (iso) => html`<time datetime=${iso || nothing} title=${moment(iso)}>${ago(iso)}</time>`;
export const short = (hash) => (hash ? hash.slice(0, 12) : '');
export const words = (text) => (text ? text.toLowerCase().replaceAll('_', ' ') : '');

/**
 * What there is to choose from, as values with their labels, and what is chosen. A property: an option that a person chose once
 * does not heed its attribute any more.
 */
export const options = (choices, chosen) => choices.map(([value, label = value]) => html`<option value=${value} .selected=${value === chosen}>${label}</option>`);

/** What a job that runs is doing. */
export const STAGES = { work_tree: 'preparing', plan: 'planning', code: 'coding', evaluate: 'evaluating' };

const TONES = { SUCCEEDED: 'good', FAILED: 'bad', RUNNING: 'run', QUEUED: '', PENDING: '', CANCELLED: 'warn', INTERRUPTED: 'warn', ok: 'good', warning: 'warn', failed: 'bad' };
export const badge = (status) => html`<span class="badge ${TONES[status] ?? ''} ${status === 'RUNNING' ? 'live' : ''}"><i class="dot"></i>${words(status)}</span>`;

// What candidates wrote may hold control and direction characters: they are shown by name, and never act.
const INVISIBLE = /(?![\n\t\r])[\p{Cc}\p{Cf}\p{Cs}]/gu;
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
export const visible = (text) => (text ?? '').replace(INVISIBLE, (mark) => (mark === '\u001b' ? '␛' : `⟨${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`));
/** Output of programs: colours go, the rest is shown. */
export const output = (text) => visible((text ?? '').replace(ANSI, '').replace(/\r\n?/g, '\n'));
