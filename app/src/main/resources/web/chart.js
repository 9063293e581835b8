// Charts on uPlot, in the theme's colours, with a tip at the nearest point and a click that opens it.
import uPlot from 'uplot';
import { token } from './colour.js';
import { showTip } from './canvas.js';

const FONT = '11px ui-sans-serif, system-ui, sans-serif';

const axis = (more = {}) => ({
  stroke: token('faint'), font: FONT, grid: { stroke: token('line'), width: 1 }, ticks: { show: false }, gap: 6, ...more,
});

/**
 * Draws columns.
 * @param series one {label, kind: 'points' | 'steps' | 'line', colour} a column after the first
 * @param across what the horizontal axis counts
 * @param bands as uPlot has them: what is filled between two series
 * @param tell lines of the tip for an index; open is called with the index on a click
 */
export function chart(host, columns, { series, time = false, height = 300, tell, open, values, range, bands = [], across }) {
  host.replaceChildren();
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  let at = null;
  let zoomed = false; // by a drag, until a double click
  const plot = new uPlot({
    width: Math.max(200, host.clientWidth), height, padding: [10, 12, 0, 0], legend: { show: false },
    cursor: { points: { show: false }, drag: { x: true, y: true, uni: 20 }, focus: { prox: 24 } },
    scales: { x: { time }, y: { range: (u, low, high) => { if (range && u.data[0].length && low <= range[0] && high >= range[1]) [low, high] = range; const room = (high - low || Math.abs(high) || 1) * 0.06; return [low - room, high + room]; } } },
    axes: [axis({ size: 34, ...(across ? { label: across, labelSize: 18, labelFont: FONT, labelGap: 2 } : {}) }), axis({ size: 62, values: values ? (u, ticks) => ticks.map(values) : undefined })],
    series: [{}, ...series.map((each) => ({
      label: each.label, stroke: each.colour, fill: each.fill, width: each.kind === 'points' ? 0 : each.width ?? 2, dash: each.dash, spanGaps: true,
      paths: each.kind === 'points' ? () => null : each.kind === 'steps' ? uPlot.paths.stepped({ align: 1 }) : undefined,
      points: each.kind === 'points' ? { show: true, size: each.size ?? 5, width: 0, fill: each.colour, stroke: each.colour } : { show: false },
    }))],
    bands,
    hooks: {
      setSelect: [(u) => { zoomed ||= u.select.width > 0; }],
      setCursor: [(u) => {
        const { left, top } = u.cursor;
        at = null;
        if (left < 0 || !tell) { tip.hidden = true; return; }
        let nearest = 400;
        const xs = u.data[0]; const ys = u.data[1];
        for (let i = 0; i < xs.length; i += 1) {
          if (ys[i] === null || ys[i] === undefined) continue;
          const dx = u.valToPos(xs[i], 'x') - left; const dy = u.valToPos(ys[i], 'y') - top;
          const far = dx * dx + dy * dy;
          if (far < nearest) { nearest = far; at = i; }
        }
        host.style.cursor = at === null ? '' : 'pointer';
        if (at === null) tip.hidden = true;
        else showTip(tip, left + u.bbox.left / devicePixelRatio, top + 10, tell(at));
      }],
    },
  }, columns, host);
  host.append(tip);
  let pressed = null;
  plot.over.addEventListener('mousedown', (event) => { pressed = [event.clientX, event.clientY]; });
  plot.over.addEventListener('click', (event) => { if (open && at !== null && pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < 4) open(at); });
  plot.over.addEventListener('dblclick', () => { zoomed = false; });
  const observer = new ResizeObserver(() => { if (host.clientWidth && host.clientWidth !== plot.width) plot.setSize({ width: host.clientWidth, height }); });
  observer.observe(host);
  return {
    close: () => { observer.disconnect(); plot.destroy(); },
    /** Draws other values of the same series; what somebody looks at stays in view, and its tip. */
    set(data, focus) {
      range = focus;
      plot.setData(data, !zoomed);
      if (zoomed) plot.redraw();
      else if (plot.cursor.left >= 0) plot.setCursor({ left: plot.cursor.left, top: plot.cursor.top });
    },
  };
}
