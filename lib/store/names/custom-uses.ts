/**
 * A custom class or trait counts the providers that use it, in the transaction
 * that starts or ends the use, and is deleted only at 0: use and deletion cannot
 * cross.
 */
import { FIRST_CUSTOM_ID } from "../../model/standard-classes.ts";
import type { NameDirectory } from "../cache/names.ts";
import { type GuardedWrite, guard, replan } from "../changes/guarded-write.ts";
import { customName, customNameKey } from "../items/custom-name.ts";
import { add, count, equals } from "../table/expressions.ts";

/** The counts of the custom ones among `ids`, each changed by `by`. */
export function customUses(
  directory: NameDirectory,
  ids: Iterable<number>,
  by: 1 | -1,
): GuardedWrite[] {
  return customUseSums(directory, new Map([...ids].map((id) => [id, by])));
}

/**
 * The counts of the custom ones among `sums`, each changed by its sum. A sum of
 * 0 needs no write: a provider that ends its use holds the count above 0 until
 * then. The directory was read after the ids that a provider ceases to use: one
 * that it does not know has no use left, and the provider has moved. No use may
 * begin with an id that the directory does not know.
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
    // The version tells the verifier that no use began or ended while it counted.
    const changes = [add(customName.users, by), count(customName.version, 1)];
    return guard({ kind: "update", key, changes, when }, () => replan);
  });
}
