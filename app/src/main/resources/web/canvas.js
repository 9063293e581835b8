// A canvas that is sharp on every screen and redraws when its room changes.
export class Surface {
  constructor(canvas, draw, height) {
    this.canvas = canvas;
    this.draw = draw;
    this.height = height;
    this.pending = false;
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(canvas.parentElement);
  }

  /** At most once a frame, however often it is asked for. */
  paint() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      const width = this.canvas.parentElement?.clientWidth ?? 0;
      if (!width) return;
      const height = typeof this.height === 'function' ? this.height(width) : this.height;
      const dense = window.devicePixelRatio || 1;
      if (this.canvas.width !== Math.round(width * dense) || this.canvas.height !== Math.round(height * dense)) {
        this.canvas.width = Math.round(width * dense);
        this.canvas.height = Math.round(height * dense);
        this.canvas.style.height = `${height}px`;
      }
      const pen = this.canvas.getContext('2d');
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      pen.clearRect(0, 0, width, height);
      this.draw(pen, width, height);
    });
  }

  close() { this.observer.disconnect(); }
}

export function place(event) {
  const box = event.currentTarget.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** Beside the pointer, and inside the parent. */
export function showTip(tip, x, y, lines) {
  tip.replaceChildren(...lines.map((line, i) => { const row = document.createElement('div'); row.textContent = line; if (i) row.className = 'soft wrap'; return row; }));
  tip.hidden = false;
  const room = tip.parentElement.clientWidth;
  tip.style.left = `${Math.max(0, x + 14 + tip.offsetWidth > room ? x - tip.offsetWidth - 10 : x + 14)}px`;
  tip.style.top = `${Math.max(0, y - tip.offsetHeight / 2)}px`;
}
