/** Values that a JSON Schema refuses, each wrong in one place, made from the schema itself. */

export type JsonSchema = { readonly [keyword: string]: unknown };

export interface BadValue {
  /** What is wrong, for the reader of a failure. */
  readonly what: string;
  readonly value: unknown;
  /** The property that a refusal has to name; empty for the whole document. */
  readonly field: string;
}

type Place = readonly (string | number)[];

const WRONG_TYPES: readonly (readonly [types: readonly string[], value: unknown])[] = [
  [["null"], null],
  [["boolean"], true],
  [["integer", "number"], 1],
  [["number"], 1.5],
  [["string"], "text"],
  [["array"], []],
  [["object"], {}],
];

const SAMPLES = [
  "11111111-2222-4333-8444-555555555555",
  "CUSTOM_SAMPLE",
  "VCPU",
  "sample",
  "1",
  "usages",
  "1/2",
] as const;

/** By format. */
const OF_FORMAT: Readonly<Record<string, string>> = {
  uuid: SAMPLES[0],
  "date-time": "2026-01-31T12:00:00Z",
};

const LONE_SURROGATE = "a\ud800b";

/** A value that the schema takes, with every property there is. */
export function sampleOf(schema: JsonSchema): unknown {
  const [type] = typesOf(schema);
  const [branch] = branchesOf(schema);
  const [choice] = (schema["enum"] ?? []) as readonly unknown[];
  if (choice !== undefined) return choice;
  if (branch !== undefined) return sampleOf(branch);
  if (type === "integer" || type === "number") return schema["minimum"] ?? 0;
  if (type === "boolean") return false;
  if (type === "array") return [sampleOf(schema["items"] as JsonSchema)];
  if (type === "string") return sampleText(schema);
  const entries = Object.entries(propertiesOf(schema)).map(([name, each]) => [
    name,
    sampleOf(each),
  ]);
  if (type === "object" && entries.length === 0) {
    const key = sampleText((schema["propertyNames"] ?? {}) as JsonSchema);
    entries.push([key, sampleOf(schema["additionalProperties"] as JsonSchema)]);
  }
  return Object.fromEntries(entries);
}

/** Everything that can be wrong with one place of `sample`, for every place. */
export function badValues(schema: JsonSchema, sample: unknown): BadValue[] {
  return [...faults(schema, sample, [], (value) => value)];
}

/** The whole document with another value in the place that is looked at. */
type Rebuild = (value: unknown) => unknown;

function* faults(
  schema: JsonSchema,
  value: unknown,
  place: Place,
  rebuild: Rebuild,
): Generator<BadValue> {
  const field = String(place.findLast((step) => typeof step === "string") ?? "");
  const bad = (what: string, wrong: unknown, named = field): BadValue => ({
    what: `${place.join(".") || "the document"}: ${what}`,
    value: rebuild(wrong),
    field: named,
  });
  const types = typesOf(schema);
  for (const [of, wrong] of WRONG_TYPES) {
    if (!of.some((type) => types.includes(type))) yield bad(`is ${JSON.stringify(wrong)}`, wrong);
  }
  const own = branchesOf(schema)[0] ?? schema;
  const [type] = typesOf(own);
  if (type === "integer" || type === "number") yield* numberFaults(own, bad);
  if (type === "string") yield* textFaults(own, bad);
  if (Array.isArray(value)) yield* arrayFaults(own, value, { place, rebuild, bad });
  else if (type === "object") {
    yield* objectFaults(own, value as Record<string, unknown>, { place, rebuild, bad });
  }
}

type Bad = (what: string, wrong: unknown, named?: string) => BadValue;

function* numberFaults(schema: JsonSchema, bad: Bad): Generator<BadValue> {
  const { minimum, maximum } = schema;
  if (typeof minimum === "number") yield bad("is too small", minimum - 1);
  if (typeof maximum === "number") yield bad("is too large", maximum * 2);
}

function* textFaults(schema: JsonSchema, bad: Bad): Generator<BadValue> {
  const { minLength, maxLength, pattern, format } = schema;
  if (schema["enum"] !== undefined) yield bad("is no choice", "no choice");
  if (typeof minLength === "number" && minLength > 0) yield bad("is empty", "");
  if (typeof maxLength === "number") yield bad("is too long", "A".repeat(maxLength + 1));
  if (pattern !== undefined || format !== undefined) {
    yield bad("has another form", "Another form!");
    yield bad("has a NUL", "A\0B");
    yield bad("is much too long", "é".repeat(1_000));
  }
  yield bad("has a lone surrogate", LONE_SURROGATE);
}

interface Container {
  readonly place: Place;
  readonly rebuild: Rebuild;
  readonly bad: Bad;
}

function* arrayFaults(
  schema: JsonSchema,
  value: readonly unknown[],
  { place, rebuild, bad }: Container,
): Generator<BadValue> {
  if (Number(schema["minItems"] ?? 0) > 0) yield bad("is empty", []);
  if (schema["uniqueItems"]) yield bad("has a repeat", [value[0], value[0]]);
  yield* faults(schema["items"] as JsonSchema, value[0], [...place, 0], (item) =>
    rebuild([item, ...value.slice(1)]),
  );
}

function* objectFaults(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  { place, rebuild, bad }: Container,
): Generator<BadValue> {
  const properties = propertiesOf(schema);
  const required = (schema["required"] ?? []) as readonly string[];
  for (const name of required) yield bad(`lacks ${name}`, without(value, name), name);
  if (Number(schema["minProperties"] ?? 0) > 0) yield bad("is empty", {});
  for (const key of badKeys(schema))
    yield bad(`has the key ${JSON.stringify(key)}`, withOwn(value, key), key);
  for (const [name, each] of Object.entries(value)) {
    const inner = properties[name] ?? (schema["additionalProperties"] as JsonSchema);
    yield* faults(inner, each, [...place, name], (changed) =>
      rebuild({ ...value, [name]: changed }),
    );
  }
}

function badKeys(schema: JsonSchema): string[] {
  if (schema["additionalProperties"] === false) return ["unheard_of", "__proto__", "constructor"];
  const { pattern } = (schema["propertyNames"] ?? {}) as JsonSchema;
  const refused = ["bad key!", "é", ""].filter((key) => !new RegExp(String(pattern)).test(key));
  return pattern === undefined ? ["__proto__"] : ["__proto__", ...refused];
}

/** `__proto__` as a property of its own, which JSON can have. */
function withOwn(value: Readonly<Record<string, unknown>>, key: string): unknown {
  const [inner = 1] = Object.values(value);
  return Object.defineProperty({ ...value }, key, { value: inner, enumerable: true });
}

function without(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const branches = (schema["anyOf"] ?? []) as readonly JsonSchema[];
  return branches.filter(({ type }) => type !== "null");
}

function typesOf(schema: JsonSchema): unknown[] {
  const branches = schema["anyOf"] as readonly JsonSchema[] | undefined;
  return branches?.flatMap(typesOf) ?? [schema["type"]].flat();
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema["properties"] ?? {}) as Record<string, JsonSchema>;
}

function sampleText({ pattern, format }: JsonSchema): string {
  const formatted = OF_FORMAT[String(format)];
  if (formatted !== undefined) return formatted;
  const found = SAMPLES.find((text) =>
    text !== SAMPLES[0] || pattern !== undefined
      ? new RegExp(String(pattern ?? "")).test(text)
      : false,
  );
  if (found === undefined) throw new Error(`no sample matches ${pattern}`);
  return found;
}
