/** The parameters of an operation: in its path, its query and its headers. */
import type * as z from "zod";
import { MAX_MINOR, minor } from "../../model/microversion.ts";
import { takesIdempotencyKey } from "../idempotency.ts";
import { LEASE_HEADER_NAMES } from "../lease-headers.ts";
import type { AnyOperation, ByVersion } from "../operation.ts";
import { pathOf } from "../operation.ts";
import { type JsonObject, jsonSchema, sameJson } from "./schemas.ts";
import { type Ranged, ranges, spanOf, versionNote, versionRange } from "./versions.ts";

/** The description of each path parameter. */
const WORDS: Readonly<Record<string, string>> = {
  uuid: "The resource provider's UUID.",
  consumer_uuid: "The consumer's UUID.",
  resource_class: "The name of a resource class.",
  name: "The name.",
};

/** The description of each query parameter; by operation where it differs. */
const QUERY_WORDS: Readonly<Record<string, string>> = {
  uuid: "Only the provider of this UUID; or several, `in:A,B`, an extension.",
  name: "Only the provider of this name; nothing for no filter.",
  "traits/list name": "`in:A,B` for these traits, `startswith:PREFIX` for those that begin so.",
  member_of:
    "Members of an aggregate, a UUID, or of any of several, `in:A,B`. Since 1.24 it may be repeated, since 1.32 `!` and `!in:` exclude members.",
  resources: "Capacity for all of these, as `VCPU:2,MEMORY_MB:1024`.",
  in_tree: "Providers of the tree that this provider is in.",
  required:
    "Traits, separated by commas; since 1.22 `!` forbids one. Since 1.39 it may be repeated, and `in:A,B` asks for any of several.",
  associated: "`true` or `false`: whether a provider has the trait.",
  project_id: "The project that consumers belong to.",
  user_id: "The user within the project.",
  consumer_type: "Only consumers of this type.",
  "usages/show consumer_type": "Only consumers of this type, `unknown` ones, or `all` in one sum.",
  expires_before:
    "A time, as `2026-01-31T12:00:00Z`: only consumers whose leases expire before it, instead of a project's.",
  idle_for: "Seconds since the consumer was made: only idle ones, instead of a project's.",
  older_than:
    "Seconds since the consumer was last changed, at least: consumers of all projects, or of one `provider`.",
  provider: "Only consumers that hold something on this resource provider.",
  subtree: "`true`: all providers below it are deleted as well, or nothing is. An extension.",
  "allocations/empty-provider limit":
    "Consumers that are released at most, 100 if it is not given.",
  limit: "Entries on a page at most, 100 if only `marker` is given. An extension.",
  "consumers/list limit": "Consumers on a page, 100 if it is not given.",
  "allocation-candidates/list limit": "Candidates at most.",
  request_groups:
    "Request groups of their own, each by a suffix: `resources1`, `required1`, `member_of1`, since 1.31 `in_tree1`; since 1.33 any suffix of letters, digits, `-` and `_`.",
  group_policy: "`isolate`: a provider of its own for each suffixed group; or `none`.",
  root_required: "Traits that the root of the tree has, or with `!` has not.",
  same_subtree: "Suffixes of groups whose providers are below one of them. May be repeated.",
  explain: "`true`: how many providers each condition leaves. An extension.",
  marker: "Where to go on: `next_marker` of the page before. An extension.",
  include:
    "What is shown of each provider, separated by commas, as the reads of one provider show it. An extension.",
  consumer_uuid: "A consumer, or several, `in:A,B`.",
  allocations: "`true`: with what each consumer holds. An extension.",
  part: "`I/N`: the I-th of N parts of an answer that is too large. An extension.",
  from: "A time, as `2026-01-31T12:00:00Z`: only events from then on.",
  to: "A time, as `2026-01-31T12:00:00Z`: only events up to then, included.",
  "history/show-by-consumer limit": "Events on a page at most, 100 if it is not given.",
  "history/show-by-provider limit": "Events on a page at most, 100 if it is not given.",
  subject: "Only events of this consumer or resource provider.",
  project: "Only events of this project's consumers.",
  since: "A time, as `2026-01-31T12:00:00Z`: only events from then on.",
  after: "A cursor, `next` of the answer before: what follows it. Default: what is kept.",
  wait: "Seconds, 20 at most, for which the answer waits for an event if there is none.",
  "events/follow limit": "Events in the answer at most, 100 if it is not given.",
  generation: "The consumer's generation, as it was read.",
};

