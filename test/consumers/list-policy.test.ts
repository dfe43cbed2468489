/** Who may list the consumers of all projects. */
import { expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";

/** An operator who lets readers of a project list consumers. */
const api = useApi({
  configuration: {
    policyRules: { "placement:consumers:list": "rule:admin_or_project_reader_or_service_api" },
  },
});

const list = (query: string, token: string, roles: string) =>
  api.request("GET", `/consumers${query}`, { token, roles });

const OVER_ALL = [
  "",
  "?limit=1",
  "?older_than=0",
  "?consumer_type=X",
  `?provider=${"0".repeat(32)}`,
];

test.each(OVER_ALL)("a reader of a project sees nobody else's consumers: %j", async (query) => {
  const own = await list("?project_id=mine", "user:mine", "reader,member");
  expect(own.status).toBe(200);
  const message = /placement:consumers:list_all/;
  expectRefusal(await list(query, "user:mine", "reader,member"), { status: 403, message });
});

test.each(OVER_ALL)("administrators and services see all: %j", async (query) => {
  for (const roles of ["admin", "service"]) {
    expect((await list(query, "root:other", roles)).status).toBe(200);
  }
});

test("the rule of the list is needed as well", async () => {
  expectRefusal(await list("", "user", "member"), { status: 403 });
});
