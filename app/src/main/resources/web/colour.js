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

export const rampColour = (share) => RAMP[Math.round(255 * Math.min(1, Math.max(0, share)))];
export const css = ([r, g, b], alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;
export const ramp = (share, alpha = 1) => css(rampColour(share), alpha);
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** A colour of the theme as red, green and blue, whatever way it is written. */
export function parsed(name) {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  pen.fillStyle = token(name);
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
}

/** Places values between 0 and 1. The worst tenth shares the low end, so that one broken elite does not flatten the rest. */
export function scale(values, higherIsBetter = true) {
  const known = values.filter((value) => value !== null && Number.isFinite(value)).sort((a, b) => a - b);
  if (!known.length) return { at: () => 0.5, low: null, high: null };
  const low = higherIsBetter ? known[Math.floor(known.length * 0.05)] : known[0];
  const high = higherIsBetter ? known.at(-1) : known[Math.ceil(known.length * 0.95) - 1];
  const span = high - low || 1;
  return { at: (value) => { const share = Math.min(1, Math.max(0, (value - low) / span)); return higherIsBetter ? share : 1 - share; }, low, high };
}
