/** The query of a list of providers, with names replaced by ids. */

import type { Query } from "../../lib/api/query.ts";
import { listedIn } from "../../lib/api/uuid-lists.ts";
import { clampAmount } from "../../lib/model/inventory.ts";
import type { Minor } from "../../lib/model/microversion.ts";
import { parseMemberOf } from "../../lib/model/queries/member-of.ts";
import { parseRequired, type TraitFilter } from "../../lib/model/queries/required.ts";
import { type NamedAmounts, parseLastResources } from "../../lib/model/queries/resources.ts";
import { UnknownClassInQuery, UnknownTraitsInQuery } from "../../lib/model/refusals/queries.ts";
import { parseUuid } from "../../lib/model/uuid.ts";
import type { ListRequest } from "../../lib/store/providers/list.ts";
import type { Store } from "../../lib/store/store.ts";

export async function listRequest(
  store: Store,
  query: Query,
  version: Minor,
): Promise<ListRequest> {
  const { name, uuid, in_tree: inTree } = query.last();
  const given = <T>(key: string, parse: (values: readonly string[]) => T): T | undefined => {
    const values = query.all(key);
    return values.length === 0 ? undefined : parse(values);
  };
  const aggregates = given("member_of", (values) => parseMemberOf(values, version));
  const resources = given("resources", parseLastResources);
  const traits = given("required", (values) => parseRequired(values, version));
  // Unknown traits are reported before unknown classes.
  const traitIds = traits && (await traitFilter(store, traits));
  return {
    name: name === "" ? undefined : name,
    uuid: parseUuid(uuid ?? ""),
    uuids: listedIn(uuid ?? "")?.flatMap((each) => parseUuid(each) ?? []),
    inTree: parseUuid(inTree ?? ""),
    aggregates,
    resources: resources && (await classAmounts(store, resources)),
    traits: traitIds,
  };
}

/** @throws UnknownClassInQuery */
async function classAmounts(store: Store, named: NamedAmounts) {
  const directory = await store.classes({ names: named.keys() });
  const amounts = [...named].map(([name, amount]) => {
    const id = directory.idOf(name);
    if (id === undefined) throw new UnknownClassInQuery(name);
    return [id, clampAmount(amount)] as const;
  });
  return new Map(amounts);
}

/** @throws UnknownTraitsInQuery */
async function traitFilter(
  store: Store,
  { anyOf, forbidden }: TraitFilter<string>,
): Promise<TraitFilter<number>> {
  const names = [...anyOf.flat(), ...forbidden];
  const directory = await store.traits({ names });
  const unknown = names.filter((name) => directory.idOf(name) === undefined);
  if (unknown.length > 0) throw new UnknownTraitsInQuery([...new Set(unknown)]);
  const ids = (list: readonly string[]) => list.flatMap((name) => directory.idOf(name) ?? []);
  return { anyOf: anyOf.map(ids), forbidden: ids(forbidden) };
}
