/** The authorizer of a jwt endpoint: replaced by the one of the branch that serves requests. */
import { authorizerLambda } from "../../lib/authorizer/lambda.ts";

export const handler = authorizerLambda(() => async () => ({ kind: "jwt", status: "none" }));
