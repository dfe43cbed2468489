/**
 * Endpoints: ways into the same functions, each an API of its own. The variables of the
 * API's stage tell a function through which of them a request came.
 */
import * as z from "zod";
import { TOKEN_KINDS } from "./identity-document.ts";

/** What callers of an endpoint show: a signature of AWS, a token of Keystone, a JSON Web Token. */
export const ENDPOINT_KINDS = ["iam", ...TOKEN_KINDS] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

const MAX_BASE_PATH = 255;

/** Segments of characters that need no escape; neither `.` nor `..`, and none is empty. */
const BASE_PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)*$/;

/** The path below which clients see the API: empty, or like `/placement`. */
export const basePathSchema = z.string().max(MAX_BASE_PATH).regex(BASE_PATH);

/** The path of the API on its custom domain; `/` for the whole domain. */
const mappingSchema = z.union([z.literal("/"), basePathSchema.min(1)]);

/** Null or absent: an API that has no such variables serves signers, at the root. */
export const stageVariablesSchema = z
  .object({
    endpoint: z.enum(ENDPOINT_KINDS).nullish(),
    basePath: basePathSchema.nullish(),
    /** Only of an API with a custom domain, which may be reached by its own name beside it. */
    mapping: mappingSchema.nullish(),
  })
  .nullish()
  .transform((given) => ({
    endpoint: given?.endpoint ?? ("iam" as const),
    basePath: given?.basePath ?? "",
    mapping: given?.mapping === "/" ? "" : (given?.mapping ?? undefined),
  }));
