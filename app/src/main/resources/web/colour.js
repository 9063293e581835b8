// A ramp on which equal steps look equal (viridis, by its published polynomial fit), and the theme's colours for canvases.
const FIT = [
  [0.2777273272234177, 0.005407344544966578, 0.3340998053353061],
  [0.1050930431085774, 1.404613529898575, 1.384590162594685],
  [-0.3308618287255563, 0.214847559468213, 0.09509516302823659],
  [-4.634230498983486, -5.799100973351585, -19.33244095627987],
  [6.228269936347081, 14.17993336680509, 56.69055260068105],
  [4.776384997670288, -13.74514537774601, -65.35303263337234],
  [-5.435455855934631, 4.645852612178535, 26.3124352495832],
];

const RAMP = Array.from({ length: 256 }, (_, step) => {
  const t = step / 255;
  const channel = (k) => FIT.reduceRight((sum, row) => sum * t + row[k], 0);
  return [0, 1, 2].map((k) => Math.round(255 * Math.min(1, Math.max(0, channel(k)))));
});

const DARKEST = 0.17; // what is darker cannot be told from a dark page

export function rampColour(share) {
  const from = document.documentElement.dataset.theme === 'dark' ? DARKEST : 0;
  return RAMP[Math.round(255 * (from + (1 - from) * Math.min(1, Math.max(0, share))))];
}
export const css = ([r, g, b], alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;
export const ramp = (share, alpha = 1) => css(rampColour(share), alpha);
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Fills the bar of a legend. */
export function drawRamp(root) {
  const bar = root.querySelector('canvas.ramp');
  const pen = bar?.getContext('2d');
  for (let i = 0; pen && i < bar.width; i += 1) { pen.fillStyle = ramp(i / (bar.width - 1)); pen.fillRect(i, 0, 1, bar.height); }
}

/** A colour of the theme as red, green and blue, whatever way it is written. */
export function parsed(name) {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  pen.fillStyle = token(name);
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
}

const FEW = 3; // values of which none is the odd one

/** Places values between 0 and 1. The worst tenth, and of a few the worst, shares the low end: one broken elite does not flatten the rest. */
export function scale(values, higherIsBetter = true) {
  const known = values.filter((value) => value !== null && Number.isFinite(value)).sort((a, b) => a - b);
  if (!known.length) return { at: () => 0.5, low: null, high: null };
  const cut = Math.max(known.length > FEW ? 1 : 0, Math.floor(known.length * 0.1));
  const low = higherIsBetter ? known[cut] : known[0];
  const high = known.at(higherIsBetter ? -1 : -1 - cut);
  const span = high - low || 1;
  const at = (value) => { const share = Math.min(1, Math.max(0, (value - low) / span)); return higherIsBetter ? share : 1 - share; };
  return { at, low, high, worst: higherIsBetter ? low : high, best: higherIsBetter ? high : low, isCut: cut > 0 };
}
