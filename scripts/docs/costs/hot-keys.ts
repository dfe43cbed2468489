/** The items of the model that most requests read or write, beside what one partition takes. */
import { LOGS } from "../../../lib/store/items/shard-log.ts";
import { table } from "../table.ts";
import { ASSUMED, load } from "./model.ts";
import { PARTITION } from "./prices.ts";
import { number } from "./tables.ts";

/** Units of a transaction for an item of up to 1 KB. */
const IN_TRANSACTION = 2;

export interface HotKey {
  readonly name: string;
  /** Units a second. */
  readonly reads: number;
  readonly writes: number;
  readonly what: string;
}

/** Functions that look whether a large change was committed read its index, once for an answer. */
export function hotKeys(): HotKey[] {
  const { claims } = ASSUMED;
  const changes = 2 * claims;
  const rate = (name: string) => load().find((part) => part.name.includes(name))?.rate ?? 0;
  const candidates = rate("candidates");
  return [
    {
      name: "the commit index",
      reads: 2 * candidates + rate("allocations of their host"),
      writes: 0,
      what: "read with the shard logs by candidates, again if a provider was read, and after each list",
    },
    {
      name: `each of the ${LOGS} shard logs`,
      reads: candidates,
      writes: changes / LOGS,
      what: "read by each search and list of providers; one unit for each change",
    },
    {
      name: "a provider that all claim from",
      reads: 0,
      writes: IN_TRANSACTION * changes,
      what: "only if there is such a provider: claims refuse one another before that",
    },
    {
      name: "the consumers of one project",
      reads: 0,
      writes: IN_TRANSACTION * changes,
      what: "only if all claims are of one project; its keys are spread by user and consumer, so DynamoDB can split it",
    },
  ];
}

const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)}%`;

export function hotKeyTable(): string {
  const head = ["Key", "Read units a second", "Write units a second", "Why"];
  const rows = hotKeys().map(({ name, reads, writes, what }) => [
    name,
    `${number(Math.round(reads))} (${percent(reads, PARTITION.readUnits)})`,
    `${number(Math.round(writes))} (${percent(writes, PARTITION.writeUnits)})`,
    what,
  ]);
  return table(head, rows);
}
