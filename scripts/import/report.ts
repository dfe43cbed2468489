/** What an import says. */
import {
  type Difference,
  differenceLine,
  type Subject,
} from "../../lib/model/content/differences.ts";
import { type Misfit, misfitWords } from "../../lib/model/content/misfits.ts";
import { STANDARD_CLASS_IDS } from "../../lib/model/standard-classes.ts";
import { STANDARD_TRAIT_IDS } from "../../lib/model/standard-traits.ts";
import type { Reading } from "./source/read.ts";
import type { Left } from "./target/writing.ts";

export type Tell = (line: string) => void;

/** The differences, then how many there are. */
export function tellDifferences(differences: readonly Difference[], print: Tell): void {
  for (const difference of differences) print(differenceLine(difference));
  print(`${differences.length} differences`);
}

export function tellMisfits(misfits: readonly Misfit[], asIs: boolean, warn: Tell): void {
  for (const misfit of misfits) warn(`does not fit: ${misfitWords(misfit)}`);
  if (misfits.length === 0 || asIs) return;
  warn("what does not fit is left out; --as-is brings it in");
}

export function tellLeft(left: readonly Left[], warn: Tell): void {
  for (const { of, id, reason } of left) warn(`not written: ${of} ${id}: ${reason}`);
}

/** A standard name of the source that this release does not know. */
export interface UnknownName {
  readonly of: Subject;
  readonly name: string;
  readonly used: boolean;
}

export function unknownNames({ names, providers, consumers }: Reading): UnknownName[] {
  const usedClasses = new Set<string>();
  const usedTraits = new Set<string>();
  for (const { inventories, traits } of providers.values()) {
    for (const name of inventories.keys()) usedClasses.add(name);
    for (const name of traits) usedTraits.add(name);
  }
  for (const { allocations } of consumers.values()) {
    for (const amounts of allocations.values())
      for (const name of amounts.keys()) usedClasses.add(name);
  }
  const unknown = (of: Subject, all: readonly string[], used: Set<string>, known: Known) =>
    [...new Set([...all, ...used])]
      .filter((name) => !name.startsWith("CUSTOM_") && !known.has(name))
      .map((name): UnknownName => ({ of, name, used: used.has(name) }));
  return [
    ...unknown("resource class", names.classes, usedClasses, STANDARD_CLASS_IDS),
    ...unknown("trait", names.traits, usedTraits, STANDARD_TRAIT_IDS),
  ];
}

type Known = Pick<ReadonlyMap<string, unknown>, "has">;

export function tellUnknown(unknown: readonly UnknownName[], warn: Tell): void {
  for (const { of, name, used } of unknown) {
    const use = used ? "used in the source" : "not used, and left out";
    warn(`this release does not know the ${of} ${name}: ${use}`);
  }
}

const VERBS = {
  source: { planned: "to create", done: "created" },
  both: { planned: "to change", done: "changed" },
  table: { planned: "to delete", done: "deleted" },
} as const;

/** `3 providers to create, 1 consumer to delete`; or the same as done. */
export function countsOf(differences: readonly Difference[], as: "planned" | "done"): string {
  const kinds = new Map<string, { of: Subject; verb: string; ids: Set<string> }>();
  for (const { of, id, only } of differences) {
    const verb = VERBS[only ?? "both"][as];
    const kind = kinds.get(`${of} ${verb}`) ?? { of, verb, ids: new Set<string>() };
    kinds.set(`${of} ${verb}`, kind);
    kind.ids.add(id);
  }
  const words = [...kinds.values()].map(({ of, verb, ids }) => {
    const plural = of.endsWith("s") ? `${of}es` : `${of}s`;
    return `${ids.size} ${ids.size === 1 ? of : plural} ${verb}`;
  });
  return words.length === 0 ? "nothing to write" : words.join(", ");
}
