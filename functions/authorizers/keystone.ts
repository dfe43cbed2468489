import { deployedKeystone } from "../../lib/authorizer/deployed.ts";
import { deployedAuthorizer } from "../../lib/authorizer/lambda.ts";

/** The authorizer of the endpoint for Keystone's tokens. */
export const handler = deployedAuthorizer(() => deployedKeystone(process.env));
