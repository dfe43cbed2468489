/** Releases: a consumer gives back all that it holds. */

import type { PlacementClient } from "../client.ts";
import { PlacementRefusal } from "../errors.ts";
import type { Version } from "../generated/operations.ts";
import { HELPERS_VERSION } from "./holdings.ts";

/**
 * Releases all that `consumer` holds, whatever its generation. After a lost answer it is sent
 * again under its idempotency key.
 *
 * @returns false if it held nothing
 */
export async function release<V extends Version>(
  client: PlacementClient<V>,
  consumer: string,
): Promise<boolean> {
  try {
    await client.call("allocations/delete", {
      version: HELPERS_VERSION,
      parameters: { consumer_uuid: consumer },
      idempotencyKey: client.pacing.random.uuid(),
    });
    return true;
  } catch (error) {
    if (heldNothing(error)) return false;
    throw error;
  }
}

/** A wrong URL is a 404 too, so that the sentence decides. */
function heldNothing(error: unknown): boolean {
  return (
    error instanceof PlacementRefusal &&
    error.status === 404 &&
    error.detail.includes("No allocations for consumer")
  );
}
