/** Where the cells of the heat map stand. */
import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Group<T> {
  readonly name: string;
  readonly members: readonly T[];
}

/** A group's box, and its cells by rows. */
export interface Room<T> extends Group<T> {
  readonly box: Box;
  readonly columns: number;
  /** Width and height of a cell with its gap. */
  readonly step: { readonly x: number; readonly y: number };
  readonly top: number;
}

const TITLE = 18;
const PADDING = 3;

/** Groups get areas by their members; a single one has no title. */
export function roomsOf<T>(groups: readonly Group<T>[], width: number, height: number): Room<T>[] {
  if (groups.length === 0 || width <= 0 || height <= 0) return [];
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) {
    return [roomOf(only, { x: 0, y: 0, width, height }, 0)];
  }
  const root = hierarchy<{ children?: readonly Group<T>[]; group?: Group<T> }>(
    { children: groups },
    ({ children }) => children?.map((group) => ({ group })),
  )
    .sum(({ group }) => group?.members.length ?? 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const tiled = treemap<typeof root.data>()
    .tile(treemapSquarify)
    .size([width, height])
    .paddingInner(PADDING)
    .round(true)(root);
  return tiled.leaves().flatMap(({ data, x0, y0, x1, y1 }) => {
    if (data.group === undefined) return [];
    const box = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
    return [roomOf(data.group, box, box.height > 3 * TITLE ? TITLE : 0)];
  });
}

function roomOf<T>(group: Group<T>, box: Box, top: number): Room<T> {
  const count = Math.max(1, group.members.length);
  const height = Math.max(1, box.height - top);
  // As square as they can be, and all of them inside.
  let columns = Math.max(1, Math.ceil(Math.sqrt((count * box.width) / height)));
  columns = Math.min(columns, count);
  const rows = Math.ceil(count / columns);
  const step = { x: box.width / columns, y: Math.min(height / rows, (4 * box.width) / columns) };
  return { ...group, box, columns, step, top };
}

export function cellBox<T>({ box, columns, step, top }: Room<T>, index: number): Box {
  const column = index % columns;
  const row = Math.floor(index / columns);
  return {
    x: box.x + column * step.x,
    y: box.y + top + row * step.y,
    width: step.x,
    height: step.y,
  };
}

/** The member at a point; undefined: none. */
export function memberAt<T>(rooms: readonly Room<T>[], x: number, y: number): T | undefined {
  for (const room of rooms) {
    const { box, step, columns, top, members } = room;
    if (x < box.x || x >= box.x + box.width) continue;
    if (y < box.y + top || y >= box.y + box.height) continue;
    const column = Math.min(columns - 1, Math.floor((x - box.x) / step.x));
    return members[Math.floor((y - box.y - top) / step.y) * columns + column];
  }
  return undefined;
}
