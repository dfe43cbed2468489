import { type Minor, minor } from "../../lib/model/microversion.ts";

/** A provider's aggregates as the API shows them; API reference, "Resource provider aggregates". */
export function aggregatesDocument(
  { aggregates, generation }: { aggregates: readonly string[]; generation: number },
  version: Minor,
) {
  if (version < minor("1.19")) return { aggregates };
  return { aggregates, resource_provider_generation: generation };
}
