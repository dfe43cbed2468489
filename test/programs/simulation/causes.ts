/** What a refusal is about, from its status and its words. */
import type { Cause } from "./world.ts";

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/consumer generation conflict/, "consumer generation"],
  [/resource provider generation conflict|generation already changed/, "provider generation"],
  [/would exceed the capacity/, "capacity"],
  [/would violate inventory constraints/, "units"],
  [/on resource provider '.*' invalid\./, "missing inventory"],
  [/in use|has allocations|Class is in use/, "in use"],
  [/already exists/, "exists"],
  [/holds allocations/, "holds"],
  [/child resource providers/, "children"],
  [/creating loop/, "loop"],
  [/parent provider UUID/, "parent"],
  [/No such resource class/, "class"],
  [/No such trait/, "trait"],
  [/that does not exist|in inventories not found/, "provider"],
  [/No resource provider with uuid/, "provider"],
  [/No inventory (?:record|of class)/, "inventory"],
  [/No allocations for consumer|No consumer with uuid/, "consumer"],
  [/reserved value is greater/, "reserved"],
  [/No alternative has an allocation candidate/, "candidates"],
  [/The lease of consumer \S+ has expired/, "expired"],
  [/has no lease/, "no lease"],
  [/lease version conflict/, "lease version"],
  [/nothing was written/, "nothing written"],
  [/whether it was applied is unknown/, "unknown"],
];

export function causeOf(status: number, detail: string): Cause {
  const found = WORDS.find(([pattern]) => pattern.test(detail));
  return `${status} ${found?.[1] ?? detail}`;
}
