/** The passes of an import: read the source, compare it with the table, write what differs. */
import {
  type Difference,
  differenceLine,
  differencesOf,
} from "../../lib/model/content/differences.ts";
import { type Misfit, misfitsOf, withStandIns } from "../../lib/model/content/misfits.ts";
import { NotDone } from "./not-done.ts";
import type { ImportOptions } from "./options.ts";
import { type Progress, seconds } from "./progress.ts";
import {
  countsOf,
  type Tell,
  tellDifferences,
  tellLeft,
  tellMisfits,
  tellUnknown,
  unknownNames,
} from "./report.ts";
import type { SourceApi } from "./source/api.ts";
import { type Reading, readSource } from "./source/read.ts";
import type { Target } from "./target/target.ts";
import { writeDifferences } from "./target/write.ts";
import type { Left } from "./target/writing.ts";

export interface RunParts {
  readonly api: SourceApi;
  readonly target: Target;
  readonly progress: Progress;
  readonly clock: { now(): number };
  /** Results. */
  readonly print: Tell;
  /** All else. */
  readonly warn: Tell;
}

export const EQUAL = 0;
export const DIFFERENT = 1;

interface Compared {
  readonly reading: Reading;
  readonly misfits: readonly Misfit[];
  readonly differences: readonly Difference[];
  readonly table: Awaited<ReturnType<Target["read"]>>;
}

/**
 * @returns the exit status: 0 equal, 1 different
 * @throws NotDone, and what the client and the store throw
 */
export async function runImport(parts: RunParts, options: ImportOptions): Promise<number> {
  switch (options.mode) {
    case "verify":
      return verify(parts, options);
    case "dry-run":
      return dryRun(parts, options);
    default:
      return passes(parts, options);
  }
}

async function compare(
  { api, target, progress, warn, clock }: RunParts,
  { width }: ImportOptions,
  last?: Reading,
): Promise<Compared> {
  const began = clock.now();
  const reading = await readSource(api, { width, progress }, last);
  const table = await target.read();
  const misfits = misfitsOf(reading);
  const differences = differencesOf(withStandIns(reading, misfits), table);
  const { providers, consumers } = reading;
  const sizes = `${providers.size} providers and ${consumers.size} consumers`;
  const time = seconds(clock.now() - began);
  warn(`compared ${sizes} in ${time}: ${differences.length} differences`);
  return { reading, misfits, differences, table };
}

async function verify(parts: RunParts, options: ImportOptions): Promise<number> {
  const { reading, misfits, differences } = await compare(parts, options);
  tellUnknown(unknownNames(reading), parts.warn);
  tellMisfits(misfits, true, parts.warn);
  tellDifferences(differences, parts.print);
  return differences.length === 0 ? EQUAL : DIFFERENT;
}

async function dryRun(parts: RunParts, options: ImportOptions): Promise<number> {
  const compared = await compare(parts, options);
  requireWritable(parts, options, compared);
  tellMisfits(compared.misfits, options.asIs, parts.warn);
  for (const difference of compared.differences) parts.print(differenceLine(difference));
  parts.print(`${countsOf(compared.differences, "planned")} in ${parts.target.words}`);
  return compared.differences.length === 0 ? EQUAL : DIFFERENT;
}

/** @throws NotDone before anything is written */
function requireWritable({ warn }: RunParts, options: ImportOptions, compared: Compared): void {
  const unknown = unknownNames(compared.reading);
  tellUnknown(unknown, warn);
  const used = unknown.filter((each) => each.used);
  if (used.length > 0) {
    throw new NotDone(
      `nothing was written: the source uses ${used.length} standard names that this release does not know; import with a release that knows them`,
    );
  }
  const extra = compared.differences.filter(
    ({ of, only }) => only === "table" && of !== "consumer",
  );
  if (extra.length === 0 || options.prune) return;
  for (const each of extra) warn(differenceLine(each));
  throw new NotDone(
    `nothing was written: ${extra.length} providers, classes or traits of the table are not in the source; --prune deletes them`,
  );
}

async function passes(parts: RunParts, options: ImportOptions): Promise<number> {
  const { print, warn, target } = parts;
  const most = options.mode === "follow" ? options.passes : 1;
  let last: Compared | undefined;
  let left: readonly Left[] = [];
  for (let pass = 1; pass <= most; pass += 1) {
    const compared = await compare(parts, options, last?.reading);
    const { differences, misfits, reading, table } = compared;
    // What a later reading does not find any more was there before: it has been deleted.
    requireWritable(parts, last === undefined ? options : { ...options, prune: true }, compared);
    if (pass === 1) tellMisfits(misfits, options.asIs, warn);
    if (differences.length === 0) {
      print(`equal: reading ${pass} of the source found no difference from ${target.words}`);
      return EQUAL;
    }
    if (last !== undefined && sameLines(last.differences, differences)) break;
    const source = options.asIs ? withStandIns(reading, misfits) : reading;
    left = await writeDifferences({ ...parts, ...options }, { source, table, differences });
    print(`pass ${pass}: ${countsOf(differences, "done")}; ${left.length} not written`);
    last = compared;
  }
  tellLeft(left, warn);
  return remaining(parts, options, last);
}

/**
 * What the table lacks of the last reading. To follow is to end with a reading that finds
 * nothing, which has not happened.
 */
async function remaining(
  { target, print, warn }: RunParts,
  { mode }: ImportOptions,
  last: Compared | undefined,
): Promise<number> {
  if (last === undefined) return DIFFERENT;
  const wanted = withStandIns(last.reading, last.misfits);
  const differences = differencesOf(wanted, await target.read());
  tellDifferences(differences, print);
  if (differences.length > 0) return DIFFERENT;
  if (mode === "import") return EQUAL;
  warn("the source kept changing: follow it again once nobody writes to it");
  return DIFFERENT;
}

function sameLines(a: readonly Difference[], b: readonly Difference[]): boolean {
  return (
    a.length === b.length && a.map(differenceLine).join("\n") === b.map(differenceLine).join("\n")
  );
}
