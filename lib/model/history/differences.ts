/** The differences between a record before and after a change, with names instead of ids. */
import type { Amounts, Inventory } from "../inventory.ts";
import type { Difference, Differences, Shown } from "./event.ts";

export interface Names {
  classOf(id: number): string;
  traitOf(id: number): string;
}

/** Undefined members are not compared. */
export type Members = Readonly<Record<string, Shown | null | undefined>>;

/** @param before and `after`: undefined where the record does not exist */
export function differencesOf(
  before: Members | undefined,
  after: Members | undefined,
): Differences {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const found: Record<string, Difference> = {};
  for (const name of names) {
    const difference = compare(before?.[name] ?? null, after?.[name] ?? null);
    if (difference !== undefined) found[name] = difference;
  }
  return found;
}

function compare(before: Shown | null, after: Shown | null): Difference | undefined {
  if (isSame(before, after)) return undefined;
  if (isSet(before ?? after)) return ofSets(before as Set, after as Set);
  if (isMap(before ?? after)) return ofMaps(before as Map, after as Map);
  return { before, after };
}

type Set = readonly string[] | null;
type Map = Readonly<Record<string, unknown>> | null;

const isSet = (value: Shown | null): value is readonly string[] => Array.isArray(value);
const isMap = (value: Shown | null): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && !Array.isArray(value);

const isSame = (a: unknown, b: unknown): boolean => textOf(a) === textOf(b);

/** Maps are equal whatever the order of their members. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** What went, and what came; both whole if only their order differs. */
function ofSets(before: Set, after: Set): Difference | undefined {
  const [old, fresh] = [new globalThis.Set(before ?? []), new globalThis.Set(after ?? [])];
  const gone = [...old].filter((each) => !fresh.has(each));
  const come = [...fresh].filter((each) => !old.has(each));
  if (old.size === 0 && fresh.size === 0) return undefined;
  if (gone.length + come.length === 0) return { before, after };
  return { before: before && gone, after: after && come };
}

/** The entries that differ. */
function ofMaps(before: Map, after: Map): Difference | undefined {
  const differing = (some: Map, other: Map) =>
    some &&
    Object.fromEntries(
      Object.entries(some).filter(([name, value]) => {
        return !isSame(value, other?.[name] ?? null);
      }),
    );
  const [gone, come] = [differing(before, after), differing(after, before)];
  const count = Object.keys(gone ?? {}).length + Object.keys(come ?? {}).length;
  return count === 0 ? undefined : { before: gone, after: come };
}

/** `{VCPU: 2}` */
export function namedAmounts(amounts: Amounts, { classOf }: Names): Record<string, number> {
  return Object.fromEntries([...amounts].map(([id, amount]) => [classOf(id), amount]));
}

/** An inventory as the API shows it. */
export function shownInventory(given: Inventory): Record<string, number> {
  return {
    total: given.total,
    reserved: given.reserved,
    min_unit: given.minUnit,
    max_unit: given.maxUnit,
    step_size: given.stepSize,
    allocation_ratio: given.allocationRatio,
  };
}
