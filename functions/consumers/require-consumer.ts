import type { AnyOperation } from "../../lib/api/operation.ts";
import { ConsumerNotFound } from "../../lib/model/refusals/consumers.ts";
import { readConsumer } from "../../lib/store/consumers.ts";

/** The look-up of the path's consumer, which comes before a bad body is refused. */
export const requireConsumer: NonNullable<AnyOperation["subject"]> = async (
  { params },
  { store },
) => {
  const uuid = params["consumer_uuid"] ?? "";
  if ((await readConsumer(store, uuid)) === undefined) throw new ConsumerNotFound(uuid);
};
