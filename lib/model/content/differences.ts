/** How two services differ: one entry for each name, attribute or inventory that is not the same. */
import { sameInventory } from "../inventory.ts";
import type { Uuid } from "../uuid.ts";
import type { Content, ContentConsumer, ContentProvider } from "./content.ts";

export type Subject = "resource class" | "trait" | "provider" | "consumer";

export interface Difference {
  readonly of: Subject;
  /** Name or uuid. */
  readonly id: string;
  /** In which of the two it is; undefined: in both, but not the same. */
  readonly only?: "source" | "table";
  /** One line. */
  readonly what: string;
}

export function differencesOf(source: Content, table: Content): Difference[] {
  return [
    ...ofNames("resource class", source.classes, table.classes),
    ...ofNames("trait", source.traits, table.traits),
    ...ofEach("provider", source.providers, table.providers, ofProvider),
    ...ofEach("consumer", source.consumers, table.consumers, ofConsumer),
  ];
}

/** Text from a service, without control characters. */
export function differenceLine({ of, id, what }: Difference): string {
  return `${of} ${id}: ${what}`;
}

function ofNames(
  of: Subject,
  source: ReadonlySet<string>,
  table: ReadonlySet<string>,
): Difference[] {
  return [...only(of, source, table, "source"), ...only(of, table, source, "table")];
}

/** What `these` has and `those` lacks. */
function only(
  of: Subject,
  these: Iterable<string>,
  those: { has(id: string): boolean },
  where: "source" | "table",
): Difference[] {
  return [...these].flatMap((id) =>
    those.has(id) ? [] : [{ of, id, only: where, what: `only in the ${where}` }],
  );
}

function ofEach<T>(
  of: Subject,
  source: ReadonlyMap<Uuid, T>,
  table: ReadonlyMap<Uuid, T>,
  compare: (source: T, table: T) => string[],
): Difference[] {
  const changed = [...source].flatMap(([id, wanted]): Difference[] => {
    const found = table.get(id);
    if (found === undefined) return [{ of, id, only: "source", what: "only in the source" }];
    return compare(wanted, found).map((what) => ({ of, id, what }));
  });
  const extra = [...table.keys()].filter((id) => !source.has(id));
  const gone = extra.map(
    (id): Difference => ({ of, id, only: "table", what: "only in the table" }),
  );
  return [...changed, ...gone];
}

function ofProvider(source: ContentProvider, table: ContentProvider): string[] {
  const names = new Set([...source.inventories.keys(), ...table.inventories.keys()]);
  const inventories = [...names].flatMap((name) => {
    const [wanted, found] = [source.inventories.get(name), table.inventories.get(name)];
    if (wanted !== undefined && found !== undefined && sameInventory(wanted, found)) return [];
    return unequal(`inventory of ${name}`, wanted, found);
  });
  return [
    ...unequal("name", source.name, table.name),
    ...unequal("parent", source.parent, table.parent),
    ...unequal("generation", source.generation, table.generation),
    ...inventories,
    ...unequal("traits", [...source.traits].sort(), [...table.traits].sort()),
    ...unequal("aggregates", [...source.aggregates].sort(), [...table.aggregates].sort()),
  ];
}

function ofConsumer(source: ContentConsumer, table: ContentConsumer): string[] {
  const providers = new Set([...source.allocations.keys(), ...table.allocations.keys()]);
  const allocations = [...providers].flatMap((provider) =>
    unequal(
      `allocations on ${provider}`,
      amountsIn(source.allocations.get(provider)),
      amountsIn(table.allocations.get(provider)),
    ),
  );
  return [
    ...unequal("generation", source.generation, table.generation),
    ...unequal("project", source.project, table.project),
    ...unequal("user", source.user, table.user),
    ...unequal("type", source.type, table.type),
    ...allocations,
  ];
}

/** The order of classes does not count. */
function amountsIn(amounts: ReadonlyMap<string, number> | undefined) {
  if (amounts === undefined) return undefined;
  return Object.fromEntries([...amounts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function unequal(what: string, source: unknown, table: unknown): string[] {
  const [wanted, found] = [source, table].map((value) => JSON.stringify(value) ?? "none");
  return wanted === found ? [] : [`${what}: source ${wanted}, table ${found}`];
}
