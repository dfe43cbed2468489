/** One allocation request of an answer, as JSON text. */
import type { Candidate } from "../../lib/model/candidates/candidate.ts";
import type { Amounts } from "../../lib/model/inventory.ts";
import { jsonNumber, jsonString } from "../../lib/model/json-text.ts";
import type { ClassTexts } from "./class-texts.ts";

/** What differs between versions. */
export interface Shape {
  /** Whether allocations are a list, as below 1.12, and not an object. */
  readonly listed: boolean;
  /** The suffixes of the mappings, in the order in which they are shown; undefined below 1.34. */
  readonly suffixes: readonly string[] | undefined;
}

export function requestText(
  { allocations, mappings }: Candidate,
  classes: ClassTexts,
  { listed, suffixes }: Shape,
): string {
  let shown = "";
  for (const [uuid, amounts] of allocations) {
    if (shown !== "") shown += ",";
    const provider = jsonString(uuid);
    const resources = `"resources":{${amountsText(amounts, classes)}}`;
    shown += listed
      ? `{"resource_provider":{"uuid":${provider}},${resources}}`
      : `${provider}:{${resources}}`;
  }
  if (listed) return `{"allocations":[${shown}]}`;
  if (suffixes === undefined) return `{"allocations":{${shown}}}`;
  return `{"allocations":{${shown}},"mappings":{${mappingsText(mappings, suffixes)}}}`;
}

function amountsText(amounts: Amounts, classes: ClassTexts): string {
  let text = "";
  for (const [id, amount] of amounts) {
    const key = classes.keyOf(id);
    if (key === undefined) continue;
    text += text === "" ? `${key}${jsonNumber(amount)}` : `,${key}${jsonNumber(amount)}`;
  }
  return text;
}

function mappingsText(mappings: Candidate["mappings"], suffixes: readonly string[]): string {
  let text = "";
  for (const suffix of suffixes) {
    const providers = (mappings.get(suffix) ?? []).map(jsonString).join();
    text += `${text === "" ? "" : ","}${jsonString(suffix)}:[${providers}]`;
  }
  return text;
}
