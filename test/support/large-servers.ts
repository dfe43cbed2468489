/** Three servers of one table with a world that is reshaped, for faults of a large change. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type Api, startApi } from "./api.ts";
import { type FastClock, fastClock } from "./fast-clock.ts";
import type { HttpAnswer } from "./http-client.ts";
import { type Interposer, interpose } from "./interpose.ts";
import {
  expectWhole,
  type LargeWorld,
  makeLargeWorld,
  type Position,
  reshapeBody,
  sweep,
} from "./large-world.ts";
import type { Requester } from "./world.ts";

const HOUR = 3_600_000;

/** Its calls go through what `between` is. */
export interface Disturbed extends Api {
  between: Interposer | undefined;
}

async function startDisturbed(tableName?: string, clock?: FastClock): Promise<Disturbed> {
  const disturbance: { between: Interposer | undefined } = { between: undefined };
  const api = await startApi({
    ...(tableName === undefined ? {} : { tableName }),
    ...(clock === undefined ? {} : { clock }),
    connection: (connection) =>
      interpose(connection, (call) => disturbance.between?.(call) ?? call.send()),
  });
  return Object.assign(disturbance, api);
}

export interface LargeServers {
  /** The coordinator: it sleeps in no time. */
  slow: Disturbed;
  clock: FastClock;
  reader: Disturbed;
  /** An hour later: to it every undecided change has expired. */
  late: Disturbed;
  /** Anew for each test. */
  world: LargeWorld;
  /** Moves the world's consumers to the other side. */
  reshape(server: Requester, position: Position): Promise<HttpAnswer>;
}

/** Starts them for all tests of a file; after each test the table has to be whole. */
export function largeServers(): LargeServers {
  const all = {} as LargeServers;
  all.reshape = async (server, position) => {
    const body = await reshapeBody(all.reader, all.world, position);
    return server.request("POST", "/reshaper", { body, roles: "service" });
  };
  beforeAll(async () => {
    all.clock = fastClock();
    all.slow = await startDisturbed(undefined, all.clock);
    const { tableName } = all.slow;
    all.reader = await startDisturbed(tableName);
    all.late = await startDisturbed(tableName, fastClock(Date.now() + HOUR));
  });
  beforeEach(async () => {
    all.world = await makeLargeWorld(all.reader);
    // A coordinator whose clock is far behind the readers' writes records that have expired.
    all.clock.pass(Math.max(0, Date.now() - all.clock.now()));
  });
  afterEach(async () => {
    for (const api of [all.slow, all.reader, all.late]) api.between = undefined;
    await sweep(all.late);
    await expectWhole(all.reader);
  });
  afterAll(async () => {
    for (const api of [all.late, all.reader, all.slow]) await api.close();
  });
  return all;
}

/** The position after a reshape. */
export const moved = ({ side, consumerGeneration }: Position): Position => ({
  side: side === 0 ? 1 : 0,
  consumerGeneration: consumerGeneration + 1,
});
