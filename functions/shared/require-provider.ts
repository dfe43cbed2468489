import type { AnyOperation } from "../../lib/api/operation.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readState } from "../../lib/store/providers/read.ts";
import { providerIn } from "./path-uuid.ts";

/** The look-up of the path's provider, which comes before a bad body is refused. */
export function requireProvider(
  words?: (sentence: string) => string,
): NonNullable<AnyOperation["subject"]> {
  return async ({ params }, { store }) => {
    const uuid = providerIn(params);
    if ((await readState(store, uuid)) === undefined) throw new ProviderNotFound(uuid, words);
  };
}
