/**
 * A custom class or trait counts the providers that use it, in the transaction that begins or
 * ends the use, and is deleted only at 0: so no use can begin during a deletion.
 */
import { FIRST_CUSTOM_ID } from "../../model/standard-classes.ts";
import type { NameDirectory } from "../cache/names.ts";
import { type GuardedWrite, guard, replan } from "../changes/guarded-write.ts";
import { customName, customNameKey } from "../items/custom-name.ts";
import { add, count, equals } from "../table/expressions.ts";

/** Changes the counts of the custom ids among `ids` by `by`. */
export function customUses(
  directory: NameDirectory,
  ids: Iterable<number>,
  by: 1 | -1,
): GuardedWrite[] {
  return customUseSums(directory, new Map([...ids].map((id) => [id, by])));
}

/**
 * Changes the counts of the custom ids among `sums` by their sums. A sum of 0 needs no write:
 * a provider that ends its use holds the count above 0 until then. The directory was read
 * after the ids that a provider ceases to use: an id that is not in it has no use left, and
 * the provider has changed. No use may begin with an id that is not in the directory.
 */
export function customUseSums(
  directory: NameDirectory,
  sums: ReadonlyMap<number, number>,
): GuardedWrite[] {
  return [...sums].flatMap(([id, by]) => {
    const name = id < FIRST_CUSTOM_ID || by === 0 ? undefined : directory.nameOf(id);
    if (name === undefined) return [];
    const key = customNameKey(directory.kind, name);
    const when = [equals(customName.id, id)];
    // The version shows the verifier that no use began or ended while it counted.
    const changes = [add(customName.users, by), count(customName.version, 1)];
    return guard({ kind: "update", key, changes, when }, () => replan);
  });
}
