import type { Services } from "../../lib/api/operation.ts";
import { ConsumerNotFound } from "../../lib/model/refusals/consumers.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { readConsumer } from "../../lib/store/consumers/change.ts";

interface OfConsumer {
  readonly params: { readonly consumer_uuid: Uuid };
}

/**
 * Looks up the path's consumer, before a bad body is refused.
 * @throws ConsumerNotFound
 */
export async function requireConsumer(
  { params: { consumer_uuid: uuid } }: OfConsumer,
  { store }: Services,
): Promise<void> {
  if ((await readConsumer(store, uuid)) === undefined) throw new ConsumerNotFound(uuid);
}
