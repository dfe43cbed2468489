import type { Configuration } from "../../lib/api/configuration.ts";
import { entriesOf } from "../../lib/api/schemas.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import type { NamedClaim } from "../../lib/store/allocations/claims.ts";
import { writtenType } from "../shared/shown-type.ts";
import type { ReplaceBody } from "./schemas.ts";

type Given = ReplaceBody["allocations"];

/** What the headers of a request say of its consumers. */
type OfHeaders = Pick<NamedClaim, "lease" | "life">;

/**
 * One consumer's part of a body, as the store expects it. In the list form, the last entry
 * of a provider that is named twice counts.
 */
export function claimFrom(
  consumer: Uuid,
  body: ReplaceBody,
  configuration: Configuration,
  { lease, life }: OfHeaders = {},
): NamedClaim {
  return {
    lease,
    life,
    consumer,
    generation: "consumer_generation" in body ? body.consumer_generation : undefined,
    project: "project_id" in body ? body.project_id : configuration.incompleteProject,
    user: "user_id" in body ? body.user_id : configuration.incompleteUser,
    type: "consumer_type" in body ? writtenType(body.consumer_type) : undefined,
    allocations: new Map(byProvider(body.allocations)),
  };
}

function byProvider(given: Given): [Uuid, ReadonlyMap<string, number>][] {
  if (Array.isArray(given)) {
    return given.map((entry) => [
      entry.resource_provider.uuid,
      new Map(Object.entries(entry.resources)),
    ]);
  }
  return entriesOf(given).map(([provider, held]) => [
    provider,
    new Map(Object.entries(held.resources)),
  ]);
}
