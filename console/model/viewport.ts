/** What part of the heat map is seen: moved and enlarged, never beyond its edges. */

export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Viewport = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 16;

/** Enlarged by `factor` about a point of the screen, which stays where it is. */
export function zoomed(view: Viewport, factor: number, at: { x: number; y: number }, size: Size) {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor));
  const part = scale / view.scale;
  const moved = { scale, x: at.x - (at.x - view.x) * part, y: at.y - (at.y - view.y) * part };
  return within(moved, size);
}

export function moved(view: Viewport, by: { x: number; y: number }, size: Size): Viewport {
  return within({ ...view, x: view.x + by.x, y: view.y + by.y }, size);
}

/** The point of the map under a point of the screen. */
export const mapPoint = ({ scale, x, y }: Viewport, at: { x: number; y: number }) => ({
  x: (at.x - x) / scale,
  y: (at.y - y) / scale,
});

function within({ scale, x, y }: Viewport, { width, height }: Size): Viewport {
  const clamp = (value: number, size: number) => Math.min(0, Math.max(value, size - size * scale));
  return { scale, x: clamp(x, width), y: clamp(y, height) };
}
