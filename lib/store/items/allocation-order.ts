/**
 * The order of a consumer's allocations, stored beside them, since a map of DynamoDB has
 * none. It is a hint. A release without it leaves it unchanged when it writes the map: names
 * in the hint that the map lacks are ignored, and entries of the map that the hint lacks come
 * last.
 */
import { type Allocations, type Claimed, type Consumer, isIdle } from "../../model/consumer.ts";
import type { Amounts } from "../../model/inventory.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";

/**
 * Providers and amounts together: above this, an item with its order could exceed DynamoDB's
 * 400 KB.
 */
export const MAX_ORDERED = 2_500;

/**
 * `p` providers, `k` class ids by provider, each only if it is not the default order; `s`
 * generation, time and place of the last write of allocations, if other writes came later.
 */
interface Hint {
  readonly p?: readonly Uuid[];
  readonly k?: Readonly<Record<Uuid, readonly ClassId[]>>;
  readonly s?: readonly [generation: number, at: number, place: number];
}

/** Undefined if every order is the default one. */
export function orderHint(given: Consumer): Hint | undefined {
  if (isIdle(given)) return undefined;
  const { generation, claimed, updated } = given;
  const alone = claimed.at === updated && claimed.place === 0;
  const hint: Hint = {
    ...orders(given.allocations),
    ...(alone ? {} : { s: [generation, claimed.at, claimed.place] as const }),
  };
  return Object.keys(hint).length === 0 ? undefined : hint;
}

function orders(allocations: Allocations): Pick<Hint, "p" | "k"> {
  let entries = allocations.size;
  for (const amounts of allocations.values()) entries += amounts.size;
  if (entries > MAX_ORDERED) return {};
  const providers = [...allocations.keys()];
  const classes = [...allocations].flatMap(([provider, amounts]) => {
    const ids = [...amounts.keys()];
    return isAscending(ids) ? [] : [[provider, ids] as const];
  });
  return {
    ...(isAscending(providers) ? {} : { p: providers }),
    ...(classes.length === 0 ? {} : { k: Object.fromEntries(classes) }),
  };
}

function isAscending(list: readonly (string | number)[]): boolean {
  return list.every((each, index) => index === 0 || (list[index - 1] ?? each) <= each);
}

/**
 * Allocations in their order; by default providers by uuid and classes by id.
 * @param attribute amounts by class id by provider
 * @param hint as stored, not validated
 */
export function inStoredOrder(
  attribute: Readonly<Record<string, unknown>>,
  hint: unknown,
  amountsOf: (attribute: unknown) => Amounts,
): Allocations {
  const providers = inOrder(Object.keys(attribute).map(storedUuid).sort(), part(hint, "p"));
  const classes = part(hint, "k");
  return new Map(
    providers.map((provider) => {
      const amounts = amountsOf(attribute[provider]);
      const ids = inOrder([...amounts.keys()], part(classes, provider));
      return [provider, new Map(ids.map((id) => [id, amounts.get(id) ?? 0]))];
    }),
  );
}

/**
 * When and at which place of its request the allocations were written, if the hint is of this
 * generation.
 */
export function storedClaimed(hint: unknown, generation: number, updated: number): Claimed {
  const stored = part(hint, "s");
  if (!Array.isArray(stored) || stored[0] !== generation) return { at: updated, place: 0 };
  return claimedFrom(stored[1], stored[2], updated);
}

/** @param at and `place`: as stored, not validated */
export function claimedFrom(at: unknown, place: unknown, updated: number): Claimed {
  return {
    at: typeof at === "number" ? at : updated,
    place: typeof place === "number" ? place : 0,
  };
}

/** First the elements that `hint` lists, then the rest of `all` in its order. */
function inOrder<T>(all: readonly T[], hint: unknown): T[] {
  if (!Array.isArray(hint)) return [...all];
  const rest = new Set(all);
  const first = hint.filter((each) => rest.delete(each));
  return [...first, ...rest];
}

function part(hint: unknown, name: string): unknown {
  if (typeof hint !== "object" || hint === null || !Object.hasOwn(hint, name)) return undefined;
  return (hint as Record<string, unknown>)[name];
}
