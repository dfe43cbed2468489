/** The endpoints as REST APIs, whose events have the payload format 1.0. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sender } from "./callers.ts";
import { useDeployment } from "./frame.ts";

const STAGE = "/placement";

const played = useDeployment({ settings: { rest: true }, basePath: STAGE });

describe.each(["iam", "keystone", "jwt"] as const)("the %s endpoint", (kind) => {
  test("serves requests below its stage, and says so in links", async () => {
    const send = await played.admin(kind);
    const uuid = randomUUID();
    const made = await send("POST", "/resource_providers", { body: { name: uuid, uuid } });
    expect(made.status).toBe(200);
    expect(made.headers.get("location")).toBe(`${played.url(kind)}/resource_providers/${uuid}`);
    const self = made.body.links.find(({ rel }: { readonly rel: string }) => rel === "self");
    expect(self.href).toBe(`${STAGE}/resource_providers/${uuid}`);
    const shown = await send("GET", `/resource_providers?name=${uuid}&member_of=!in:${uuid}`);
    expect(shown.body.resource_providers).toMatchObject([{ uuid }]);
    expect(played.refused).toEqual([]);
  });

  test("answers what no route takes", async () => {
    const send = await played.admin(kind);
    expect((await send("GET", "/nothing/here")).status).toBe(404);
    const refused = await send("PATCH", "/resource_providers");
    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")).toBe("GET, POST");
    expect((await send("GET", "/")).status).toBe(200);
  });
});

test("refusals without a token are Placement's; a REST API renames one of their headers", async () => {
  for (const kind of ["keystone", "jwt"] as const) {
    const answer = await sender(played.url(kind))("GET", "/resource_providers");
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ title: "Unauthorized" });
    expect(answer.headers.get("x-amzn-remapped-www-authenticate")).toMatch(/^(Keystone|Bearer)/);
  }
  const unsigned = await sender(played.url("iam"))("GET", "/resource_providers");
  expect(unsigned).toMatchObject({
    status: 403,
    body: { message: "Missing Authentication Token" },
  });
});
