/**
 * Callers that name themselves, as the shared suites do: the headers of a request without
 * authentication become a token, which the stub Keystone reads back. The endpoint itself
 * sees nothing but the token.
 */
import * as z from "zod";
import { noauthIdentity } from "../../../lib/local/noauth-identity.ts";
import type { StubUser } from "../../support/stub-keystone.ts";

const NAMES = new Set(["x-auth-token", "x-roles", "x-project-id", "openstack-system-scope"]);

const identitySchema = z.object({
  user: z.string(),
  project: z.string().optional(),
  roles: z.array(z.string()),
  system: z.boolean(),
});

interface Described {
  readonly user: string;
  readonly project?: string | undefined;
  readonly roles: readonly string[];
  readonly system: boolean;
}

/** What `whose` reads. */
export function tokenOf(identity: Described): string {
  return Buffer.from(JSON.stringify(identity)).toString("base64url");
}

/** Tokens that the stub Keystone gives to its one user, who may do anything. */
const OWN = /^own-\d+$/;
const OPERATOR: StubUser = { user: "placement", project: "service", roles: ["admin", "service"] };

/** Whose a token is; undefined for any other text. */
export function whose(token: string): StubUser | undefined {
  if (OWN.test(token)) return OPERATOR;
  try {
    const text = Buffer.from(token, "base64url").toString("utf8");
    const { user, project, roles, system } = identitySchema.parse(JSON.parse(text));
    return { user, roles, system, ...(project === undefined ? {} : { project }) };
  } catch {
    return undefined;
  }
}

/** @param raw names and values in turns */
export async function packedHeaders(raw: readonly string[]): Promise<string[]> {
  const own: Record<string, string> = {};
  const others: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = "", value = ""] = [raw[index], raw[index + 1]];
    if (NAMES.has(name.toLowerCase())) own[name.toLowerCase()] = value;
    else others.push(name, value);
  }
  const identity = await noauthIdentity({
    endpoint: "keystone",
    headers: own,
    authorizer: undefined,
  });
  return identity === undefined ? others : [...others, "X-Auth-Token", tokenOf(identity)];
}
