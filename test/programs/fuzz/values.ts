/** Random values of a JSON Schema, with names that the table knows where a name belongs. */
import type { Chance } from "../../support/chance.ts";
import { SPELLINGS } from "../../support/spellings.ts";
import type { World } from "./world.ts";

export type Schema = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 6;

export class Values {
  readonly #schemas: Readonly<Record<string, Schema>>;
  readonly #world: World;
  readonly #chance: Chance;

  constructor(schemas: Readonly<Record<string, Schema>>, world: World, chance: Chance) {
    this.#schemas = schemas;
    this.#world = world;
    this.#chance = chance;
  }

  /** @param name of the property or parameter that holds the value */
  of(schema: Schema, name: string, depth = 0): unknown {
    const resolved = this.#resolved(schema);
    const any = resolved["anyOf"] as readonly Schema[] | undefined;
    if (any !== undefined) return this.of(this.#chance.pick(any), name, depth);
    if (resolved["enum"] !== undefined) return this.#chance.pick(resolved["enum"] as unknown[]);
    switch (resolved["type"]) {
      case "string":
        // A pattern says more than a name that many things have.
        return (resolved["pattern"] ? undefined : this.named(name)) ?? this.#text(resolved, name);
      case "integer":
      case "number":
        return this.#chance.fraction() < 0.05 ? this.#bound(resolved) : this.#number(name);
      case "null":
        return null;
      case "array":
        return this.#array(resolved, name, depth);
      case "object":
        return this.#object(resolved, name, depth);
      default:
        return this.#chance.below(3);
    }
  }

  /** A value that fits the name; undefined if the name says nothing. */
  named(name: string): string | undefined {
    const { providers, consumers, aggregates, traits, classes, projects, users, types } =
      this.#world;
    const pick = this.#chance.pick;
    switch (name) {
      case "uuid":
      case "parent_provider_uuid":
      case "in_tree":
        return this.#spelt(pick(providers));
      case "consumer_uuid":
        return this.#spelt(pick(consumers));
      case "aggregates":
        return this.#spelt(pick(aggregates));
      case "traits":
        return pick(traits);
      case "resource_class":
        return pick(classes);
      case "project_id":
        return pick(projects);
      case "user_id":
        return pick(users);
      case "consumer_type":
        return pick(types);
      case "name":
        return `n${this.#chance.below(200)}`;
      case "generation":
        return String(this.#chance.below(4));
      case "idle_for":
        return String(this.#chance.below(2));
      case "limit":
        return String(1 + this.#chance.below(5));
      case "resources":
        return this.#many(classes, (each) => `${each}:${1 + this.#chance.below(8)}`);
      case "required":
        return this.#many(traits, (each) => `${pick(["", "", "!"])}${each}`);
      case "member_of":
        return `${pick(["", "in:", "!", "!in:"])}${this.#spelt(pick(aggregates))}`;
      case "root_required":
        return this.#many(traits, (each) => `${pick(["", "!"])}${each}`);
      case "same_subtree":
        return pick(["1", "_A", "1,_A"]);
      case "query":
        return `resources=${pick(classes)}:1`;
      case "associated":
        return pick(["true", "false"]);
      default:
        return undefined;
    }
  }

  #many(names: readonly string[], write: (name: string) => string): string {
    const count = 1 + this.#chance.below(2);
    return Array.from({ length: count }, () => write(this.#chance.pick(names))).join(",");
  }

  /** Numbers that most often mean something: small generations, inventories with room. */
  #number(name: string): number {
    const below = (bound: number) => this.#chance.below(bound);
    if (name.endsWith("generation")) return this.#chance.pick([0, 0, 1, 1, 2, 3, 3, 4, 4, 5]);
    switch (name) {
      case "total":
        return 10 + below(1_000);
      case "reserved":
        return below(5);
      case "max_unit":
        return 1 + below(1_000);
      case "step_size":
        return 1 + below(2);
      case "allocation_ratio":
        return this.#chance.pick([0.5, 1, 1.5, 16]);
      default:
        return 1 + below(4);
    }
  }

  /** The least and the greatest that the schema allows, or else those of JSON. */
  #bound(schema: Schema): number {
    const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
    const most = maximum === undefined ? [2 ** 31, 2 ** 53, 1e18, 1e39, 1e126, 1e300] : [maximum];
    return this.#chance.pick([minimum ?? -(2 ** 53), ...most]);
  }

  #text(schema: Schema, name: string): string {
    const { aggregates, classes, consumers, providers, types } = this.#world;
    const pattern = String(schema["pattern"] ?? "");
    if (schema["format"] === "uuid") {
      return this.#spelt(this.#chance.pick([...providers, ...aggregates]));
    }
    if (pattern.startsWith("^[0-9a-fA-F-]")) {
      return this.#keyed(this.#chance.pick([...providers, ...consumers]));
    }
    if (pattern.startsWith("^in:")) return `in:${consumers.slice(0, 3).join(",")}`;
    if (name === "include") {
      return this.#chance.pick(["usages", "inventories,allocations", "aggregates,traits"]);
    }
    if (pattern.startsWith("^CUSTOM_")) return this.#chance.pick(["CUSTOM_C2", "CUSTOM_C3"]);
    if (name === "consumer_type") return this.#chance.pick(types);
    if (pattern.startsWith("^[A-Z0-9_]")) return this.#chance.pick(classes);
    return this.#chance.pick(["a", "1", "abc"]);
  }

  #array(schema: Schema, name: string, depth: number): unknown[] {
    const items = (schema["items"] ?? {}) as Schema;
    const count = Math.max(Number(schema["minItems"] ?? 0), this.#chance.below(3));
    const values = Array.from({ length: count }, () => this.of(items, name, depth + 1));
    return schema["uniqueItems"] === true ? [...new Set(values)] : values;
  }

  #object(schema: Schema, name: string, depth: number): Record<string, unknown> {
    const values = schema["additionalProperties"];
    if (depth > MAX_DEPTH) return {};
    if (typeof values === "object" && values !== null) {
      return this.#record(schema, { name, values: this.#resolved(values as Schema), depth });
    }
    const made: Record<string, unknown> = {};
    const required = (schema["required"] ?? []) as readonly string[];
    for (const [key, each] of Object.entries((schema["properties"] ?? {}) as Schema)) {
      if (!required.includes(key) && this.#chance.fraction() < 0.6) continue;
      made[key] = this.of(each as Schema, key, depth + 1);
    }
    return made;
  }

  #record(
    schema: Schema,
    { name, values, depth }: { name: string; values: Schema; depth: number },
  ) {
    const least = Number(schema["minProperties"] ?? 0);
    const count = Math.max(least, this.#chance.pick([0, 1, 1, 1, 2, 3]));
    const entries = Array.from({ length: count }, () => [
      this.#key(name, values),
      this.of(values, "", depth + 1),
    ]);
    return Object.fromEntries(entries) as Record<string, unknown>;
  }

  /** What the keys of an object without fixed keys are, judged by its values. */
  #key(name: string, values: Schema): string {
    const { classes, consumers, providers } = this.#world;
    if (name === "mappings") return this.#chance.pick(["", "1", "_A"]);
    const properties = Object.keys((values["properties"] ?? {}) as Schema);
    if (properties.includes("allocations")) return this.#keyed(this.#chance.pick(consumers));
    if (properties.includes("resources") || properties.includes("inventories")) {
      return this.#keyed(this.#chance.pick(providers));
    }
    return this.#chance.pick(classes);
  }

  /** Sometimes in another spelling. */
  #spelt(uuid: string): string {
    if (this.#chance.fraction() < 0.8) return uuid;
    return this.#chance.pick(Object.values(SPELLINGS))(uuid);
  }

  /** Of 36 characters. */
  #keyed(uuid: string): string {
    const spelt = this.#spelt(uuid);
    return spelt.length === uuid.length ? spelt : uuid;
  }

  #resolved(schema: Schema): Schema {
    const reference = schema["$ref"] as string | undefined;
    if (reference === undefined) return schema;
    return this.#schemas[reference.split("/").at(-1) ?? ""] ?? {};
  }
}
