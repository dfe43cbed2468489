/** A template as text that changes when the stack does, and not when the functions' code does. */
import type { Assembly } from "./assembly.ts";

/** In keys of assets, and at the end of the ids of versions and deployments. */
const HASHES = [
  [/[0-9a-f]{64}\.zip/g, "CODE.zip"],
  [/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, "$1"],
] as const;

/** A line for each resource and output, sorted by their ids, with sorted properties. */
export function canonicalTemplate({ resources, outputs }: Assembly): string {
  const lines = Object.entries({ ...resources, ...outputs })
    .map(([id, value]) => `${id} ${JSON.stringify(sorted(value))}`)
    .map((line) => HASHES.reduce((text, [hash, words]) => text.replaceAll(hash, words), line));
  return `${lines.sort().join("\n")}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
