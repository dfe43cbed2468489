/** The tables of docs/costs.md: what each operation costs, as test/fixtures/costs.json keeps it. */
import costs from "../../../test/fixtures/costs.json" with { type: "json" };
import { table } from "../table.ts";

export interface Counted {
  readonly roundTrips: number;
  /** Round trips that it should take at most; null where nothing is asked. */
  readonly aim: number | null;
  readonly calls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly answerBytes: number;
}

type Group = Readonly<Record<string, Counted>>;

const groups: Readonly<Record<string, Group>> = costs;

/** The cost of a shape. */
export function costOf(group: string, name: string): Counted {
  const found = groups[group]?.[name];
  if (found === undefined) throw new Error(`no cost is kept of ${group}, ${name}`);
  return found;
}

const HEAD = [
  "Request",
  "Round trips",
  "Calls",
  "Read units",
  "Write units",
  "Bytes sent",
  "Bytes received",
  "Bytes answered",
];

export const number = (value: number) => value.toLocaleString("en");

const misses = ({ roundTrips, aim }: Counted) => aim !== null && roundTrips > aim;

function row([name, counted]: readonly [string, Counted]): string[] {
  const { roundTrips, aim, calls, readUnits, writeUnits } = counted;
  const { sentBytes, receivedBytes, answerBytes } = counted;
  const numbers = [calls, readUnits, writeUnits, sentBytes, receivedBytes, answerBytes];
  const trips = misses(counted) ? `**${roundTrips}** (aim ${aim})` : `${roundTrips}`;
  return [name, trips, ...numbers.map(number)];
}

export function costTables(): string {
  return Object.entries(groups)
    .map(([group, shapes]) => `### ${group}\n\n${table(HEAD, Object.entries(shapes).map(row))}`)
    .join("\n");
}

/** How many shapes reach their aim, of how many that have one. */
export function reached(): { readonly reached: number; readonly of: number } {
  const aimed = Object.values(groups)
    .flatMap((shapes) => Object.values(shapes))
    .filter(({ aim }) => aim !== null);
  return { reached: aimed.filter((counted) => !misses(counted)).length, of: aimed.length };
}
