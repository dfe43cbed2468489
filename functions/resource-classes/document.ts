import type { Clock } from "../../lib/model/clock.ts";
import { STANDARD_CLASS_IDS } from "../../lib/model/standard-classes.ts";
import { readClass } from "../../lib/store/names/classes.ts";
import type { Store } from "../../lib/store/store.ts";

export function classPath(name: string): string {
  return `/resource_classes/${name}`;
}

/** A resource class as the API shows it; API reference, "Resource Classes". */
export function classDocument(name: string) {
  return { name, links: [{ rel: "self", href: classPath(name) }] };
}

/** When a class last changed; undefined if there is none of that name. */
export async function classModified(
  store: Store,
  clock: Clock,
  name: string,
): Promise<number | undefined> {
  if (STANDARD_CLASS_IDS.has(name)) return clock.now();
  return (await readClass(store, name))?.updated;
}
