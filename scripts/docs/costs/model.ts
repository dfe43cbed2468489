/** A model of a large deployment, computed from counted costs: its load, capacity and dollars. */
import { GATEWAY, GIGABYTE, HOURS_OF_MONTH, PRICES, TRANSFER, tiered } from "./prices.ts";
import { type Counted, costOf } from "./tables.ts";

/** What is assumed, and said in docs/costs.md. */
export const ASSUMED = {
  hosts: 100_000,
  claims: 1_000,
  /** Requests of an agent to the allocations of its host, and to each of three other lists. */
  secondsBetweenLooks: 60,
  secondsBetweenRefreshes: 300,
  /** Of an answer of candidates after compression: docs/performance.md. */
  compressed: 0.09,
  /** Milliseconds of a function: for each round trip, and its own. */
  roundTrip: 8,
  own: 10,
  gigabytes: 1,
  /** Read units of all states of 1,000 providers: test/snapshot/read-units.test.ts. */
  unitsOfStates: 44,
  snapshotMaxAge: 60,
  /** Of one event, and how long it is kept: test/history/sizes.test.ts. */
  eventBytes: 600,
  historyDays: 30,
} as const;

const LISTS = "Lists and candidates, 100 hosts of 40 traits";

/** A kind of request of the load. */
export interface Part {
  readonly name: string;
  /** Requests a second. */
  readonly rate: number;
  /** Of one request. */
  readonly cost: Counted;
  /** Of one request, as the caller receives it. */
  readonly answerBytes: number;
}

const SECONDS = HOURS_OF_MONTH * 3_600;

const milliseconds = ({ roundTrips }: Counted) => roundTrips * ASSUMED.roundTrip + ASSUMED.own;

/** Functions that run at once. */
export const atOnce = ({ rate, cost }: Part) => (rate * milliseconds(cost)) / 1_000;

function part(name: string, rate: number, cost: Counted): Part {
  return { name, rate, cost, answerBytes: cost.answerBytes };
}

/** Claims and releases change providers while candidates are searched. */
export function candidatesPart(): Part {
  const { claims, hosts, unitsOfStates, snapshotMaxAge, compressed } = ASSUMED;
  const quiet = costOf(LISTS, "candidates, `limit=100`");
  // What changed is read in a second round trip, and the commit index in a third.
  const roundTrips = quiet.roundTrips + 2;
  const instances = (claims * milliseconds({ ...quiet, roundTrips })) / 1_000;
  // An instance answers one request in so many seconds; each claim and release names a provider.
  const changes = (2 * claims * instances) / claims;
  const full = ((hosts / 1_000) * unitsOfStates * instances) / snapshotMaxAge / claims;
  const readUnits = quiet.readUnits + 1 + changes + full;
  return {
    name: "candidates, `limit=100`",
    rate: claims,
    cost: { ...quiet, roundTrips, readUnits },
    answerBytes: quiet.answerBytes * compressed,
  };
}

export function load(): Part[] {
  const { claims, hosts, secondsBetweenLooks, secondsBetweenRefreshes } = ASSUMED;
  const settings = "Inventories, traits and aggregates of a provider";
  const looks = hosts / secondsBetweenLooks;
  const refreshes = hosts / secondsBetweenRefreshes;
  return [
    part("claims of new consumers", claims, costOf("Claims", "new consumer, one provider")),
    part("releases", claims, costOf("Claims", "release")),
    candidatesPart(),
    part(
      "agents: allocations of their host",
      looks,
      costOf("Use and allocations", "allocations of a provider with ten consumers"),
    ),
    part("agents: inventories", refreshes, costOf(settings, "show all inventories")),
    part("agents: traits", refreshes, costOf(settings, "show traits")),
    part("agents: aggregates", refreshes, costOf(settings, "show aggregates")),
  ];
}

/** Dollars a month. */
export interface Dollars {
  readonly writes: number;
  readonly reads: number;
  readonly functions: number;
  readonly gateway: number;
  readonly transfer: number;
}

const sumOf = (parts: readonly Part[], of: (part: Part) => number) =>
  parts.reduce((sum, each) => sum + each.rate * of(each), 0);

export const capacity = (parts: readonly Part[]) => ({
  writes: sumOf(parts, ({ cost }) => cost.writeUnits),
  reads: sumOf(parts, ({ cost }) => cost.readUnits),
});

/** @param all whose tiers of prices apply to `parts`, by their share */
export function dollars(parts: readonly Part[], all: readonly Part[] = parts): Dollars {
  const { writes, reads } = capacity(parts);
  const requests = (some: readonly Part[]) => SECONDS * sumOf(some, () => 1);
  const gigabytes = (some: readonly Part[]) =>
    (SECONDS * sumOf(some, ({ answerBytes }) => answerBytes)) / GIGABYTE;
  const duration = SECONDS * sumOf(parts, ({ cost }) => milliseconds(cost) / 1_000);
  const share = (own: number, whole: number) => (whole === 0 ? 0 : own / whole);
  return {
    writes: SECONDS * writes * PRICES.writeUnit,
    reads: SECONDS * reads * PRICES.readUnit,
    functions:
      requests(parts) * PRICES.lambdaRequest +
      duration * ASSUMED.gigabytes * PRICES.lambdaGigabyteSecond,
    gateway: share(requests(parts), requests(all)) * tiered(GATEWAY, requests(all)),
    transfer: share(gigabytes(parts), gigabytes(all)) * tiered(TRANSFER, gigabytes(all)),
  };
}

/** What the history of the claims of this load keeps, and of their releases as much again. */
export function history() {
  const { claims, eventBytes, historyDays } = ASSUMED;
  const gigabytes = (claims * eventBytes * historyDays * 86_400) / GIGABYTE;
  return {
    writes: claims * EVENT_UNITS * SECONDS * PRICES.writeUnit,
    terabytes: gigabytes / 1_024,
    storage: gigabytes * PRICES.storage,
  };
}

/** An event is below a kilobyte, and written in a transaction. */
const EVENT_UNITS = 2;

/** The same capacity provisioned, if it were used evenly and in full. */
export function provisioned(parts: readonly Part[]) {
  const { writes, reads } = capacity(parts);
  return {
    writes: writes * PRICES.writeCapacityHour * HOURS_OF_MONTH,
    reads: reads * PRICES.readCapacityHour * HOURS_OF_MONTH,
  };
}
