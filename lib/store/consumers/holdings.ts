/** What consumers hold. */
import type { Consumer } from "../../model/consumer.ts";
import type { Uuid } from "../../model/uuid.ts";
import { readStates } from "../providers/read.ts";
import type { ItemReader } from "../table/reader.ts";
import { Busy, DamagedRecords } from "../table/refusals.ts";
import { backOff } from "../table/retry.ts";
import { readConsumers } from "./change.ts";

/** How often consumers are read again that have released a provider meanwhile. */
const MAX_READS = 8;

/** A consumer, and the generations of the providers on which it holds allocations. */
export interface Holdings {
  readonly consumer: Consumer;
  readonly generations: ReadonlyMap<Uuid, number>;
}

/** @throws Busy, DamagedRecords */
export async function readHoldings(reader: ItemReader, uuid: Uuid): Promise<Holdings | undefined> {
  return (await readManyHoldings(reader, [uuid])).get(uuid);
}

/**
 * Those of `uuids` that exist. A provider that is absent was released before its deletion: its
 * consumers are read again.
 * @param check is called with the consumers before their providers are read, and may throw
 * @throws Busy, DamagedRecords
 */
export async function readManyHoldings(
  reader: ItemReader,
  uuids: readonly Uuid[],
  check: (consumers: readonly Consumer[]) => void = () => {},
): Promise<Map<Uuid, Holdings>> {
  const found = new Map<Uuid, Holdings>();
  const before = new Map<Uuid, string>();
  let pending = uuids;
  for (let attempt = 1; attempt <= MAX_READS; attempt += 1) {
    const consumers = [...(await readConsumers(reader, pending)).values()];
    check(consumers);
    const generations = await generationsOf(reader, consumers);
    const again: Uuid[] = [];
    for (const consumer of consumers) {
      const { uuid, writeId, allocations } = consumer;
      if ([...allocations.keys()].every((provider) => generations.has(provider))) {
        found.set(uuid, { consumer, generations });
        continue;
      }
      if (before.get(uuid) === writeId) {
        throw new DamagedRecords(`consumer ${uuid} is on a provider that is absent`);
      }
      before.set(uuid, writeId);
      again.push(uuid);
    }
    if (again.length === 0) return found;
    pending = again;
    if (!(await backOff(reader, attempt))) break;
  }
  throw new Busy();
}

async function generationsOf(
  reader: ItemReader,
  consumers: readonly Consumer[],
): Promise<Map<Uuid, number>> {
  const providers = new Set(consumers.flatMap(({ allocations }) => [...allocations.keys()]));
  const states = await readStates(reader, [...providers]);
  return new Map(states.flatMap((state) => (state ? [[state.uuid, state.generation]] : [])));
}