export function parametersOf(operation: AnyOperation): JsonObject[] {
  return [
    ...pathParameters(operation),
    ...(operation.query === undefined ? [] : queryParameters(operation, operation.query)),
    { $ref: "#/components/parameters/OpenStack-API-Version" },
    ...(isConditional(operation) ? [{ $ref: "#/components/parameters/If-None-Match" }] : []),
    ...(takesIdempotencyKey(operation)
      ? [{ $ref: "#/components/parameters/Idempotency-Key" }]
      : []),
    ...(operation.takes ?? []).map((header) => ({
      $ref: `#/components/parameters/${LEASE_HEADER_NAMES[header]}`,
    })),
  ];
}

function isConditional({ answers = {} }: AnyOperation): boolean {
  return Object.values(answers).some((each) => Object.hasOwn(each, 304));
}

function pathParameters(operation: AnyOperation): JsonObject[] {
  return [...pathOf(operation).matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    description: worded(WORDS[name], name),
    schema: { type: "string" },
  }));
}

interface Given {
  readonly schema: JsonObject;
  readonly required: boolean;
}

function queryParameters(operation: AnyOperation, query: ByVersion): JsonObject[] {
  const parameters = new Map<string, Ranged<Given>[]>();
  for (const { from, to, value } of ranges(query, operation.since)) {
    if (value === null) continue;
    const { properties = {}, required = [], patternProperties = {} } = queryObject(value);
    const patterns = Object.keys(patternProperties);
    const groups = patterns.length === 0 ? {} : { [GROUPS]: groupsSchema(patternProperties) };
    const unsuffixed = patterns.map((pattern) => [unsuffixedName(pattern), TEXT]);
    const all: Record<string, JsonObject> = {
      ...properties,
      ...Object.fromEntries(unsuffixed),
      ...groups,
    };
    for (const [name, schema] of Object.entries(all)) {
      const given = { schema, required: required.includes(name) };
      parameters.set(name, extended(parameters.get(name) ?? [], { from, to, value: given }));
    }
  }
  return [...parameters].map(([name, given]) => queryParameter(operation, name, given));
}

interface QueryObject {
  readonly properties?: Readonly<Record<string, JsonObject>>;
  readonly patternProperties?: Readonly<Record<string, JsonObject>>;
  readonly required?: readonly string[];
}

function queryObject(schema: z.ZodType): QueryObject {
  return jsonSchema(schema);
}

/** The parameter that represents all keys matched by patterns; clients do not send this name. */
const GROUPS = "request_groups";
const TEXT: JsonObject = { type: "string" };

function groupsSchema(patternProperties: JsonObject): JsonObject {
  return { type: "object", patternProperties, additionalProperties: false };
}

/** `resources` of `^resources([1-9][0-9]*)?$` */
function unsuffixedName(pattern: string): string {
  return /^\^(\w+)\(/.exec(pattern)?.[1] ?? pattern;
}

/** `given` with one more range, merged into the last one if nothing changes. */
function extended(given: readonly Ranged<Given>[], next: Ranged<Given>): Ranged<Given>[] {
  const last = given.at(-1);
  if (last === undefined || last.to + 1 !== next.from || !sameJson(last.value, next.value)) {
    return [...given, next];
  }
  return [...given.slice(0, -1), { ...last, to: next.to }];
}

function queryParameter(
  { id, since }: AnyOperation,
  name: string,
  given: readonly Ranged<Given>[],
): JsonObject {
  const span = spanOf(given);
  const whole = span.from === minor(since) && span.to === MAX_MINOR;
  const words = worded(QUERY_WORDS[`${id} ${name}`] ?? QUERY_WORDS[name], name);
  const schemas = given.map((ranged) => ({
    ...ranged.value.schema,
    "x-openstack": versionNote(ranged),
  }));
  return {
    name,
    in: "query",
    required: given.every(({ value }) => value.required),
    description: whole ? words : `${words} (${versionRange(span)})`,
    ...(name === GROUPS ? { style: "form", explode: true } : {}),
    schema: given.length === 1 ? given[0]?.value.schema : { anyOf: schemas },
    ...(whole ? {} : { "x-openstack": versionNote(span) }),
  };
}

/** Every parameter needs a description: the document is not generated without one. */
function worded(words: string | undefined, name: string): string {
  if (words === undefined) throw new Error(`the parameter ${name} has no description`);
  return words;
}
