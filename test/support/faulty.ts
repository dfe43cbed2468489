/** An API with an injected connection and a clock whose sleeps end at once. */
import { type Api, type ApiOptions, startApi } from "./api.ts";
import { type FastClock, fastClock } from "./fast-clock.ts";
import { type Call, type Interposer, interpose } from "./interpose.ts";

export interface Faulty {
  /** Its calls go through what `interpose` set. */
  readonly api: Api;
  /** Another server of the table, without faults and on the system's clock. */
  readonly sound: Api;
  readonly clock: FastClock;
  /** Undefined lets everything through again. */
  interpose(interposer: Interposer | undefined): void;
  close(): Promise<void>;
}

export async function startFaulty(options: ApiOptions = {}): Promise<Faulty> {
  const clock = fastClock();
  let current: Interposer | undefined;
  const api = await startApi({
    ...options,
    clock,
    connection: (connection) =>
      interpose(connection, (call) => (current === undefined ? call.send() : current(call))),
  });
  const sound = await startApi({ ...options, tableName: api.tableName });
  return {
    api,
    sound,
    clock,
    interpose: (interposer) => {
      current = interposer;
    },
    close: async () => {
      await sound.close();
      await api.close();
    },
  };
}

export type Matches = (call: Call) => boolean;

/** The next `count` matching calls fail without being sent. */
export function failBefore(count: number, matches: Matches, error: () => Error): Interposer {
  let left = count;
  return async (call) => {
    if (!matches(call) || left === 0) return call.send();
    left -= 1;
    throw error();
  };
}

/** The next `count` matching calls are done, and their answers lost, whatever they are. */
export function loseAnswers(count: number, matches: Matches, error: () => Error): Interposer {
  let left = count;
  return async (call) => {
    if (!matches(call) || left === 0) return call.send();
    left -= 1;
    await call.send().catch(() => undefined);
    throw error();
  };
}
