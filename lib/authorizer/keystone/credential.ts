/**
 * The credential with which an authorizer asks Keystone about the tokens of others: an
 * application credential or a password. Its names are those of OpenStack's environment
 * variables, so that a secret can be made from a service's `openrc` file.
 *
 * Source: Keystone API reference v3, "Authentication and token management";
 * python-openstackclient, "Environment variables".
 */
import * as z from "zod";
import type { Clock } from "../../model/clock.ts";

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
    /** Without id and name, the domain is `default`. */
    OS_USER_DOMAIN_ID: text.optional(),
    OS_USER_DOMAIN_NAME: text.optional(),
    OS_PROJECT_DOMAIN_ID: text.optional(),
    OS_PROJECT_DOMAIN_NAME: text.optional(),
  }),
]);

export type Credential = z.infer<typeof credentialSchema>;

/**
 * The credential, kept or read anew.
 * @param refused one that Keystone has just refused: it may have been replaced since it was read
 */
export type CredentialSource = (refused?: Credential) => Promise<Credential>;

export function sameCredential(one: Credential, other: Credential): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Milliseconds between two readings for credentials that Keystone refuses. */
const READ_AGAIN_AFTER = 30_000;

/**
 * Keeps what `read` returns until Keystone refuses it.
 * @param read the secret's text: JSON
 */
export function keptCredential(
  read: () => Promise<string>,
  clock: Pick<Clock, "now">,
): CredentialSource {
  let kept: { readonly credential: Credential; readonly readAt: number } | undefined;
  return async (refused) => {
    const useless =
      kept !== undefined && refused !== undefined && sameCredential(kept.credential, refused);
    if (kept !== undefined && !(useless && clock.now() >= kept.readAt + READ_AGAIN_AFTER)) {
      return kept.credential;
    }
    kept = { credential: parsedCredential(await read()), readAt: clock.now() };
    return kept.credential;
  };
}

/** @throws Error that says what is wrong, and repeats nothing of the secret */
function parsedCredential(text: string): Credential {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidCredential();
  }
  const parsed = credentialSchema.safeParse(value);
  if (!parsed.success) throw new InvalidCredential();
  return parsed.data;
}

class InvalidCredential extends Error {
  override readonly name = "InvalidCredential";
}

/** An id is unique, a name is not: the id counts where both are given. */
function domain(id: string | undefined, name: string | undefined) {
  return id === undefined && name !== undefined ? { name } : { id: id ?? "default" };
}

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
    domain: domain(credential.OS_USER_DOMAIN_ID, credential.OS_USER_DOMAIN_NAME),
    password: credential.OS_PASSWORD,
  };
  const project = {
    name: credential.OS_PROJECT_NAME,
    domain: domain(credential.OS_PROJECT_DOMAIN_ID, credential.OS_PROJECT_DOMAIN_NAME),
  };
  return {
    auth: { identity: { methods: ["password"], password: { user } }, scope: { project } },
  };
}
