/** Which trees a reader wants to see. */
import type { Tree } from "./fleet.ts";
import type { Provider } from "./provider.ts";
import { usedPart } from "./sums.ts";
import { uuidIn } from "./uuid.ts";

export interface Filters {
  /** A part of a name or of a uuid, of any provider of the tree; case does not matter. */
  readonly text: string;
  /** Of any provider of the tree; `!` before it: of none. */
  readonly trait: string;
  readonly aggregate: string;
}

export const NO_FILTERS: Filters = { text: "", trait: "", aggregate: "" };

export const isFiltering = ({ text, trait, aggregate }: Filters): boolean =>
  `${text}${trait}${aggregate}`.trim() !== "";

export function filterTrees(trees: readonly Tree[], filters: Filters): readonly Tree[] {
  if (!isFiltering(filters)) return trees;
  const isCalled = called(filters.text);
  const aggregate = canonical(filters.aggregate);
  const forbids = filters.trait.trim().startsWith("!");
  const trait = filters.trait.trim().replace(/^!/, "").toUpperCase();
  return trees.filter(({ providers }) => {
    if (
      aggregate !== "" &&
      !providers.some((each) => each.aggregates.some((own) => canonical(own) === aggregate))
    ) {
      return false;
    }
    if (trait !== "" && providers.some((each) => each.traits.includes(trait)) === forbids) {
      return false;
    }
    return providers.some(isCalled);
  });
}

/** Aggregates are shown in the spelling in which somebody wrote them. */
const canonical = (uuid: string): string => uuidIn(uuid) ?? uuid.trim().toLowerCase();

/** Whether the text is a part of a provider's name or uuid, or another spelling of that uuid. */
export function called(text: string): (provider: Pick<Provider, "name" | "uuid">) => boolean {
  const part = text.trim().toLowerCase();
  const spelled = canonical(text);
  return ({ name, uuid }) => name.toLowerCase().includes(part) || uuid.includes(spelled);
}

/** What a cell shows: of the chosen class, or of the tightest one where `chosen` is empty. */
export function shownPart(tree: Tree, chosen: string): number | null {
  if (chosen === "") return tree.tightest?.part ?? null;
  const sum = tree.sums.get(chosen);
  return sum === undefined ? null : usedPart(sum);
}

/** The fullest first; those that nothing can be said of at the end, by name. */
export function byTightness(trees: readonly Tree[], chosen: string): Tree[] {
  const rank = (tree: Tree) => shownPart(tree, chosen) ?? -1;
  return trees.toSorted((a, b) => rank(b) - rank(a) || (a.name < b.name ? -1 : 1));
}

/** The same place for the same root, however its use changes. */
export const byName = (trees: readonly Tree[]): Tree[] =>
  trees.toSorted((a, b) => (a.name < b.name ? -1 : 1));

export interface Names {
  readonly classes: readonly string[];
  readonly traits: readonly string[];
  readonly aggregates: readonly string[];
}

/** What the trees have, to choose from. */
export function namesIn(trees: readonly Tree[]): Names {
  const classes = new Set<string>();
  const traits = new Set<string>();
  const aggregates = new Set<string>();
  for (const { providers, sums } of trees) {
    for (const name of sums.keys()) classes.add(name);
    for (const each of providers) {
      for (const trait of each.traits) traits.add(trait);
      for (const aggregate of each.aggregates) aggregates.add(aggregate);
    }
  }
  const sorted = (names: Set<string>) => [...names].sort();
  return { classes: sorted(classes), traits: sorted(traits), aggregates: sorted(aggregates) };
}
