/** What a consumer holds, as the helpers read and write it. */
import type { PlacementClient } from "../client.ts";
import type { BodyOf } from "../types.ts";

/** A client of any microversion: the helpers use their own. */
export interface AnyClient {
  readonly newest: PlacementClient<"1.39">;
}

/** Amounts by resource class, by the resource provider's UUID: `{"4e8e…": {VCPU: 2}}`. */
export type Allocations = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Owner {
  readonly project: string;
  readonly user: string;
  /** `INSTANCE`, for example. */
  readonly type: string;
}

export interface Holdings {
  /** Empty where the consumer holds nothing. */
  readonly allocations: Allocations;
  /** Undefined where there is no consumer. */
  readonly owner: Owner | undefined;
  /** The consumer's; null where there is no consumer. */
  readonly generation: number | null;
}

/** What a consumer shall hold, in place of all that it holds. */
export interface Wanted {
  readonly allocations: Allocations;
  readonly owner: Owner;
}

export const NOTHING: Holdings = { allocations: {}, owner: undefined, generation: null };

export async function readHoldings({ newest }: AnyClient, consumer: string): Promise<Holdings> {
  const { body } = await newest.call("allocations/show", {
    parameters: { consumer_uuid: consumer },
  });
  if (!("consumer_generation" in body)) return NOTHING;
  const held = Object.entries(body.allocations).map(([provider, { resources }]) => [
    provider,
    resources,
  ]);
  return {
    allocations: Object.fromEntries(held),
    owner: { project: body.project_id, user: body.user_id, type: body.consumer_type },
    generation: body.consumer_generation,
  };
}

/** The body that writes it, if the consumer's generation is still `generation`. */
export function bodyOf(
  { allocations, owner }: Wanted,
  generation: number | null,
): BodyOf<"allocations/replace", "1.39"> {
  const held = Object.entries(allocations).map(([provider, resources]) => [
    provider,
    { resources },
  ]);
  return {
    allocations: Object.fromEntries(held),
    project_id: owner.project,
    user_id: owner.user,
    consumer_type: owner.type,
    consumer_generation: generation,
  };
}
