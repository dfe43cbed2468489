/** The name that a direct caller gives itself: for logs and keys, and for nothing else. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import { showRoot } from "../../functions/root/show.ts";
import { listTraits } from "../../functions/traits/list.ts";
import { startApi } from "../support/api.ts";
import { callDirectly, invokeOf } from "../support/direct.ts";
import { useApi } from "../support/frame.ts";

const api = useApi();

function create(name: string, names: { caller?: string; idempotencyKey?: string }) {
  return callDirectly(api, createResourceProvider, {
    version: "1.39",
    body: { name },
    ...names,
  });
}

describe("a caller's name", () => {
  test.each(["nova", "!", "~", "arn:aws:lambda:eu-west-1:1:function:a", "a".repeat(128)])(
    "may be %s",
    async (caller) => {
      expect((await create(randomUUID(), { caller })).status).toBe(200);
      expect(api.logs.at(-1)).toMatchObject({ source: "direct", caller });
    },
  );

  test.each(["", " ", "a b", "caf\u00e9", "a\n", "a\u0000", "a".repeat(129), 5, null, ["a"], {}])(
    "is refused as %j, and nothing is written",
    async (caller) => {
      const before = await api.items();
      const event = JSON.stringify({ version: "1.39", body: { name: "n" }, caller });
      const { payload } = await invokeOf(api, createResourceProvider)(event);
      const { status, body } = JSON.parse(payload);
      expect(status).toBe(400);
      expect(body.errors[0].detail).toContain("'caller'");
      expect(await api.items()).toEqual(before);
    },
  );

  test("separates the keys of repeated writes", async () => {
    const idempotencyKey = randomUUID();
    const name = (of: string) => `${of}-${idempotencyKey}`;
    for (const caller of [undefined, "nova", "neutron", "Nova", "direct"]) {
      const names = { idempotencyKey, ...(caller === undefined ? {} : { caller }) };
      const first = await create(name(`${caller}`), names);
      expect([caller, first.status]).toEqual([caller, 200]);
      expect(first.headers).not.toHaveProperty("idempotent-replayed");
      const second = await create(name(`${caller}`), names);
      expect(second).toMatchObject({ status: 200, body: first.body });
      expect(second.headers["idempotent-replayed"]).toBe("true");
      expect((await create(name("other"), names)).status).toBe(422);
    }
  });

  test("gives no role, and is no user that a rule could ask for", async () => {
    const rules = { "placement:traits:list": "user_id:root or role:root or project_id:root" };
    const other = await startApi({ configuration: { directRoles: [], policyRules: rules } });
    const list = (caller: string) => callDirectly(other, listTraits, { version: "1.39", caller });
    for (const caller of ["root", "admin"]) expect((await list(caller)).status).toBe(403);
    await other.close();
  });

  test("may stand with what needs no identity", async () => {
    const call = { version: "1.39", caller: "probe" } as const;
    expect((await callDirectly(api, showRoot, call)).status).toBe(200);
    expect(api.logs.at(-1)).toMatchObject({ operation: "root/show", caller: "probe" });
  });
});

test("direct callers have the configured roles and none beyond", async () => {
  const rules = { "placement:traits:list": "role:admin" };
  const other = await startApi({ configuration: { policyRules: rules } });
  const call = { version: "1.39" } as const;
  expect((await callDirectly(other, listTraits, call)).status).toBe(403);
  await other.close();
});
