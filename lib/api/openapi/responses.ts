/** The responses of an operation by status. */
import * as z from "zod";
import { MAX_MINOR, minor, type VersionText } from "../../model/microversion.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Answers, AnyOperation } from "../operation.ts";
import { exampleOf, refusalsOf } from "./refusals.ts";
import { type Components, type JsonObject, jsonSchema, sameJson } from "./schemas.ts";
import { mapVersions, type Ranged, ranges, spanOf, versionNote, versionRange } from "./versions.ts";

const JSON_TYPE = "application/json";

const text = z.string();

/** The error documents of all operations; only 401 has a form of its own. */
const errorSchemas = {
  errors: z.strictObject({
    errors: z
      .array(
        z.strictObject({
          status: z.int(),
          title: text,
          detail: text,
          request_id: text.regex(/^req-/),
          /** From 1.23. */
          code: text.optional(),
          min_version: text.optional(),
          max_version: text.optional(),
          /** Of `POST /claims` with `explain`. */
          explanations: z.array(z.looseObject({})).optional(),
        }),
      )
      .length(1),
  }),
  unauthorized: z.strictObject({ message: text, code: text, title: text }),
} as const;

/** Headers of every answer, as references into the components. */
const COMMON_HEADERS = {
  "X-Openstack-Request-Id": { $ref: "#/components/headers/X-Openstack-Request-Id" },
  "OpenStack-API-Version": { $ref: "#/components/headers/OpenStack-API-Version" },
};

export function responsesOf(operation: AnyOperation, id: string, components: Components) {
  return { ...successes(operation, id, components), ...errors(operation, components) };
}

function successes(operation: AnyOperation, id: string, components: Components): JsonObject {
  const { answers = {}, since } = operation;
  const statuses = new Set(Object.values(answers).flatMap((each) => Object.keys(each)));
  const entries = [...statuses].map((status) => {
    const bodies = bodiesOf(answers, Number(status), since);
    const schema = components.byVersion(`${id}.answer.${status}`, bodies.filter(hasBody));
    const span = spanOf(bodies);
    const whole = span.from === minor(since) && span.to === MAX_MINOR;
    const title = TITLES[status] ?? status;
    const response = {
      description: whole ? title : `${title}, ${versionRange(span)}`,
      headers: {
        ...COMMON_HEADERS,
        ...(status === "201" ? { Location: { $ref: "#/components/headers/Location" } } : {}),
        ...ownHeaders(operation),
      },
      ...(schema === undefined ? {} : { content: { [typeOf(operation)]: { schema } } }),
      ...(whole ? {} : { "x-openstack": versionNote(span) }),
    };
    return [status, response];
  });
  return Object.fromEntries(entries);
}

/** Without its parameters, as the text that errors may be. */
function typeOf({ mediaType }: AnyOperation): string {
  return mediaType?.split(";")[0] ?? JSON_TYPE;
}

function ownHeaders({ answerHeaders = {} }: AnyOperation): JsonObject {
  const entries = Object.entries(answerHeaders).map(([name, description]) => [
    name,
    { description, schema: { type: "string" } },
  ]);
  return Object.fromEntries(entries);
}

type Body = Ranged<JsonObject | null>;

/** The bodies of one status by version, null for none, where the status occurs at all. */
function bodiesOf(answers: Answers, status: number, since: VersionText): Body[] {
  const schemas = mapVersions(answers, ({ [status]: schema }) => schema && jsonSchema(schema));
  const all = ranges<JsonObject | null | undefined>(schemas, since, sameJson);
  return all.filter((ranged): ranged is Body => ranged.value !== undefined);
}

function hasBody(ranged: Body): ranged is Ranged<JsonObject> {
  return ranged.value !== null;
}

const TITLES: Readonly<Record<string, string>> = {
  200: "OK",
  201: "Created",
  204: "No content",
  304: "Not modified",
};

function errors(operation: AnyOperation, components: Components): JsonObject {
  const byStatus = new Map<number, Refusal[]>();
  for (const refusal of refusalsOf(operation).map(exampleOf)) {
    byStatus.set(refusal.status, [...(byStatus.get(refusal.status) ?? []), refusal]);
  }
  const sorted = [...byStatus].sort(([a], [b]) => a - b);
  const entries = sorted.map(([status, refusals]) => [status, error(status, refusals, components)]);
  return Object.fromEntries(entries);
}

function error(status: number, refusals: readonly Refusal[], components: Components): JsonObject {
  const lines = refusals.map(({ code, message }) => {
    const words = message.replaceAll(/\s+/g, " ").trim();
    return words === "" ? `- \`${code}\`` : `- \`${code}\`: ${words}`;
  });
  const schema =
    status === 401
      ? components.add("Unauthorized", jsonSchema(errorSchemas.unauthorized))
      : errorSchema(status, refusals, components);
  const plain = { schema: { type: "string" } };
  return {
    description: [...new Set(lines)].join("\n"),
    headers: {
      ...COMMON_HEADERS,
      ...(status === 503 ? { "Retry-After": { $ref: "#/components/headers/Retry-After" } } : {}),
      ...(status === 405 ? { Allow: { $ref: "#/components/headers/Allow" } } : {}),
    },
    content: { [JSON_TYPE]: { schema }, "text/html": plain, "text/plain": plain },
  };
}

/** The error document with the codes that this status may have in this operation. */
function errorSchema(
  status: number,
  refusals: readonly Refusal[],
  components: Components,
): JsonObject {
  const codes = [...new Set(refusals.map(({ code }) => code))].sort();
  const narrowed = { properties: { status: { const: status }, code: { enum: codes } } };
  const errors = components.add("Errors", jsonSchema(errorSchemas.errors));
  const name = codes.map((code) => code.replace("placement.", "")).join("-");
  return components.add(`Errors.${status}.${name}`, {
    allOf: [errors, { properties: { errors: { items: narrowed } } }],
  });
}
