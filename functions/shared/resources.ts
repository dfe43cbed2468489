import type { Amounts } from "../../lib/model/inventory.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";

/** `{VCPU: 2, MEMORY_MB: 1024}`; a class that was deleted meanwhile is left out. */
export function resourcesDocument(
  amounts: Amounts,
  directory: NameDirectory,
): Record<string, number> {
  const named = [...amounts].flatMap(([id, amount]) => {
    const name = directory.nameOf(id);
    return name === undefined ? [] : [[name, amount] as const];
  });
  return Object.fromEntries(named);
}
