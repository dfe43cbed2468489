import * as z from "zod";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { type PreparedBody, prepare } from "../../lib/api/prepared.ts";
import document from "./document.json" with { type: "json" };

/** The document changes with a release: for up to an hour a client may not see that. */
const CACHE_CONTROL = "public, max-age=3600";

let prepared: Promise<PreparedBody> | undefined;

/**
 * Our extension: this API as an OpenAPI 3.1 document, which `npm run docs` generates from
 * the list of operations. It is open to everybody like the root document: its content is as
 * public as the source code, and tools that read it send no token.
 */
export const showOpenApi = defineOperation({
  id: "openapi/show",
  summary: "Show this API as an OpenAPI document",
  route: "GET /openapi.json",
  since: "1.0",
  extension: true,
  access: [],
  ignoresAccept: true,
  answers: { "1.0": { 200: z.looseObject({ openapi: z.string() }), 304: null } },
  answerHeaders: {
    ETag: "The document's tag, one for each coding.",
    "Cache-Control": "How long it may be kept.",
  },
  refusals: [],
  async run() {
    prepared ??= prepare(document);
    return {
      status: 200,
      prepared: await prepared,
      headers: { "cache-control": CACHE_CONTROL },
    };
  },
});

export const handler = lambda(showOpenApi);
