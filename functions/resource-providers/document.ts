import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { Provider } from "../../lib/model/provider.ts";
import type { Uuid } from "../../lib/model/uuid.ts";

export function providerPath(uuid: Uuid): string {
  return `/resource_providers/${uuid}`;
}

/** A provider as the API shows it; API reference, "Resource providers". */
export function providerDocument({ state, profile }: Provider, version: Minor) {
  return {
    uuid: state.uuid,
    name: profile.name,
    generation: state.generation,
    ...(version >= minor("1.14")
      ? { parent_provider_uuid: profile.parent ?? null, root_provider_uuid: profile.root }
      : {}),
    links: links(state.uuid, version),
  };
}

function links(uuid: Uuid, version: Minor) {
  const path = providerPath(uuid);
  return [
    { rel: "self", href: path },
    ...relationsAt(version).map((rel) => ({ rel, href: `${path}/${rel}` })),
  ];
}

/** What a provider links to, beside itself. */
export function relationsAt(version: Minor): string[] {
  const relations = ["inventories", "usages"];
  if (version >= minor("1.1")) relations.push("aggregates");
  if (version >= minor("1.6")) relations.push("traits");
  if (version >= minor("1.11")) relations.push("allocations");
  return relations;
}
