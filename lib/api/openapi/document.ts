/**
 * The OpenAPI 3.1 document, generated from the list of operations and their schemas.
 *
 * One document covers all microversions: what does not apply to all of them has
 * `x-openstack` with `min-ver` and `max-ver`, as in OpenStack's own documents.
 *
 * Source: OpenAPI Specification 3.1.1.
 */
import { MAX_MINOR, minor, versionText } from "../../model/microversion.ts";
import { IDEMPOTENCY_KEY } from "../idempotency.ts";
import { MAX_LIFE } from "../lease-headers.ts";
import { type AnyOperation, methodOf, pathOf } from "../operation.ts";
import { changesOf } from "./changes.ts";
import { parametersOf } from "./parameters.ts";
import { responsesOf } from "./responses.ts";
import { Components, type JsonObject, jsonSchema, sameJson } from "./schemas.ts";
import { mapVersions, type Ranged, ranges, spanOf, versionNote } from "./versions.ts";

const DESCRIPTION = `The OpenStack Placement API, microversions 1.0 to ${versionText(MAX_MINOR)}, and
extensions of ours. A request names its microversion in \`OpenStack-API-Version: placement 1.N\`;
without that header it is 1.0. Parts with \`x-openstack\` hold from \`min-ver\` to \`max-ver\`.
Errors are JSON unless the request prefers HTML or text; they have a code from 1.23 on.`;

const HEADERS = {
  "X-Openstack-Request-Id": header("The request's id, for the logs."),
  "OpenStack-API-Version": header("The microversion of the answer."),
  Location: header("The URL of what was created."),
  Allow: header("The methods that the path has."),
  "Retry-After": header("Seconds; only where nothing was written."),
};

const VERSION_PARAMETER = {
  name: "OpenStack-API-Version",
  in: "header",
  description: "The microversion, as `placement 1.39` or `placement latest`.",
  schema: { type: "string", default: "placement 1.0", examples: ["placement 1.39"] },
};

const IDEMPOTENCY_PARAMETER = {
  name: "Idempotency-Key",
  in: "header",
  description: "A repeated write with the same key is done once. An extension.",
  schema: { type: "string", pattern: IDEMPOTENCY_KEY.source },
};

const CONDITION_PARAMETER = {
  name: "If-None-Match",
  in: "header",
  description: "Tags of what the client has: if what it would get is among them, it gets 304.",
  schema: { type: "string" },
};

const LEASE_PARAMETER = {
  name: "Placement-Lease",
  in: "header",
  description:
    "Seconds after which what is claimed is released, unless it is renewed. An extension.",
  schema: { type: "integer", minimum: 1 },
};

const LIFE_PARAMETER = {
  name: "Placement-Consumer-Life",
  in: "header",
  description: "The `life` of the consumer: in another one, nothing is written. An extension.",
  schema: { type: "string", minLength: 1, maxLength: MAX_LIFE },
};

/** The document is the same at all endpoints; each of them takes the scheme of its kind alone. */
const SECURITY_SCHEMES = {
  sigv4: {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: "At an `iam` endpoint: AWS Signature Version 4, for the service `execute-api`.",
    "x-amazon-apigateway-authtype": "awsSigv4",
  },
  token: {
    type: "apiKey",
    in: "header",
    name: "X-Auth-Token",
    description:
      "At a `keystone` endpoint: a token of Keystone. A local server without `--auth` accepts any.",
  },
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "At a `jwt` endpoint: a JSON Web Token of its OpenID Connect issuer.",
  },
};

/** @param operations in the order of the document */
export function openApiDocument(operations: readonly AnyOperation[]): JsonObject {
  const components = new Components();
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const path = pathOf(operation);
    paths[path] = {
      ...paths[path],
      [methodOf(operation).toLowerCase()]: operationObject(operation, components),
    };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Placement API",
      version: versionText(MAX_MINOR),
      description: DESCRIPTION,
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    // Relative to the document's own URL, so that it holds under any prefix.
    servers: [{ url: "." }],
    security: Object.keys(SECURITY_SCHEMES).map((name) => ({ [name]: [] })),
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      headers: HEADERS,
      parameters: {
        "OpenStack-API-Version": VERSION_PARAMETER,
        "Idempotency-Key": IDEMPOTENCY_PARAMETER,
        "If-None-Match": CONDITION_PARAMETER,
        "Placement-Lease": LEASE_PARAMETER,
        "Placement-Consumer-Life": LIFE_PARAMETER,
      },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

/** The document's name for an operation, for example `allocations_replace`. */
export function operationId({ id }: AnyOperation): string {
  return id.replaceAll(/[^a-z]/g, "_");
}

function tagOf({ id }: AnyOperation): string {
  return (id.split("/")[0] ?? id).replaceAll("-", " ");
}

function operationObject(operation: AnyOperation, components: Components): JsonObject {
  const { summary, since, rule, extension } = operation;
  const id = operationId(operation);
  return {
    operationId: id,
    summary,
    description: descriptionOf(operation),
    tags: [tagOf(operation)],
    ...(rule === undefined ? { security: [] } : {}),
    parameters: parametersOf(operation),
    ...requestBody(operation, id, components),
    responses: responsesOf(operation, id, components),
    "x-openstack": {
      ...versionNote({ from: minor(since), to: MAX_MINOR }),
      changes: changesOf(operation),
      ...(rule === undefined ? {} : { policy: rule }),
      ...(extension === true ? { extension: "serverless-placement" } : {}),
    },
  };
}

function descriptionOf(operation: AnyOperation): string {
  const { since, rule, extension } = operation;
  const changes = changesOf(operation);
  return [
    extension === true ? "An extension, not part of Placement." : `Since microversion ${since}.`,
    changes.length === 0 ? "" : `Its request or answer changed in ${changes.join(", ")}.`,
    rule === undefined ? "It needs no token." : `Policy rule: \`${rule}\`.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function requestBody({ body, since }: AnyOperation, id: string, components: Components) {
  if (body === undefined) return {};
  const schemas = mapVersions(body, (each) => each && jsonSchema(each));
  const all = ranges(schemas, since, sameJson);
  const read = all.filter((ranged): ranged is Ranged<JsonObject> => ranged.value !== null);
  const schema = components.byVersion(`${id}.request`, read);
  const note = read.length === all.length ? {} : { "x-openstack": versionNote(spanOf(read)) };
  return {
    requestBody: {
      required: read.length === all.length,
      content: { "application/json": { schema } },
      ...note,
    },
  };
}

function header(description: string): JsonObject {
  return { description, schema: { type: "string" } };
}
