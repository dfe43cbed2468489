/** A warm function with concurrent writers: its view of the providers, and what it reads for it. */
import { expect } from "vitest";
import type { Provider } from "../../lib/model/provider.ts";
import type { View } from "../../lib/store/cache/snapshot/view.ts";
import { stateOf } from "../../lib/store/items/hot.ts";
import { profileOf } from "../../lib/store/items/profile.ts";
import { viewOf as storedView } from "../../lib/store/providers/view.ts";
import type { Store } from "../../lib/store/store.ts";
import { type Api, type ApiOptions, startApi } from "./api.ts";
import { type FastClock, fastClock } from "./fast-clock.ts";
import { type Call, type Interposer, interpose } from "./interpose.ts";
import { countReads, type Reads } from "./reads.ts";

export interface Warm {
  /** The function that keeps a snapshot. */
  readonly reader: Api;
  /** Its clock, which stands still unless it is moved. */
  readonly clock: FastClock;
  readonly writer: Api;
  /** Undefined lets everything through again. */
  holdReader(interposer: Interposer | undefined): void;
  holdWriter(interposer: Interposer | undefined): void;
  /** What the reader did since the last look, and the units that it consumed. */
  reads(): Reads;
  /** What a request that arrives now is answered from. */
  view(): Promise<View>;
  /** A view that is as the table is, whole and in order. */
  exactView(): Promise<View>;
  close(): Promise<void>;
}

const READING = ["GetItem", "BatchGetItem", "Query"] as const;

/** The store of one request that only reads. */
export function readingStore({ runtime }: Api, milliseconds = 20_000): Store {
  const deadline = runtime.clock.now() + milliseconds;
  return runtime.openStore({ access: READING, deadline });
}

export function viewOf(api: Api): Promise<View> {
  return storedView(readingStore(api));
}

/** All providers as their items are, by uuid. */
export async function storedProviders(api: Api): Promise<Provider[]> {
  const items = await api.items();
  const profiles = new Map(
    items.flatMap((item) => (item.sk.startsWith("P#") ? [[item.sk.slice(2), item]] : [])),
  );
  return items.flatMap((item) => {
    const profile = item.sk.startsWith("H#") ? profiles.get(item.sk.slice(2)) : undefined;
    return profile === undefined ? [] : [{ state: stateOf(item), profile: profileOf(profile) }];
  });
}

export const byUuid = (providers: readonly Provider[]) =>
  providers.toSorted((a, b) => (a.state.uuid < b.state.uuid ? -1 : 1));

/** @param given `heldLogs`: reader and writer are of one process, which holds the shard logs */
export async function startWarm(given: Pick<ApiOptions, "heldLogs"> = {}): Promise<Warm> {
  const clock = fastClock();
  const counter = countReads();
  let reading: Interposer | undefined;
  let writing: Interposer | undefined;
  const watched = (call: Call) => counter.watched(call, reading);
  const reader = await startApi({
    ...given,
    clock,
    connection: (connection) => interpose(connection, watched),
  });
  const writer = await startApi({
    ...given,
    tableName: reader.tableName,
    connection: (connection) =>
      interpose(connection, (call) => (writing === undefined ? call.send() : writing(call))),
  });
  return {
    reader,
    clock,
    writer,
    holdReader: (interposer) => {
      reading = interposer;
    },
    holdWriter: (interposer) => {
      writing = interposer;
    },
    reads: counter.reads,
    view: () => viewOf(reader),
    exactView: async () => {
      const view = await viewOf(reader);
      expect(byUuid(view.providers())).toEqual(byUuid(await storedProviders(writer)));
      return view;
    },
    close: async () => {
      await writer.close();
      await reader.close();
    },
  };
}
