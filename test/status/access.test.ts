/** Who sees the state of the service, and what it costs to ask for it. */
import { beforeAll, describe, expect, test } from "vitest";
import { showStatus } from "../../functions/status/show.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { leaseRequests } from "../support/leases.ts";
import { makeProvider } from "../support/world.ts";
import { readStatus } from "./support.ts";

const api = useApi({ configuration: {} });

test("administrators and services do, readers of a project do not", async () => {
  for (const roles of ["admin", "service"]) await readStatus(api, { token: "u", roles });
  const answer = await api.request("GET", "/status", { token: "u:p", roles: "reader,member" });
  const message = "Policy does not allow placement:status:show to be performed.";
  expectRefusal(answer, { status: 403, message });
});

test("every microversion has it", async () => {
  for (const version of ["1.0", "1.20", "1.39", null]) await readStatus(api, { version });
});

test("a direct caller of the function gets the same", async () => {
  const handler = lambda(showStatus, async () => api.runtime);
  const result = await handler({ version: "1.39" }, lambdaContext("direct"));
  expect(result).toMatchObject({ status: 200, body: { scope: "table", requests: null } });
});

describe("another rule", () => {
  const other = useApi({
    configuration: { policyRules: { "placement:status:show": "role:monitoring" } },
  });

  test("lets others in, to nothing else", async () => {
    const ask = async (path: string, roles: string) =>
      (await other.request("GET", path, { token: "u", roles })).status;
    expect(await ask("/status", "monitoring")).toBe(200);
    expect(await ask("/status", "admin")).toBe(403);
    expect(await ask("/resource_providers", "monitoring")).toBe(403);
  });
});

describe("its reads", () => {
  const { held } = leaseRequests(() => api);
  const readUnits = async () => {
    await readStatus(api);
    const { metrics } = api.logs.findLast(({ operation }) => operation === "status/show") ?? {};
    return (metrics as { ReadUnits: number }).ReadUnits;
  };
  let host: string;
  beforeAll(async () => {
    host = await makeProvider(api, { VCPU: 100 });
  });

  test("are as many whatever is stored", async () => {
    await readUnits();
    const before = await readUnits();
    for (let count = 0; count < 20; count += 1) await held({ [host]: { VCPU: 1 } }, 3_600);
    expect(await readUnits()).toBe(before);
    expect(before).toBeLessThan(25);
  });
});
