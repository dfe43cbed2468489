/** Dumps in memory: of the table of an API, and into it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checkDump, itemsIn } from "../../lib/store/maintenance/dump/check-dump.ts";
import { type DumpOptions, dumpTable } from "../../lib/store/maintenance/dump/dump-table.ts";
import { itemLine, parseItem } from "../../lib/store/maintenance/dump/lines.ts";
import { loadTable } from "../../lib/store/maintenance/dump/load-table.ts";
import type { MaintenanceStore } from "../../lib/store/maintenance-store.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import type { Api } from "./api.ts";

const PART = 60_000;

export const opener =
  ({ runtime: { openStore, clock } }: Api) =>
  (): MaintenanceStore =>
    openStore({ access: ["Scan", ...WRITING], deadline: clock.now() + PART });

export async function* linesFrom(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** The lines of a dump, and its report. */
export async function dump(
  api: Api,
  options: Partial<Pick<DumpOptions, "pseudonyms" | "inUse" | "progress">> = {},
) {
  const lines: string[] = [];
  const target = {
    write: async (line: string) => {
      lines.push(line);
    },
    lines: () => linesFrom(lines),
  };
  const given = { pseudonyms: undefined, inUse: true, ...options };
  const report = await dumpTable({ open: opener(api), target, ...given });
  return { lines, ...report };
}

/** Loads a whole dump into the table of `api`, which is new. */
export async function load(
  api: Api,
  lines: readonly string[],
  progress?: (items: number) => void,
): Promise<number> {
  const { end } = await checkDump(linesFrom(lines));
  const items = itemsIn(linesFrom(lines));
  const given = { open: opener(api), sha256: end.sha256, items, known: false };
  return loadTable({ ...given, ...(progress === undefined ? {} : { progress }) });
}

/** The folder of the table that commit 15ff8ac has written. */
export const OLD_TABLE = fileURLToPath(new URL("../fixtures/table-15ff8ac", import.meta.url));

/** Its items, as lines of DynamoDB's JSON. */
export function oldItemLines(): string[] {
  const text = readFileSync(`${OLD_TABLE}/items.jsonl`, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => itemLine(parseItem(line)));
}

/** Loads the items of that table, as they are. */
export async function loadOldTable(api: Api): Promise<void> {
  const items = itemsIn(linesFrom(oldItemLines()));
  await loadTable({ open: opener(api), sha256: "0".repeat(64), items, known: false });
}
