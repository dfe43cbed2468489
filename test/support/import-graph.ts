/** Checks of the imports between files: circles, and imports against an order of folders. */

export interface Import {
  readonly from: string;
  /** A path from the root, or the name of a package. */
  readonly of: string;
}

/** What `text` imports and re-exports, types included. */
export function specifiersOf(text: string): string[] {
  const statements = /^\s*(?:import|export)\b[^;"']*?\bfrom\s+["']([^"']+)["']/gm;
  const bare = /^\s*import\s+["']([^"']+)["']/gm;
  const dynamic = /\bimport\(\s*["']([^"']+)["']/g;
  return [statements, bare, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, specifier = ""]) => specifier),
  );
}

/** By folder, or `.` for the files directly in the root: its number in the order. */
export type Rooms = Readonly<Record<string, number>>;

/** The number of the room that `path` is in; undefined: its folder is in no room. */
export function roomOf(rooms: Rooms, root: string, path: string): number | undefined {
  const below = path.slice(root.length + 1);
  const end = below.indexOf("/");
  const folder = end < 0 ? "." : below.slice(0, end);
  return Object.hasOwn(rooms, folder) ? rooms[folder] : undefined;
}

/**
 * Imports under `root` from a room to one of a higher number, and those of a folder that is
 * in no room.
 */
export function againstOrder(imports: readonly Import[], rooms: Rooms, root: string): Import[] {
  const isInside = (path: string) => path.startsWith(`${root}/`);
  return imports.filter(({ from, of }) => {
    if (!isInside(from) || !isInside(of)) return false;
    const [importing, imported] = [roomOf(rooms, root, from), roomOf(rooms, root, of)];
    return importing === undefined || imported === undefined || imported > importing;
  });
}

/**
 * The groups of files in which each imports each, directly or through others.
 *
 * Source: Tarjan, "Depth-First Search and Linear Graph Algorithms" (strongly connected
 * components).
 */
export function circlesIn(imports: readonly Import[]): string[][] {
  const edges = new Map<string, string[]>();
  for (const { from, of } of imports) edges.set(from, [...(edges.get(from) ?? []), of]);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    lowest.set(file, index);
    open.push(file);
    for (const next of edges.get(file) ?? []) {
      if (order.has(next) && !open.includes(next)) continue;
      const reached = order.get(next) ?? visit(next);
      const through = Math.min(reached, lowest.get(next) ?? reached);
      lowest.set(file, Math.min(lowest.get(file) ?? index, through));
    }
    if (lowest.get(file) === index) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1 || edges.get(file)?.includes(file)) circles.push(group.sort());
    }
    return lowest.get(file) ?? index;
  };
  for (const file of edges.keys()) if (!order.has(file)) visit(file);
  return circles;
}
