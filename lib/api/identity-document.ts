/**
 * What an authorizer hands on to the functions: one JSON text under the name `identity`,
 * since the context of a REST API's authorizer holds nothing but scalars. An authorizer
 * never denies: API Gateway would answer 403, and no OpenStack client renews its token
 * on 403. So the document says what became of the token, and the function answers.
 */
import * as z from "zod";

/** The kinds of endpoints whose callers carry tokens. */
export const TOKEN_KINDS = ["keystone", "jwt"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

const kind = z.enum(TOKEN_KINDS);
const id = z.string().min(1).max(255);

export const identityDocumentSchema = z.discriminatedUnion("status", [
  z.strictObject({
    kind,
    /** The token is valid. */
    status: z.literal("ok"),
    user: id,
    /** The project of the token's scope; null without one. */
    project: id.nullable(),
    /** The domain of the token's scope; null without one. */
    domain: id.nullable(),
    /** Names. */
    roles: z.array(z.string()),
    /** Whether the token's scope is the system. */
    system: z.boolean(),
    /** Milliseconds since 1970. An authorizer's answer may be kept longer than that. */
    expires: z.number(),
  }),
  /** There is no token, or it is not valid. */
  z.strictObject({ kind, status: z.literal("none") }),
  /** Nobody could tell whether the token is valid. */
  z.strictObject({ kind, status: z.literal("unavailable") }),
]);

export type IdentityDocument = z.infer<typeof identityDocumentSchema>;
export type ValidIdentity = Extract<IdentityDocument, { status: "ok" }>;

/** The name of the document in an authorizer's context. */
export const IDENTITY_KEY = "identity";
