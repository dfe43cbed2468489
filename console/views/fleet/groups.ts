/** Trees by what they have in common. */
import type { Tree } from "../../model/fleet.ts";
import { grouped } from "../../model/grouped.ts";
import type { Group } from "../../model/layout.ts";
import { shortId } from "../../model/units.ts";

/** More areas than that cannot be told apart. */
const MAX_GROUPS = 60;

/** @param by empty: one group of all */
export function groupsOf(trees: readonly Tree[], by: string): Group<Tree>[] {
  if (by === "") return [{ name: "", members: trees }];
  const groups = grouped(trees, aggregateOf);
  const sorted = [...groups].sort((a, b) => b[1].length - a[1].length);
  const named = sorted.slice(0, MAX_GROUPS).map(([name, members]) => ({ name, members }));
  const rest = sorted.slice(MAX_GROUPS).flatMap(([, members]) => members);
  return rest.length === 0 ? named : [...named, { name: "others", members: rest }];
}

/** The first one of its root. */
function aggregateOf({ uuid, providers }: Tree): string {
  const [first] = providers.find((each) => each.uuid === uuid)?.aggregates ?? [];
  return first === undefined ? "none" : shortId(first);
}
