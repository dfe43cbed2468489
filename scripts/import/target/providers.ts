/** Writes the providers of an import. */
import { type ContentProvider, inTreeOrder } from "../../../lib/model/content/content.ts";
import type { Difference } from "../../../lib/model/content/differences.ts";
import { providerImport } from "../../../lib/store/importing/provider.ts";
import { providerCreation } from "../../../lib/store/providers/create.ts";
import { providerDeletion } from "../../../lib/store/providers/delete.ts";
import { providerUpdate } from "../../../lib/store/providers/update.ts";
import { inParallel } from "../../../lib/store/table/parallel.ts";
import { type Note, unlessRefused, type Wanted, type WriteParts } from "./writing.ts";

/** The providers that differ, parents before children. */
function differing({ source, differences }: Wanted): ContentProvider[] {
  const ids = new Set(differences.filter(({ of }) => of === "provider").map(({ id }) => id));
  return inTreeOrder(source.providers).filter(({ uuid }) => ids.has(uuid));
}

/**
 * Creates providers, and gives those that exist their names and parents. One after another, so
 * that lists of both services have the same order.
 */
export async function placeProviders(
  { target, progress }: WriteParts,
  wanted: Wanted,
  note: Note,
): Promise<void> {
  await freeNames(target, wanted);
  const { providers } = wanted.table;
  const given = differing(wanted).filter((each) => !isPlaced(each, providers.get(each.uuid)));
  const phase = progress.phase("placing providers", given.length);
  for (const { uuid, name, parent } of given) {
    const exists = providers.has(uuid);
    await unlessRefused(
      () =>
        target.change((store) =>
          exists
            ? providerUpdate(store, { uuid, name, parent: parent ?? null, mayReparent: true })
            : providerCreation(store, { uuid, name, parent }),
        ),
      (reason) => note("provider", uuid, reason),
    );
    phase.step();
  }
  phase.done();
}

function isPlaced(wanted: ContentProvider, found: ContentProvider | undefined): boolean {
  return found?.name === wanted.name && found.parent === wanted.parent;
}

/** A provider whose name another one is to have gets a name of its own, until its turn comes. */
async function freeNames(target: WriteParts["target"], { source, table }: Wanted): Promise<void> {
  const owners = new Map([...source.providers.values()].map(({ uuid, name }) => [name, uuid]));
  for (const { uuid, name } of table.providers.values()) {
    if ((owners.get(name) ?? uuid) === uuid) continue;
    const change = { uuid, name: `renamed-${uuid}`, parent: undefined, mayReparent: false };
    await target.change((store) => providerUpdate(store, change));
  }
}

/**
 * Inventories, traits, aggregates and generations.
 * @returns the differences of providers that keep a class which is still used
 */
export async function settleProviders(
  { target, progress, width }: WriteParts,
  wanted: Wanted,
  note: Note,
): Promise<Difference[]> {
  const given = differing(wanted);
  const staying = new Set<string>();
  const phase = progress.phase("writing providers", given.length);
  const settle = async (provider: ContentProvider) => {
    const stays = await unlessRefused(
      () => target.change((store) => providerImport(store, provider)),
      (reason) => note("provider", provider.uuid, reason),
    );
    if (stays) staying.add(provider.uuid);
    phase.step();
  };
  await inParallel(given, settle, width);
  phase.done();
  return wanted.differences.filter(({ of, id }) => of === "provider" && staying.has(id));
}

/** Children before parents. */
export async function deleteProviders(
  { target, progress }: WriteParts,
  { source, table }: Wanted,
  note: Note,
): Promise<void> {
  const gone = inTreeOrder(table.providers).filter(({ uuid }) => !source.providers.has(uuid));
  const phase = progress.phase("deleting providers", gone.length);
  for (const { uuid } of gone.reverse()) {
    await unlessRefused(
      () => target.change((store) => providerDeletion(store, uuid)),
      (reason) => note("provider", uuid, reason),
    );
    phase.step();
  }
  phase.done();
}
