/**
 * Makes a table what a source shows, in an order in which each step finds what it needs. Every
 * change is a transaction of its own: an import that ends at any moment goes on with what still
 * differs.
 */
import type { Difference, Subject } from "../../../lib/model/content/differences.ts";
import { classCreationIfAbsent, classDeletion } from "../../../lib/store/names/classes.ts";
import { traitCreationIfAbsent, traitDeletion } from "../../../lib/store/names/traits.ts";
import type { Planner, Store } from "../../../lib/store/store.ts";
import { writeConsumers } from "./consumers.ts";
import { deleteProviders, placeProviders, settleProviders } from "./providers.ts";
import { type Left, unlessRefused, type Wanted, type WriteParts } from "./writing.ts";

/** @throws what the store throws, other than that the change is not allowed */
export async function writeDifferences(parts: WriteParts, wanted: Wanted): Promise<Left[]> {
  const left: Left[] = [];
  const note = (of: Subject, id: string, reason: string) => left.push({ of, id, reason });
  const ids = (of: Subject, only: Difference["only"]) =>
    wanted.differences.filter((each) => each.of === of && each.only === only).map(({ id }) => id);
  const names = async (
    of: Subject,
    only: "source" | "table",
    plan: (store: Store, name: string) => Planner<unknown>,
  ) => {
    const given = ids(of, only);
    const phase = parts.progress.phase(`writing each ${of}`, given.length);
    for (const name of given) {
      await unlessRefused(
        () => parts.target.change((store) => plan(store, name)),
        (reason) => note(of, name, reason),
      );
      phase.step();
    }
    phase.done();
  };
  await names("resource class", "source", classCreationIfAbsent);
  await names("trait", "source", traitCreationIfAbsent);
  await placeProviders(parts, wanted, note);
  const staying = await settleProviders(parts, wanted, note);
  await writeConsumers(parts, wanted, note);
  await settleProviders(parts, { ...wanted, differences: staying }, note);
  await deleteProviders(parts, wanted, note);
  await names("trait", "table", traitDeletion);
  await names("resource class", "table", classDeletion);
  return left;
}
