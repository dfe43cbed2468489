import type { AnyOperation } from "../../lib/api/operation.ts";
import { ConsumerNotFound } from "../../lib/model/refusals/consumers.ts";
import { readConsumer } from "../../lib/store/consumers/change.ts";
import { consumerIn } from "../shared/path-uuid.ts";

/** The look-up of the path's consumer, which comes before a bad body is refused. */
export const requireConsumer: NonNullable<AnyOperation["subject"]> = async (
  { params },
  { store },
) => {
  const uuid = consumerIn(params);
  if ((await readConsumer(store, uuid)) === undefined) throw new ConsumerNotFound(uuid);
};
