/** Releases: a consumer gives back all that it holds. */

import { PlacementRefusal } from "../errors.ts";
import type { AnyClient } from "./holdings.ts";

/**
 * Releases all that `consumer` holds, whatever its generation. After a lost answer it is sent
 * again under its idempotency key.
 *
 * @returns false if it held nothing
 */
export async function release(client: AnyClient, consumer: string): Promise<boolean> {
  try {
    await client.newest.call("allocations/delete", {
      parameters: { consumer_uuid: consumer },
      idempotencyKey: client.newest.pacing.random.uuid(),
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
