/** The three endpoints of one deployment, over the functions that it deploys. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { KEYSTONE_URL } from "../programs/deployed/assembly/synthesise.ts";
import type { Kind } from "../programs/deployed/deployment.ts";
import { keystoneToken, type Send, sender, signer } from "./callers.ts";
import { principalOf, useDeployment } from "./frame.ts";

const played = useDeployment();

const KINDS: readonly Kind[] = ["iam", "keystone", "jwt"];

/** Creates a provider with an inventory, claims, reads, and deletes all of it. */
async function session(send: Send): Promise<void> {
  const [provider, consumer] = [randomUUID(), randomUUID()];
  const path = `/resource_providers/${provider}`;
  const made = await send("POST", "/resource_providers", {
    body: { name: provider, uuid: provider },
  });
  expect(made).toMatchObject({ status: 200, body: { uuid: provider, generation: 0 } });
  const inventories = { VCPU: { total: 8 } };
  const body = { resource_provider_generation: 0, inventories };
  expect((await send("PUT", `${path}/inventories`, { body })).status).toBe(200);
  const claim = {
    allocations: { [provider]: { resources: { VCPU: 2 } } },
    consumer_generation: null,
    project_id: "p",
    user_id: "u",
    consumer_type: "INSTANCE",
  };
  expect((await send("PUT", `/allocations/${consumer}`, { body: claim })).status).toBe(204);
  const usages = await send("GET", `${path}/usages`);
  expect(usages).toMatchObject({ status: 200, body: { usages: { VCPU: 2 } } });
  const named = await send("GET", `/resource_providers?name=${provider}&resources=VCPU:6`);
  expect(named.body.resource_providers).toHaveLength(1);
  expect((await send("DELETE", `/allocations/${consumer}`)).status).toBe(204);
  expect((await send("DELETE", path)).status).toBe(204);
}

describe.each(KINDS)("the %s endpoint", (kind) => {
  test("serves a session", async () => {
    await session(await played.admin(kind));
    expect(played.refused).toEqual([]);
  });

  test("shows metrics to Prometheus, which sends a bearer token or signs through a proxy", async () => {
    const { url } = played;
    const accept = "text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
    const send =
      kind === "keystone"
        ? sender(url(kind), {
            authorization: `Bearer ${keystoneToken("u", "p", "admin")["x-auth-token"]}`,
          })
        : await played.admin(kind);
    const answer = await send("GET", "/metrics?part=1/1", { headers: { accept } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/plain; version=0.0.4",
    ]);
    expect(answer.body).toMatch(/^openstack_placement_up 1$/m);
    // A function has no metrics of a process.
    expect(answer.body).not.toContain("process_cpu");
    expect(played.refused).toEqual([]);
  });

  test("shows its versions and its description to everybody", async () => {
    const everybody = sender(played.url(kind));
    expect((await everybody("GET", "/")).status).toBe(200);
    expect((await everybody("GET", "/openapi.json")).status).toBe(200);
  });

  test("answers what no route takes", async () => {
    const send = await played.admin(kind);
    expect((await send("GET", "/nothing/here")).status).toBe(404);
    const refused = await send("PATCH", "/resource_providers");
    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")).toBe("GET, POST");
  });
});

describe("who may call", () => {
  test("a request without a valid token gets Placement's own 401", async () => {
    const challenges = { keystone: `Keystone uri="${KEYSTONE_URL}"`, jwt: "Bearer" };
    for (const kind of ["keystone", "jwt"] as const) {
      for (const headers of [
        {},
        { "x-auth-token": "admin" },
        { authorization: "Bearer a.b.c" },
      ] as Record<string, string>[]) {
        const answer = await sender(played.url(kind))("GET", "/resource_providers", { headers });
        expect(answer.status).toBe(401);
        expect(answer.body).toMatchObject({ code: "401 Unauthorized", title: "Unauthorized" });
        expect(answer.headers.get("www-authenticate")).toBe(challenges[kind]);
      }
    }
  });

  test("a request without a valid signature gets API Gateway's 403", async () => {
    const url = played.url("iam");
    const admin = principalOf(played.deployment, "admin");
    const senders = [sender(url), signer(url, { ...admin, secretKey: "another" })];
    for (const send of senders) {
      const answer = await send("GET", "/resource_providers");
      expect(answer).toMatchObject({ status: 403, body: { message: "Forbidden" } });
    }
  });

  test("a caller without a role gets Placement's 403", async () => {
    const { deployment, url } = played;
    const token = await deployment.issuer.sign({ sub: "u", project_id: "p", roles: ["member"] });
    const senders = [
      sender(url("keystone"), keystoneToken("u", "p", "member")),
      sender(url("jwt"), { authorization: `Bearer ${token}` }),
      signer(url("iam"), principalOf(deployment, "stranger")),
    ];
    for (const send of senders) {
      const answer = await send("GET", "/resource_providers");
      expect(answer.status).toBe(403);
      expect(answer.body.errors[0]).toMatchObject({ status: 403, title: "Forbidden" });
    }
  });

  test("a reader sees the usages of its own project only", async () => {
    const send = sender(played.url("keystone"), keystoneToken("u", "alpha", "reader"));
    expect((await send("GET", "/usages?project_id=alpha")).status).toBe(200);
    expect((await send("GET", "/usages?project_id=beta")).status).toBe(403);
  });

  test("no credential of one endpoint passes at another", async () => {
    const { deployment, url } = played;
    const token = await deployment.issuer.sign({ sub: "u", project_id: "p", roles: ["admin"] });
    const bearer = { authorization: `Bearer ${token}` };
    const keystone = keystoneToken("u", "p", "admin");
    const admin = principalOf(deployment, "admin");
    const crossed: [Send, number][] = [
      [sender(url("keystone"), bearer), 401],
      [sender(url("jwt"), keystone), 401],
      [sender(url("iam"), { ...keystone }), 403],
      [sender(url("iam"), bearer), 403],
      [signer(url("keystone"), admin), 401],
      [signer(url("jwt"), admin), 401],
    ];
    for (const [send, status] of crossed) {
      expect((await send("GET", "/resource_providers")).status).toBe(status);
    }
  });
});

test("with Keystone down, known tokens go on and others get 503", async () => {
  const { keystone } = played.deployment;
  const known = sender(played.url("keystone"), keystoneToken("known", "p", "admin"));
  expect((await known("GET", "/traits")).status).toBe(200);
  keystone.failing = 500;
  try {
    const unknown = sender(played.url("keystone"), keystoneToken("unknown", "p", "admin"));
    const answer = await unknown("GET", "/traits");
    expect(answer.status).toBe(503);
    expect(answer.body.errors[0]).toMatchObject({ status: 503 });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await known("GET", "/traits")).status).toBe(200);
  } finally {
    keystone.failing = undefined;
  }
});
