import type { Services } from "../../lib/api/operation.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { readState } from "../../lib/store/providers/read.ts";

interface OfProvider {
  readonly params: { readonly uuid: Uuid };
}

/**
 * Looks up the path's provider, before a bad body is refused.
 * @throws ProviderNotFound
 */
export async function requireProvider(
  { params: { uuid } }: OfProvider,
  { store }: Services,
): Promise<void> {
  if ((await readState(store, uuid)) === undefined) throw new ProviderNotFound(uuid);
}
