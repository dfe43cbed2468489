/**
 * The caller as API Gateway reports it: a signer, or what the endpoint's authorizer found
 * out about a token. What the authorizer wrote says which of them it is.
 */
import * as z from "zod";
import { type IdentityDocument, identityDocumentSchema } from "./identity-document.ts";

export interface Signer {
  readonly kind: "iam";
  readonly userArn: string;
  readonly accountId: string;
  /** `ID:SESSION` of a role's session, `ID` alone of a user. */
  readonly userId: string | undefined;
}

export type Caller = Signer | IdentityDocument;

const signer = z
  .object({
    userArn: z.string().min(1),
    accountId: z.string(),
    userId: z.string().optional().catch(undefined),
  })
  .transform((given): Signer => ({ kind: "iam", ...given, userId: given.userId }));

const document = z
  .object({ identity: z.string().transform(json).pipe(identityDocumentSchema) })
  .transform(({ identity }) => identity);

const callerSchema = z.union([
  z.object({ iam: signer, lambda: z.null().optional() }).transform(({ iam }) => iam),
  z.object({ lambda: document, iam: z.null().optional() }).transform(({ lambda }) => lambda),
]);

/** Undefined if nobody is reported, more than one caller, or one that cannot be read. */
export function reportedCaller(authorizer: unknown): Caller | undefined {
  return callerSchema.safeParse(authorizer).data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
