/** The query parameter `resources`. */
import { AmountNotInteger, AmountTooSmall, BadlyFormedResources } from "../refusals/queries.ts";

/** Amounts by class name, in the order of the query. */
export type NamedAmounts = ReadonlyMap<string, number>;

/** An integer as Python's `int` reads it. */
const INTEGER = /^\s*[+-]?\d+(_\d+)*\s*$/;

/**
 * Reads `VCPU:2,MEMORY_MB:1024`. Names are not trimmed; of a repeated class the
 * last amount counts.
 *
 * Source: Placement API reference, "List resource providers".
 * @throws BadlyFormedResources, AmountNotInteger, AmountTooSmall
 */
export function parseResources(value: string): NamedAmounts {
  if (value.trim() === "") throw new BadlyFormedResources("empty string");
  const amounts = new Map<string, number>();
  for (const pair of value.split(",")) {
    const [name, given, ...rest] = pair.split(":");
    if (name === undefined || given === undefined || rest.length > 0) {
      throw new BadlyFormedResources(pair);
    }
    if (!INTEGER.test(given)) throw new AmountNotInteger(name, given);
    const amount = Number(given.replaceAll("_", ""));
    if (amount < 1) throw new AmountTooSmall(name, String(amount));
    amounts.set(name, amount);
  }
  return amounts;
}

/** Repeats of the parameter: the last one counts, but a malformed earlier one is refused too. */
export function parseLastResources(values: readonly string[]): NamedAmounts {
  return values.map(parseResources).at(-1) ?? new Map();
}
