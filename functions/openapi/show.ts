import * as z from "zod";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import document from "./document.json" with { type: "json" };

/**
 * Our extension: this API as an OpenAPI 3.1 document, which `npm run docs` makes
 * from the list of operations. It is open to everybody like the root document:
 * it says what the source code says, and tools that read it send no token.
 */
export const showOpenApi = defineOperation({
  id: "openapi/show",
  summary: "Show this API as an OpenAPI document",
  route: "GET /openapi.json",
  since: "1.0",
  extension: true,
  access: [],
  ignoresAccept: true,
  answers: { "1.0": { 200: z.looseObject({ openapi: z.string() }) } },
  refusals: [],
  async run(_request, { clock }) {
    return { status: 200, body: document, lastModified: clock.now() };
  },
});

export const handler = lambda(showOpenApi);
