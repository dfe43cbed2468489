/** The authorizer of a keystone endpoint: replaced by the one of the branch that serves requests. */
import { authorizerLambda } from "../../lib/authorizer/lambda.ts";

export const handler = authorizerLambda(() => async () => ({ kind: "keystone", status: "none" }));
