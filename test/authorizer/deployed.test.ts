/** Deployed authorizers: their environment, their events, and what they hand on. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { identityDocumentSchema } from "../../lib/api/identity-document.ts";
import { deployedJwt, deployedKeystone } from "../../lib/authorizer/deployed.ts";
import { authorizerLambda, deployedAuthorizer } from "../../lib/authorizer/lambda.ts";
import { AUDIENCE, type StubIssuer, startStubIssuer } from "../support/stub-issuer.ts";
import { STUB_CREDENTIAL, type StubKeystone, startStubKeystone } from "../support/stub-keystone.ts";

const ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:placement-AbCdEf";
const METHOD_ARN = "arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/traits";

let keystone: StubKeystone;
let issuer: StubIssuer;
beforeEach(async () => {
  keystone = await startStubKeystone((token) =>
    token === "nova" ? { user: "u-nova", project: "service", roles: ["service"] } : undefined,
  );
  issuer = await startStubIssuer();
});
afterEach(async () => {
  await Promise.all([keystone.close(), issuer.close()]);
});

const keystoneEnvironment = () => ({ KEYSTONE_URL: keystone.url, KEYSTONE_SECRET_ARN: ARN });

function httpApiEvent(headers: Record<string, string>) {
  return {
    ...{ version: "2.0", type: "REQUEST", routeArn: METHOD_ARN, identitySource: null },
    ...{ routeKey: "GET /traits", rawPath: "/traits", rawQueryString: "", headers },
    requestContext: { http: { method: "GET" } },
  };
}

function restApiEvent(headers: Record<string, string>) {
  return {
    type: "REQUEST",
    methodArn: METHOD_ARN,
    resource: "/{proxy+}",
    httpMethod: "GET",
    headers,
  };
}

const handedOn = z.object({ context: z.strictObject({ identity: z.string() }) });
const documentIn = (answer: unknown) =>
  identityDocumentSchema.parse(JSON.parse(handedOn.parse(answer).context.identity));

describe("of Keystone's tokens", () => {
  test("validates with the credential of its secret", async () => {
    const arns: string[] = [];
    const read = async (arn: string) => {
      arns.push(arn);
      return JSON.stringify(STUB_CREDENTIAL);
    };
    const handler = authorizerLambda(() => deployedKeystone(keystoneEnvironment(), read));
    const answer = await handler(httpApiEvent({ "x-auth-token": "nova" }));
    expect(answer).toMatchObject({ isAuthorized: true });
    expect(documentIn(answer)).toMatchObject({ kind: "keystone", status: "ok", user: "u-nova" });
    const none = await handler(httpApiEvent({}));
    expect([none, documentIn(none).status]).toEqual([
      expect.objectContaining({ isAuthorized: true }),
      "none",
    ]);
    expect(arns).toEqual([ARN]);
  });

  test("allows all of a REST API's stage, and denies nothing", async () => {
    const read = async () => JSON.stringify(STUB_CREDENTIAL);
    const handler = authorizerLambda(() => deployedKeystone(keystoneEnvironment(), read));
    for (const [token, principalId] of [
      ["nova", "u-nova"],
      ["who", "none"],
    ] as const) {
      const answer = await handler(restApiEvent({ "X-Auth-Token": token }));
      expect(answer).toMatchObject({
        principalId,
        policyDocument: {
          Statement: [
            {
              Effect: "Allow",
              Action: "execute-api:Invoke",
              Resource: "arn:aws:execute-api:us-east-1:123456789012:api/prod/*",
            },
          ],
        },
      });
      expect(documentIn(answer).kind).toBe("keystone");
    }
  });

  test("whose secret cannot be read lets nobody in, and turns nobody away", async () => {
    const read = async () => Promise.reject(new Error("AccessDenied: secret text"));
    const handler = authorizerLambda(() => deployedKeystone(keystoneEnvironment(), read));
    const answer = await handler(httpApiEvent({ "x-auth-token": "nova" }));
    expect(documentIn(answer)).toEqual({ kind: "keystone", status: "unavailable" });
  });
});

test("of JSON Web Tokens is configured by its environment", async () => {
  const claims = JSON.stringify({ user: "email", roles: "realm.roles" });
  const environment = { JWT_ISSUER: issuer.issuer, JWT_AUDIENCE: AUDIENCE, JWT_CLAIMS: claims };
  const handler = authorizerLambda(() => deployedJwt(environment));
  const token = await issuer.sign({ email: "a@b.example", realm: { roles: ["admin"] } });
  const answer = await handler(httpApiEvent({ authorization: `Bearer ${token}` }));
  expect(documentIn(answer)).toMatchObject({ user: "a@b.example", roles: ["admin"], kind: "jwt" });
});

describe("an authorizer that cannot start", () => {
  test.each([
    {},
    { KEYSTONE_URL: "keystone", KEYSTONE_SECRET_ARN: ARN },
    { KEYSTONE_URL: "https://k.example", KEYSTONE_SECRET_ARN: "" },
    { KEYSTONE_URL: "https://k.example", KEYSTONE_SECRET_ARN: ARN, TOKEN_CACHE_TIME: "-1" },
    { KEYSTONE_URL: 'https://k.example/"x', KEYSTONE_SECRET_ARN: ARN, TOKEN_CACHE_TIME: "9999" },
  ])("ends during initialisation, with one line: %j", (environment) => {
    const lines: unknown[] = [];
    const start = () =>
      deployedAuthorizer(
        () => deployedKeystone(environment),
        { AWS_LAMBDA_FUNCTION_NAME: "authorizer-keystone" },
        (entry) => lines.push(entry),
      );
    expect(start).toThrow();
    expect(lines).toMatchObject([{ level: "ERROR", message: "the authorizer cannot start" }]);
  });
});

test.each([null, {}, { type: "TOKEN", methodArn: METHOD_ARN, authorizationToken: "x" }, []])(
  "an event of something else is an error: %j",
  async (event) => {
    const handler = authorizerLambda(() => async () => ({ kind: "jwt", status: "none" }));
    await expect(handler(event)).rejects.toThrow("REQUEST authorizer");
  },
);
