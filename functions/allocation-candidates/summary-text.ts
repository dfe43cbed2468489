/** The summary of one provider, as a member of a JSON object. */
import { jsonNumber, jsonString } from "../../lib/model/json-text.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import { NONE } from "../../lib/model/snapshot/columns.ts";
import type { Snapshot } from "../../lib/model/snapshot/snapshot.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import type { ClassTexts } from "./class-texts.ts";

export interface Summarized {
  readonly snapshot: Snapshot;
  /** Whether a class is part of the summaries. */
  shows(id: number): boolean;
  readonly classes: ClassTexts;
  readonly traits: NameDirectory;
  readonly version: Minor;
}

const [TRAITS, TREE] = [minor("1.17"), minor("1.29")];

export function summaryText(shown: Summarized, row: number): string {
  const { snapshot, traits, version } = shown;
  const { interned, columns } = snapshot;
  const uuid = jsonString(snapshot.uuidOf(row));
  let text = `${uuid}:{"resources":{${resourcesText(shown, row)}}`;
  if (version >= TRAITS) {
    text += `,"traits":${interned.traitTexts.textOf(columns.traits[row] ?? 0, traits)}`;
  }
  if (version >= TREE) {
    const [parent, root] = [snapshot.parentOf(row), snapshot.rootOf(row)];
    const above = parent === NONE ? "null" : jsonString(snapshot.uuidOf(parent));
    const top = root === row ? uuid : jsonString(snapshot.uuidOf(root));
    text += `,"parent_provider_uuid":${above},"root_provider_uuid":${top}`;
  }
  return `${text}}`;
}

/** The capacity of a snapshot is truncated toward zero already. */
function resourcesText({ snapshot, shows, classes: texts }: Summarized, row: number): string {
  const { firstSlot, slots, classes, capacity, used } = snapshot.columns;
  const first = firstSlot[row] ?? 0;
  let text = "";
  for (let slot = first; slot < first + (slots[row] ?? 0); slot += 1) {
    const id = classes[slot] ?? NONE;
    const key = shows(id) ? texts.keyOf(id) : undefined;
    if (key === undefined) continue;
    const [most, taken] = [jsonNumber(capacity[slot] ?? 0), jsonNumber(used[slot] ?? 0)];
    text += `${text === "" ? "" : ","}${key}{"capacity":${most},"used":${taken}}`;
  }
  return text;
}
