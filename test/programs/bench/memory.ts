/** What a warm function keeps for each provider. */
import type { Provider } from "../../../lib/model/provider.ts";
import { buildSnapshot } from "../../../lib/model/snapshot/build.ts";
import { Interner } from "../../../lib/store/cache/snapshot/interner.ts";
import { hotItem, stateOf } from "../../../lib/store/items/hot.ts";
import { profileItem, profileOf } from "../../../lib/store/items/profile.ts";
import { decodeItem } from "../../../lib/store/table/wire/items.ts";
import { flat, nested } from "./fleets.ts";
import { bytesOf } from "./measure.ts";
import { heading, table, target } from "./report.ts";
import { bodyOf } from "./wire.ts";

const MOST = 2_048;

/** As a reading leaves them: nothing of the fleet's own objects is kept. */
function read(bodies: readonly string[]): Provider[] {
  const interner = new Interner();
  return bodies.flatMap((body) => {
    const { Items } = JSON.parse(body) as { Items: never[] };
    return Items.map((pair) => {
      const [hot, profile] = (pair as never[]).map((item) => decodeItem(item) as never);
      const state = stateOf(hot as never);
      return { state, profile: interner.profile(profileOf(profile as never), state.uuid) };
    });
  });
}

export function benchMemory(size: number): void {
  heading(`Heap for each provider, ${size.toLocaleString("en")} of them`);
  const worlds = [
    { name: "flat hosts, 60 traits, 3 classes, 20 kinds", made: flat(size) },
    { name: "flat hosts, no two with the same 60 traits", made: distinct(size) },
    { name: "trees of 11", made: nested(Math.round(size / 11)) },
  ];
  const rows = worlds.map(({ name, made }) => {
    const bodies = made.map(({ state, profile }) =>
      bodyOf([[hotItem(state), profileItem(profile)]]),
    );
    const providers = bytesOf(() => read(bodies));
    const snapshot = bytesOf(() => buildSnapshot(providers.made));
    const count = made.length;
    const total = (providers.bytes + snapshot.bytes) / count;
    const each = [providers.bytes / count, snapshot.bytes / count, total].map(Math.round);
    return [name, ...each, target(`bytes, ${name}`, total, MOST)];
  });
  table(["world", "items", "snapshot", "bytes in all", "below 2 KB"], rows);
}

/** Sixty of them each, another choice for every host. */
function distinct(size: number): Provider[] {
  return flat(size).map((provider, index) => {
    const from = 65_536 + index;
    const traits = [...provider.profile.traits.slice(1), from];
    return { ...provider, profile: { ...provider.profile, traits } };
  });
}
