/** Headers that a page of another origin may send and see: all that the API's clients use. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { useApi } from "../support/frame.ts";
import { claimBody, makeProvider } from "../support/world.ts";

const ORIGIN = "https://console.example";
const api = useApi({ configuration: { corsOrigins: [ORIGIN] } });

test.each([
  "Placement-Lease",
  "Placement-Consumer-Life",
  "Idempotency-Key",
  "OpenStack-API-Version",
  "X-Auth-Token",
  "If-None-Match",
])("it may send %s", async (name) => {
  const { headers } = await api.request("OPTIONS", "/claims", {
    token: null,
    headers: {
      origin: ORIGIN,
      "access-control-request-method": "PUT",
      "access-control-request-headers": name.toLowerCase(),
    },
  });
  expect(headers["access-control-allow-headers"]).toBe(name.toLowerCase());
});

test("it sees when its lease ends, that an answer is a repeat, and where something was made", async () => {
  const host = await makeProvider(api, { VCPU: 4 });
  const headers = {
    origin: ORIGIN,
    "placement-lease": "60",
    "idempotency-key": randomUUID(),
  };
  const body = claimBody({ [host]: { VCPU: 1 } }, null);
  const path = `/allocations/${randomUUID()}`;
  await api.request("PUT", path, { headers, body });
  const repeated = await api.request("PUT", path, { headers, body });
  const created = await api.request("POST", "/resource_providers", {
    headers: { origin: ORIGIN },
    body: { name: randomUUID() },
  });
  const exposed = (name: string, { headers: given }: typeof repeated) =>
    given[name] !== undefined &&
    (given["access-control-expose-headers"] ?? "").toLowerCase().split(", ").includes(name);
  expect(exposed("placement-lease-expires-at", repeated)).toBe(true);
  expect(exposed("idempotent-replayed", repeated)).toBe(true);
  expect(exposed("x-openstack-request-id", created)).toBe(true);
  expect(exposed("location", created)).toBe(true);
});
