/** Servers of both kinds of tokens, on tables of their own, before a stub Keystone and a stub issuer. */
import { DEFAULT_TOKEN_CACHE_TIME } from "../../lib/authorizer/configuration.ts";
import { type Api, type ApiOptions, startApi } from "./api.ts";
import { AUDIENCE, type StubIssuer, startStubIssuer } from "./stub-issuer.ts";
import {
  STUB_CREDENTIAL,
  type StubKeystone,
  startStubKeystone,
  type WhoseToken,
} from "./stub-keystone.ts";

export interface TokenApis {
  readonly keystone: StubKeystone;
  readonly issuer: StubIssuer;
  readonly apis: { readonly keystone: Api; readonly jwt: Api };
  close(): Promise<void>;
}

/** @param options of the server for Keystone's tokens */
export async function startTokenApis(
  whose: WhoseToken,
  options: Pick<ApiOptions, "allowedHosts"> = {},
): Promise<TokenApis> {
  const keystone = await startStubKeystone(whose);
  const issuer = await startStubIssuer();
  const ca = undefined;
  const claims = { user: "sub", project: "project_id", roles: "roles" };
  const apis = {
    keystone: await startApi({
      ...options,
      auth: {
        ...{ kind: "keystone", url: keystone.url, credential: STUB_CREDENTIAL, ca },
        tokenCacheTime: DEFAULT_TOKEN_CACHE_TIME,
      },
      configuration: { keystoneUrl: keystone.url },
    }),
    jwt: await startApi({
      auth: { kind: "jwt", issuer: issuer.issuer, audience: AUDIENCE, claims, ca },
    }),
  };
  return {
    keystone,
    issuer,
    apis,
    close: async () => {
      await Promise.all([apis.keystone.close(), apis.jwt.close()]);
      await Promise.all([keystone.close(), issuer.close()]);
    },
  };
}
