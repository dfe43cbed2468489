/**
 * The credential with which an authorizer asks Keystone about the tokens of others: an
 * application credential or a password. Its names are those of OpenStack's environment
 * variables, so that a secret can be made from a service's `openrc` file.
 *
 * Source: Keystone API reference v3, "Authentication and token management";
 * python-openstackclient, "Environment variables".
 */
import * as z from "zod";

const text = z.string().min(1);

export const credentialSchema = z.union([
  z.object({
    OS_APPLICATION_CREDENTIAL_ID: text,
    OS_APPLICATION_CREDENTIAL_SECRET: text,
  }),
  z.object({
    OS_USERNAME: text,
    OS_PASSWORD: text,
    OS_PROJECT_NAME: text,
    OS_USER_DOMAIN_ID: text.default("default"),
    OS_PROJECT_DOMAIN_ID: text.default("default"),
  }),
]);

export type Credential = z.infer<typeof credentialSchema>;

/** The body of POST /v3/auth/tokens. */
export function authenticationBody(credential: Credential): unknown {
  if ("OS_APPLICATION_CREDENTIAL_ID" in credential) {
    const application_credential = {
      id: credential.OS_APPLICATION_CREDENTIAL_ID,
      secret: credential.OS_APPLICATION_CREDENTIAL_SECRET,
    };
    return { auth: { identity: { methods: ["application_credential"], application_credential } } };
  }
  const user = {
    name: credential.OS_USERNAME,
    domain: { id: credential.OS_USER_DOMAIN_ID },
    password: credential.OS_PASSWORD,
  };
  const project = {
    name: credential.OS_PROJECT_NAME,
    domain: { id: credential.OS_PROJECT_DOMAIN_ID },
  };
  return {
    auth: { identity: { methods: ["password"], password: { user } }, scope: { project } },
  };
}
