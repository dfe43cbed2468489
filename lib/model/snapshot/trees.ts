/**
 * Links the trees of a snapshot from the parents of its providers. Only trees that a change
 * affects are linked again.
 *
 * A parent may be absent, if a tree was read during a change: its child is a root until the
 * parent is read; in a cycle one member is taken as the root.
 */
import { type Columns, NONE } from "./columns.ts";
import type { Dictionary } from "./dictionary.ts";

type Links = Pick<Columns, "parent" | "root" | "next">;

/**
 * Links `root` and `next` in place.
 * @param moved rows that were added or removed, or whose parent has changed
 * @param present whether a row is present now
 * @returns the roots, in the order of their uuids
 */
export function relink(
  links: Links,
  roots: Int32Array,
  moved: ReadonlySet<number>,
  present: (row: number) => boolean,
  providers: Dictionary,
): Int32Array {
  if (moved.size === 0) return roots;
  const touched = touchedRows(links, moved);
  const trees = new Map<number, number[]>();
  for (const row of touched) {
    links.root[row] = NONE;
    links.next[row] = NONE;
    if (!present(row)) continue;
    const top = topOf(row, links.parent, present, providers);
    const members = trees.get(top);
    if (members === undefined) trees.set(top, [row]);
    else members.push(row);
  }
  for (const [top, members] of trees) link(links, top, members, providers);
  return mergedRoots(roots, touched, [...trees.keys()], providers);
}

/** The rows of all trees that `moved` leave or join. */
function touchedRows({ parent, root, next }: Links, moved: ReadonlySet<number>): Set<number> {
  const touched = new Set<number>();
  const addTree = (member: number) => {
    touched.add(member);
    for (let row = root[member] ?? NONE; row !== NONE; row = next[row] ?? NONE) touched.add(row);
  };
  for (const row of moved) {
    addTree(row);
    const above = parent[row] ?? NONE;
    if (above !== NONE) addTree(above);
  }
  for (let row = 0; row < parent.length; row += 1) {
    const above = parent[row] ?? NONE;
    if (above !== NONE && moved.has(above)) addTree(row);
  }
  return touched;
}

/** The root of the row's tree; in a cycle, one of its members. */
function topOf(
  row: number,
  parent: Int32Array,
  present: (row: number) => boolean,
  providers: Dictionary,
): number {
  const passed = new Set<number>();
  let top = row;
  for (;;) {
    passed.add(top);
    const above = parent[top] ?? NONE;
    if (above === NONE || !present(above)) return top;
    if (passed.has(above)) return firstOfCircle(above, parent, providers);
    top = above;
  }
}

function firstOfCircle(member: number, parent: Int32Array, providers: Dictionary): number {
  let first = member;
  for (let row = parent[member] ?? member; row !== member; row = parent[row] ?? member) {
    if (providers.textOf(row) < providers.textOf(first)) first = row;
  }
  return first;
}

/** The root first, then by uuid. */
function link({ root, next }: Links, top: number, members: number[], providers: Dictionary): void {
  const others = members.filter((row) => row !== top);
  if (others.length > 1) others.sort(byUuid(providers));
  let last = top;
  root[top] = top;
  for (const row of others) {
    root[row] = top;
    next[last] = row;
    last = row;
  }
}

function mergedRoots(
  roots: Int32Array,
  touched: ReadonlySet<number>,
  added: number[],
  providers: Dictionary,
): Int32Array {
  const kept = roots.filter((row) => !touched.has(row));
  const coming = added.sort(byUuid(providers));
  const merged = new Int32Array(kept.length + coming.length);
  let from = 0;
  let length = 0;
  for (const row of coming) {
    const to = placeOf(providers.textOf(row), kept, from, providers);
    merged.set(kept.subarray(from, to), length);
    length += to - from;
    merged[length] = row;
    length += 1;
    from = to;
  }
  merged.set(kept.subarray(from), length);
  return merged;
}

/** The index of the first element of `sorted`, from `from` on, that is not before `uuid`. */
function placeOf(uuid: string, sorted: Int32Array, from: number, providers: Dictionary): number {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (providers.textOf(sorted[middle] ?? NONE) < uuid) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byUuid(providers: Dictionary) {
  return (a: number, b: number) => (providers.textOf(a) < providers.textOf(b) ? -1 : 1);
}
