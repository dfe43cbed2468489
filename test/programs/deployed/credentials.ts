/** Credentials of an administrator for a played endpoint, as lines for a shell: what `npm run smoke` reads. */
import { STUB_CREDENTIAL } from "../../support/stub-keystone.ts";
import { REGION } from "./assembly/resolver.ts";
import type { Deployment, Kind } from "./deployment.ts";

export async function credentialsFor(deployment: Deployment, kind: Kind): Promise<string[]> {
  return Object.entries(await variables(deployment, kind)).map(
    ([name, value]) => `export ${name}='${value}'`,
  );
}

async function variables(
  { principals, keystone, issuer }: Deployment,
  kind: Kind,
): Promise<Readonly<Record<string, string>>> {
  if (kind === "keystone") return { OS_AUTH_URL: keystone.url, ...STUB_CREDENTIAL };
  if (kind === "jwt") {
    const claims = { sub: "operator", project_id: "operators", roles: ["admin", "service"] };
    return { PLACEMENT_BEARER_TOKEN: await issuer.sign(claims) };
  }
  const admin = principals.get("admin");
  if (admin === undefined) throw new Error("nobody is an administrator");
  return {
    AWS_ACCESS_KEY_ID: admin.accessKey,
    AWS_SECRET_ACCESS_KEY: admin.secretKey,
    AWS_REGION: REGION,
  };
}
