/** The table at the end against the world: everything acknowledged is there, and nothing else. */
import type { Inventories } from "../../../lib/model/inventory.ts";
import { STANDARD_CLASS_NAMES } from "../../../lib/model/standard-classes.ts";
import { STANDARD_TRAIT_NAMES } from "../../../lib/model/standard-traits.ts";
import { consumerOf } from "../../../lib/store/items/consumer.ts";
import { customNameOf } from "../../../lib/store/items/custom-name.ts";
import { stateOf } from "../../../lib/store/items/hot.ts";
import { profileOf } from "../../../lib/store/items/profile.ts";
import type { Item } from "../../../lib/store/table/item.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { brokenEvents } from "./check-events.ts";
import { brokenFeed } from "./check-feed.ts";
import { text } from "./operations/reads.ts";
import type { World } from "./world.ts";

/** In words, what is wrong. */
export function brokenTable(items: readonly Item[], world: World): string[] {
  const broken = [...brokenInvariants(items), ...brokenEvents(items), ...brokenFeed(items)];
  const found = stored(items);
  const wanted = told(world);
  for (const key of new Set([...found.keys(), ...wanted.keys()])) {
    const [is, should] = [found.get(key) ?? "absent", wanted.get(key) ?? "absent"];
    if (is !== should) broken.push(`${key} is ${is}, and should be ${should}`);
  }
  return broken;
}

function told({ providers, consumers, classes, traits }: World): Map<string, string> {
  const all = new Map<string, string>();
  for (const [uuid, provider] of providers) all.set(`provider ${uuid}`, text(provider));
  for (const [uuid, consumer] of consumers) all.set(`consumer ${uuid}`, text(consumer));
  for (const name of [...classes, ...traits]) all.set(`name ${name}`, "known");
  return all;
}

function stored(items: readonly Item[]): Map<string, string> {
  const all = new Map<string, string>();
  const names = new Map<number, string>([...STANDARD_CLASS_NAMES]);
  const traits = new Map<number, string>([...STANDARD_TRAIT_NAMES]);
  for (const item of items) {
    if (item.pk !== "CLASSES" && item.pk !== "TRAITS") continue;
    const { id, name } = customNameOf(item);
    (item.pk === "CLASSES" ? names : traits).set(id, name);
    all.set(`name ${name}`, "known");
  }
  const profiles = new Map(
    items
      .filter(({ sk }) => sk.startsWith("P#"))
      .map((item) => [item.sk.slice(2), profileOf(item)]),
  );
  for (const item of items) {
    if (item.sk === "CONSUMER") {
      const { uuid, generation, project, user, type, allocations } = consumerOf(item);
      const held = [...allocations].map(([provider, amounts]) => [
        provider,
        Object.fromEntries([...amounts].map(([id, amount]) => [names.get(id) ?? id, amount])),
      ]);
      const shown = { generation, project, user, type, allocations: Object.fromEntries(held) };
      all.set(`consumer ${uuid}`, text(shown));
    } else if (item.sk.startsWith("H#")) {
      const { uuid, generation, inventories } = stateOf(item);
      const profile = profiles.get(uuid);
      const shown = {
        name: profile?.name,
        parent: profile?.parent ?? null,
        generation,
        inventories: inventoriesOf(inventories, names),
        traits: profile?.traits.map((id) => traits.get(id) ?? String(id)).sort(),
        aggregates: profile?.aggregates,
      };
      all.set(`provider ${uuid}`, text(shown));
    }
  }
  return all;
}

function inventoriesOf(inventories: Inventories, names: ReadonlyMap<number, string>) {
  const shown = [...inventories].map(([id, inventory]) => [
    names.get(id) ?? id,
    {
      total: inventory.total,
      reserved: inventory.reserved,
      min_unit: inventory.minUnit,
      max_unit: inventory.maxUnit,
      step_size: inventory.stepSize,
      allocation_ratio: inventory.allocationRatio,
    },
  ]);
  return Object.fromEntries(shown);
}
