/** Names of providers are guarded both ways; custom classes count who uses them. */
import { FIRST_CUSTOM_ID } from "../../../lib/model/standard-classes.ts";
import { nameKey } from "../../../lib/store/keys.ts";
import { providerOfName } from "../../../lib/store/provider-items.ts";
import { type Stored, textOf } from "./stored.ts";

export function brokenNames(stored: Stored): string[] {
  return [...brokenGuards(stored), ...brokenClasses(stored)];
}

function brokenGuards({ profiles, items, ofKind }: Stored): string[] {
  const broken: string[] = [];
  for (const { uuid, name } of profiles.values()) {
    const guard = items.get(textOf(nameKey(name)));
    const holder = guard && providerOfName(guard);
    if (holder !== uuid) broken.push(`name ${name} of provider ${uuid} is held by ${holder}`);
  }
  for (const guard of ofKind("NAME")) {
    const name = guard.pk.slice("NAME#".length);
    const holder = providerOfName(guard);
    if (profiles.get(holder)?.name !== name) broken.push(`name ${name} is not that of ${holder}`);
  }
  return broken;
}

function brokenClasses({ classes, states, items }: Stored): string[] {
  const broken: string[] = [];
  const users = new Map<number, number>();
  for (const { inventories } of states.values()) {
    for (const id of inventories.keys()) users.set(id, (users.get(id) ?? 0) + 1);
  }
  const known = new Map(classes.map(({ id, name }) => [id, name]));
  if (known.size !== classes.length) broken.push("two classes have one id");
  const next = Number(items.get("NAMES NAMES")?.["next"] ?? FIRST_CUSTOM_ID);
  for (const { id, name, users: count } of classes) {
    const counted = users.get(id) ?? 0;
    if (count !== counted) broken.push(`class ${name} counts ${count} providers of ${counted}`);
    if (id < FIRST_CUSTOM_ID || id >= next) broken.push(`class ${name} has id ${id}`);
  }
  for (const id of users.keys()) {
    if (id >= FIRST_CUSTOM_ID && !known.has(id)) broken.push(`class ${id} is used and unknown`);
  }
  return broken;
}
