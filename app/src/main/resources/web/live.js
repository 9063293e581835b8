// What changed, as the server tells it: a stream that comes back by itself, and a page that is told of it.

import { setClock } from './format.js';

// Milliseconds from a telling to the next look when nothing changes any more: the server serves a slow answer a little old.
const LOOKS = [1500, 4500, 24000];
const TELLS = 250; // a page is told at most four times a second
const AGAIN = 3000; // until a stream that was refused is asked for again

export class Live {
  /**
   * @param tell is awaited with what changed, and answers whether all could be asked for
   * @param shown is called when the connection came or went
   */
  constructor(tell, shown) {
    this.tell = tell;
    this.shown = shown;
    this.connected = false;
    this.waiting = null;
    this.look = 0;
    // A browser opens few connections to a server: tabs that nobody looks at leave theirs to the others.
    document.addEventListener('visibilitychange', () => (document.hidden ? this.close() : this.open()));
  }

  follow(experiment) { this.experiment = experiment; this.open(); }

  open() {
    this.close();
    if (!this.experiment || document.hidden) return;
    const source = new EventSource(`/api/v1/experiments/${this.experiment}/events`);
    this.source = source;
    // Whatever happened before the stream was there, nobody has told.
    source.addEventListener('hello', (event) => { setClock(JSON.parse(event.data).at); this.connects(true); this.changed({ jobs: true, archive: true }); });
    source.addEventListener('changed', (event) => this.changed(JSON.parse(event.data)));
    source.onerror = () => {
      this.connects(false);
      // A browser asks again after a lost connection, and never after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) this.again = setTimeout(() => this.open(), AGAIN);
    };
  }

  close() {
    this.source?.close();
    clearTimeout(this.again);
    clearTimeout(this.settling);
    this.connected = false;
  }

  connects(connected) { this.connected = connected; this.shown(); }

  changed(what) {
    this.look = 0;
    this.wait(what, TELLS);
  }

  wait(what, milliseconds) {
    this.waiting = { jobs: what.jobs || this.waiting?.jobs, archive: what.archive || this.waiting?.archive };
    this.telling ??= setTimeout(() => this.told(), milliseconds);
  }

  async told() {
    const what = this.waiting;
    this.waiting = null;
    clearTimeout(this.settling);
    const good = await this.tell(what);
    this.telling = null;
    if (this.waiting) { this.wait(this.waiting, TELLS); return; }
    const next = good ? LOOKS[this.look] : LOOKS[this.look] ?? LOOKS.at(-1);
    if (good) this.look += 1;
    if (next && !document.hidden) this.settling = setTimeout(() => this.wait(what, 0), next);
  }
}
