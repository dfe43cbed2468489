import { deployedJwt } from "../../lib/authorizer/deployed.ts";
import { deployedAuthorizer } from "../../lib/authorizer/lambda.ts";

/** The authorizer of the endpoint for JSON Web Tokens. */
export const handler = deployedAuthorizer(() => deployedJwt(process.env));
