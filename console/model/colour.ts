/**
 * Colours of the heat map: lightness alone tells the order, so that it is read in grey, too, and by
 * those who do not see red and green apart.
 */

export type Scheme = "light" | "dark";

type Rgb = readonly [number, number, number];

const STOPS: Readonly<Record<Scheme, readonly Rgb[]>> = {
  light: [
    [226, 236, 243],
    [173, 205, 221],
    [245, 196, 122],
    [228, 112, 62],
    [158, 30, 45],
  ],
  dark: [
    [38, 52, 66],
    [52, 88, 108],
    [152, 110, 62],
    [230, 130, 70],
    [255, 205, 150],
  ],
};

/** Of what has no capacity. */
export const NONE: Readonly<Record<Scheme, string>> = { light: "#cfd4d9", dark: "#4a4f55" };

export const STEPS = 32;

/** From 0 (nothing used) to 1 (full, or beyond). */
export function colourOf(part: number, scheme: Scheme): string {
  const stops = STOPS[scheme];
  const place = Math.min(1, Math.max(0, part)) * (stops.length - 1);
  const below = Math.min(Math.floor(place), stops.length - 2);
  const mixed = mix(stops[below] ?? [0, 0, 0], stops[below + 1] ?? [0, 0, 0], place - below);
  return `rgb(${mixed.join(" ")})`;
}

/** All that are drawn, so that a cell only picks one. */
export const scaleOf = (scheme: Scheme): readonly string[] =>
  Array.from({ length: STEPS + 1 }, (_, step) => colourOf(step / STEPS, scheme));

export const stepOf = (part: number): number => Math.round(Math.min(1, Math.max(0, part)) * STEPS);

function mix(from: Rgb, to: Rgb, part: number): number[] {
  return from.map((value, index) => Math.round(value + ((to[index] ?? value) - value) * part));
}
