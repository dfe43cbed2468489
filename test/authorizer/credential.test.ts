/** The body with which an authorizer logs in, from the variables of an openrc file. */
import { expect, test } from "vitest";
import { authenticationBody, credentialSchema } from "../../lib/authorizer/keystone/credential.ts";

const OPENRC = { OS_USERNAME: "placement", OS_PASSWORD: "secret", OS_PROJECT_NAME: "service" };

test.each([
  [{}, { id: "default" }, { id: "default" }],
  [{ OS_USER_DOMAIN_ID: "d1", OS_PROJECT_DOMAIN_ID: "d2" }, { id: "d1" }, { id: "d2" }],
  [
    { OS_USER_DOMAIN_NAME: "Services", OS_PROJECT_DOMAIN_NAME: "Default" },
    { name: "Services" },
    { name: "Default" },
  ],
  [{ OS_USER_DOMAIN_ID: "d1", OS_USER_DOMAIN_NAME: "Services" }, { id: "d1" }, { id: "default" }],
])("the domains of %j", (domains, user, project) => {
  const credential = credentialSchema.parse({ ...OPENRC, ...domains });
  expect(authenticationBody(credential)).toEqual({
    auth: {
      identity: {
        methods: ["password"],
        password: { user: { name: "placement", password: "secret", domain: user } },
      },
      scope: { project: { name: "service", domain: project } },
    },
  });
});

test("an application credential has no domains and no scope of its own", () => {
  const credential = credentialSchema.parse({
    OS_APPLICATION_CREDENTIAL_ID: "i",
    OS_APPLICATION_CREDENTIAL_SECRET: "s",
    OS_USER_DOMAIN_NAME: "Services",
  });
  expect(authenticationBody(credential)).toEqual({
    auth: {
      identity: {
        methods: ["application_credential"],
        application_credential: { id: "i", secret: "s" },
      },
    },
  });
});
