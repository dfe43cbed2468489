/** Who may do what: tokens, roles, scope and presets, over every operation of the list. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import type { Api, RequestOptions } from "../support/api.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";

const PLACEMENT_RULES = [
  ...["list", "create", "show", "update", "delete"].flatMap((action) => [
    `placement:resource_providers:${action}`,
    `placement:resource_providers:inventories:${action}`,
    `placement:resource_classes:${action}`,
  ]),
  ...["list", "update"].map((action) => `placement:resource_providers:aggregates:${action}`),
  ...["list", "update", "delete"].map((action) => `placement:resource_providers:traits:${action}`),
  ...["list", "show", "update", "delete"].map((action) => `placement:traits:${action}`),
  ...["list", "manage", "update", "delete"].map((action) => `placement:allocations:${action}`),
  "placement:resource_providers:usages",
  "placement:resource_providers:allocations:list",
  "placement:allocation_candidates:list",
  "placement:usages",
  "placement:reshaper:reshape",
];

const guarded = operations.filter(({ rule }) => rule !== undefined);
const apis: Readonly<Record<string, Api>> = {
  secure: useApi({ configuration: { policy: "secure" } }),
  legacy: useApi({ configuration: { policy: "legacy" } }),
  open: useApi({ configuration: { policy: "open" } }),
};

const of = (policy: string) => apis[policy] as Api;

function send(api: Api, operation: AnyOperation, options: RequestOptions) {
  const [method = "", template = ""] = operation.route.split(" ");
  const { parameter } = operation.onlyWith ?? {};
  const query = parameter === undefined ? "" : `?${parameter}=${randomUUID()}`;
  const path = `${template.replace(/\{\w+\}/g, randomUUID())}${query}`;
  const headers = { "content-type": "application/json", ...options.headers };
  const body = operation.body === undefined ? {} : { body: "{" };
  return api.request(method, path, { ...options, headers, ...body });
}

test("the operations have Placement's rules, and extensions these or their own", () => {
  const rules = new Set<string>(guarded.map(({ rule }) => rule ?? ""));
  for (const rule of PLACEMENT_RULES) expect(rules).toContain(rule);
  const open = operations.filter(({ rule }) => rule === undefined).map(({ id }) => id);
  expect(open.filter((id) => id !== "root/show" && !id.startsWith("openapi/"))).toEqual([]);
  for (const { rule, extension } of guarded) {
    const own =
      extension === true &&
      /^placement:(claims|consumers|events|history|metrics|resource_providers:allocations|status):/.test(
        rule ?? "",
      );
    expect(own || PLACEMENT_RULES.includes(rule ?? "")).toBe(true);
  }
});

describe.each(guarded.map((operation) => [operation.id, operation] as const))(
  "%s",
  (_, operation) => {
    const rule = operation.rule ?? "";
    const reshape = rule === "placement:reshaper:reshape";
    /** Its readers see what is their own. */
    const readers = ["placement:history:show", "placement:events:list"].includes(rule ?? "");
    /** Whatever else is wrong with the request, it is permitted. */
    const permitted = async (policy: string, options: RequestOptions) => {
      const { status } = await send(of(policy), operation, options);
      expect([401, 403, 405]).not.toContain(status);
    };
    const forbidden = async (policy: string, options: RequestOptions) => {
      const answer = await send(of(policy), operation, options);
      const message = `Policy does not allow ${rule} to be performed.`;
      expectRefusal(answer, { status: 403, message });
      expect(answer.headers).not.toHaveProperty("vary");
    };

    test("needs a role, before the body is looked at", async () => {
      for (const policy of ["secure", "legacy"]) {
        for (const roles of ["", readers ? "member" : "member,reader", "administrator"]) {
          await forbidden(policy, { roles, headers: { "x-project-id": "other" } });
        }
        await permitted(policy, { roles: "service" });
        await permitted(policy, { roles: "member, Service" });
      }
      if (reshape) await forbidden("secure", { roles: "admin" });
      else await permitted("secure", { roles: "ADMIN" });
      await permitted("legacy", { roles: "admin" });
      await permitted("open", { roles: "" });
    });

    test("is not for the system's scope", async () => {
      const headers = { "openstack-system-scope": "all" };
      for (const policy of ["secure", "legacy", "open"]) {
        const answer = await send(of(policy), operation, { roles: "admin,service", headers });
        expectRefusal(answer, { status: 403, message: rule });
      }
    });

    test("needs a token", async () => {
      const answer = await send(of("open"), operation, { token: null, version: "9.9" });
      expect([answer.status, Object.keys(answer.body).sort()]).toEqual([
        401,
        ["code", "message", "title"],
      ]);
    });
  },
);

describe("usages", () => {
  const usages = (policy: string, options: RequestOptions, query = "project_id=mine") =>
    of(policy).request("GET", `/usages?${query}`, options);

  test("of its own project are a reader's to see", async () => {
    for (const policy of ["secure", "legacy"]) {
      const own = { token: "someone:mine", roles: "reader" };
      expect((await usages(policy, own)).status).toBe(200);
      const header = {
        token: "someone:theirs",
        roles: "Reader",
        headers: { "x-project-id": "mine" },
      };
      expect((await usages(policy, header)).status).toBe(200);
      for (const query of ["project_id=theirs", "", "project_id=mine&project_id=theirs"]) {
        expect((await usages(policy, own, query)).status).toBe(403);
      }
      expect((await usages(policy, { ...own, roles: "member" })).status).toBe(403);
    }
  });
});

describe("401", () => {
  test("comes before routing, version and content type", async () => {
    for (const [path, version] of [
      ["/nowhere", "1.39"],
      ["/resource_providers", "9.9"],
      ["/resource_providers/", "x"],
    ] as const) {
      const headers = { "content-type": "" };
      const answer = await of("open").request("POST", path, {
        token: null,
        version,
        body: "{",
        headers,
      });
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({
        code: "401 Unauthorized",
        title: "Unauthorized",
        message: expect.stringMatching(/^This server could not verify that you are authorized/),
      });
      expect(answer.headers["x-openstack-request-id"]).toMatch(/^req-/);
      expect(answer.headers).not.toHaveProperty("openstack-api-version");
    }
  });

  test("is for an empty token too, and never for the root", async () => {
    expect((await of("open").request("GET", "/traits", { token: "" })).status).toBe(401);
    expect((await of("open").request("GET", "/", { token: null })).status).toBe(200);
  });
});
