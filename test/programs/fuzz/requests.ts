/** Random requests from the OpenAPI document: of every operation, in every microversion. */
import { MAX_MINOR, type Minor, minor, type VersionText } from "../../../lib/model/microversion.ts";
import { type Chance, seeded } from "../../support/chance.ts";
import { malformed } from "./malformed.ts";
import { type Schema, Values } from "./values.ts";
import type { World } from "./world.ts";

export interface FuzzRequest {
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** What was done to it; "well-formed" for nothing. */
  readonly kind: string;
}

/** A request before it is written down, so that it can be spoilt. */
export interface Draft {
  method: string;
  path: string;
  query: [string, string][];
  headers: Record<string, string>;
  body: unknown;
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly object: Schema;
}

interface VersionNote {
  readonly "min-ver": VersionText;
  readonly "max-ver"?: VersionText;
}

// biome-ignore lint/suspicious/noExplicitAny: the document's parts have shapes of their own
type Document = any;

export class Requests {
  readonly #operations: readonly Described[];
  readonly #choices: readonly Described[];
  readonly #schemas: Readonly<Record<string, Schema>>;
  readonly #world: World;
  readonly #seed: number;

  constructor(document: Document, world: World, seed: number) {
    this.#operations = Object.entries<Schema>(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, object]) => ({
        method: method.toUpperCase(),
        path,
        object: object as Schema,
      })),
    );
    // Operations with a body have more ways to fail.
    const writing = this.#operations.filter(({ object }) => object["requestBody"] !== undefined);
    this.#choices = [...this.#operations, ...writing, ...writing];
    this.#schemas = document.components.schemas;
    this.#world = world;
    this.#seed = seed;
  }

  /** Request number `index`, which depends on nothing but the seed. Every other one is malformed. */
  at(index: number): FuzzRequest {
    const chance = seeded(this.#seed * 1_000_003 + index);
    // Generators of neighbouring seeds start alike.
    for (let skip = 0; skip < 3; skip += 1) chance.fraction();
    const draft = this.#draft(chance);
    const kind = index % 2 === 0 ? "well-formed" : malformed(draft, chance);
    return written(draft, kind);
  }

  #draft(chance: Chance): Draft {
    const { method, path, object } = chance.pick(this.#choices);
    const values = new Values(this.#schemas, worldOf(path, this.#world), chance);
    const version = versionOf(object, chance);
    const body = bodySchema(object, version, this.#schemas);
    const headers: Record<string, string> = {
      "x-auth-token": "admin:p1",
      "x-roles": "admin,service",
      "openstack-api-version": `placement 1.${version}`,
    };
    if (method !== "GET" && chance.fraction() < 0.05) {
      headers["idempotency-key"] = `key-${chance.below(20)}`;
    }
    if (body !== undefined) headers["content-type"] = "application/json";
    return {
      method,
      path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        pathValue(path, name, values, chance),
      ),
      query: queryOf(object, { version, values, chance }),
      headers,
      body: body === undefined ? undefined : values.of(body, ""),
    };
  }
}

/** In the paths of consumers a `uuid` is a consumer's. */
function worldOf(path: string, world: World): World {
  return path.startsWith("/consumers") ? { ...world, providers: world.consumers } : world;
}

/** Mostly a version that the operation has. */
function versionOf(object: Schema, chance: Chance): Minor {
  const note = object["x-openstack"] as VersionNote;
  const from = chance.fraction() < 0.1 ? 0 : minor(note["min-ver"]);
  return chance.fraction() < 0.3 ? MAX_MINOR : from + chance.below(MAX_MINOR + 1 - from);
}

function pathValue(path: string, name: string, values: Values, chance: Chance): string {
  if (name !== "name") return encodeURIComponent(values.named(name) ?? name);
  const kind = path.includes("traits") ? "traits" : "resource_class";
  return chance.fraction() < 0.1 ? "CUSTOM_NEW" : (values.named(kind) ?? name);
}

function bodySchema(
  object: Schema,
  version: Minor,
  schemas: Readonly<Record<string, Schema>>,
): Schema | undefined {
  const body = object["requestBody"] as Document;
  if (body === undefined || !holds(body["x-openstack"], version)) return undefined;
  const { schema } = body.content["application/json"];
  const alternatives = (schema.anyOf ?? [schema]) as readonly { readonly $ref: string }[];
  const found = alternatives
    .map(({ $ref }) => schemas[$ref.split("/").at(-1) ?? ""])
    .find((each) => holds(each?.["x-openstack"] as VersionNote | undefined, version));
  // Below the operation's own version any body will do.
  return found ?? schemas[alternatives[0]?.$ref.split("/").at(-1) ?? ""];
}

interface QueryParts {
  readonly version: Minor;
  readonly values: Values;
  readonly chance: Chance;
}

function queryOf(object: Schema, { version, values, chance }: QueryParts): [string, string][] {
  const pairs: [string, string][] = [];
  for (const parameter of (object["parameters"] ?? []) as Document[]) {
    if (parameter.in !== "query") continue;
    const wanted = holds(parameter["x-openstack"], version) && chance.fraction() < 0.3;
    if (!parameter.required && !wanted) continue;
    const { name } = parameter as { name: string };
    if (name === "request_groups") {
      pairs.push(...groupsOf(version, values, chance));
      continue;
    }
    const value = values.named(name) ?? String(values.of(parameter.schema, name));
    const trait = name === "name" && String(object["operationId"]).startsWith("traits");
    pairs.push([name, trait ? `startswith:${value.slice(0, 3)}` : value]);
  }
  const lonely = object["operationId"] === "allocation_candidates_list" && chance.fraction() < 0.8;
  if (lonely && pairs.every(([name]) => name !== "resources")) {
    pairs.push(["resources", values.named("resources") ?? ""]);
  }
  return pairs;
}

/** Suffixed request groups of candidates. */
function groupsOf(version: Minor, values: Values, chance: Chance): [string, string][] {
  const suffixes = version >= minor("1.33") ? ["1", "_A", "-b"] : ["1", "2"];
  return Array.from({ length: 1 + chance.below(2) }, () => chance.pick(suffixes)).flatMap(
    (suffix) =>
      ["resources", "resources", "required", "member_of", "in_tree"]
        .filter((_, index) => index === 0 || chance.fraction() < 0.2)
        .map((key): [string, string] => [`${key}${suffix}`, values.named(key) ?? ""]),
  );
}

function holds(note: VersionNote | undefined, version: Minor): boolean {
  if (note === undefined) return true;
  const { "min-ver": from, "max-ver": to } = note;
  return minor(from) <= version && (to === undefined || version <= minor(to));
}

function written({ method, path, query, headers, body }: Draft, kind: string): FuzzRequest {
  const encode = (text: string) => encodeURIComponent(text).replaceAll("%3A", ":");
  const pairs = query.map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const target = pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
  const raw = body === undefined || typeof body === "string" || body instanceof Uint8Array;
  return { method, target, headers, body: raw ? body : JSON.stringify(body), kind };
}
