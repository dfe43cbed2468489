/** How large the items become that grow, and where DynamoDB's limit of 400 KB bites. */
import { consumerItem } from "../../../../lib/store/items/consumer.ts";
import { hotItem } from "../../../../lib/store/items/hot.ts";
import { profileItem } from "../../../../lib/store/items/profile.ts";
import { treeItem } from "../../../../lib/store/items/tree.ts";
import { fleetProvider, fleetUuid } from "../../../support/fleet.ts";
import { heading, table } from "../report.ts";

const LIMIT = 409_600;
const [FEW, MANY] = [10, 110];
const NOW = 1_700_000_000_000;

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const uuids = (count: number) => numbers(count).map((n) => fleetUuid(7, n));
const UUID = fleetUuid(8, 0);

/** An item with so many of what it holds. */
const GROWING: Readonly<Record<string, (count: number) => unknown>> = {
  "a provider's state, by its classes": (count) =>
    hotItem(
      fleetProvider({
        uuid: UUID,
        totals: Object.fromEntries(numbers(count).map((n) => [n, 2_147_483_647])),
        used: 1_000_000,
      }).state,
    ),
  "a provider's profile, by its custom traits": (count) =>
    profileItem(
      fleetProvider({ uuid: UUID, traits: numbers(count).map((n) => 65_536 + n) }).profile,
    ),
  "a provider's profile, by its aggregates": (count) =>
    profileItem(fleetProvider({ uuid: UUID, aggregates: uuids(count) }).profile),
  "a tree, by its providers": (count) =>
    treeItem({
      root: UUID,
      version: NOW,
      parents: new Map(uuids(count).map((one) => [one, UUID])),
    }),
  "a consumer, by its providers, three classes each": (count) =>
    consumerItem({
      ...{ uuid: UUID, generation: 100, writeId: UUID, incarnation: UUID },
      ...{ project: UUID, user: UUID, type: "INSTANCE", created: NOW, updated: NOW },
      allocations: new Map(
        uuids(count).map((one) => [
          one,
          new Map([
            [0, 8],
            [1, 16_384],
            [2, 100],
          ]),
        ]),
      ),
      claimed: { at: NOW, place: 0 },
    }),
};

export function curveOfSizes(): void {
  heading(`Items that grow, and the count at which they reach ${LIMIT.toLocaleString("en")} bytes`);
  const rows = Object.entries(GROWING).map(([name, make]) => {
    const [few, many] = [sizeOf(make(FEW)), sizeOf(make(MANY))];
    const each = (many - few) / (MANY - FEW);
    return [name, few, each, Math.floor(FEW + (LIMIT - few) / each)];
  });
  table(["item", `bytes with ${FEW}`, "bytes for each more", "count at the limit"], rows);
}

/**
 * As DynamoDB counts. Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return Math.ceil(digitsOf(value) / 2) + 1;
  if (value instanceof Uint8Array) return value.length;
  if (value === null || typeof value !== "object") return 1;
  const inner = Array.isArray(value)
    ? value.map((each) => sizeOf(each) + 1)
    : Object.entries(value).map(([name, each]) => Buffer.byteLength(name) + sizeOf(each) + 1);
  return 3 + inner.reduce((sum, size) => sum + size, 0);
}

function digitsOf(value: number): number {
  return `${value}`.replace(/\D/g, "").replace(/^0+|0+$/g, "").length;
}
