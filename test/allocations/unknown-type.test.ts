/** `unknown` is how a consumer without a type is shown, and how it is written. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claimBody, makeProvider, readClaim } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 1_000 });
});

const body = (type: string, generation: number | null) => ({
  ...claimBody({ [provider]: { VCPU: 1 } }, generation),
  consumer_type: type,
});

interface Way {
  readonly method: string;
  path(consumer: string): string;
  body(consumer: string, type: string, generation: number | null): object;
}

/** Every write of allocations that takes a type. */
const CLAIMS: Readonly<Record<string, Way>> = {
  "PUT /allocations": {
    method: "PUT",
    path: (consumer) => `/allocations/${consumer}`,
    body: (_, type, generation) => body(type, generation),
  },
  "POST /allocations": {
    method: "POST",
    path: () => "/allocations",
    body: (consumer, type, generation) => ({ [consumer]: body(type, generation) }),
  },
  "POST /reshaper": {
    method: "POST",
    path: () => "/reshaper",
    body: (consumer, type, generation) => ({
      inventories: {},
      allocations: { [consumer]: body(type, generation) },
    }),
  },
};
const RECORD: Way = {
  method: "PUT",
  path: (consumer) => `/consumers/${consumer}`,
  body: (_, type, generation) => ({
    project_id: "project",
    user_id: "user",
    consumer_type: type,
    consumer_generation: generation,
  }),
};

const send = (way: Way, consumer: string, type: string, generation: number | null) =>
  api.request(way.method, way.path(consumer), {
    body: way.body(consumer, type, generation),
    version: "1.38",
    roles: "admin,service",
  });

async function typeOf(consumer: string): Promise<string> {
  const shown = (await api.request("GET", `/allocations/${consumer}`)).body.consumer_type;
  const record = (await api.request("GET", `/consumers/${consumer}`)).body.consumer_type;
  expect(record).toBe(shown);
  const listed = await api.request(
    "GET",
    `/consumers?project_id=project&limit=1000&consumer_type=${shown}`,
  );
  const uuids = listed.body.consumers.map(({ uuid }: { uuid: string }) => uuid);
  expect(uuids).toContain(consumer);
  return shown;
}

describe.each(Object.entries({ ...CLAIMS, "PUT /consumers": RECORD }))("%s", (name, way) => {
  test("makes a consumer that has a type one without, and back", async () => {
    const consumer = randomUUID();
    const first = CLAIMS["PUT /allocations"] as Way;
    expect((await send(first, consumer, "INSTANCE", null)).status).toBe(204);
    for (const [index, type] of ["unknown", "unknown", "VOLUME", "unknown"].entries()) {
      const status = name === "PUT /consumers" ? 200 : 204;
      expect((await send(way, consumer, type, 1 + index)).status).toBe(status);
      expect(await typeOf(consumer)).toBe(type);
    }
    expect(await readClaim(api, consumer)).toMatchObject({ held: { [provider]: { VCPU: 1 } } });
    const stored = (await api.items()).find(({ pk }) => pk === `CONSUMER#${consumer}`);
    expect(stored?.["t"]).toBeNull();
  });

  test.each(["Unknown", "unknow", "unknown2", "unknown\n", " unknown", "volume"])(
    "refuses %j as ever",
    async (type) => {
      const answer = await send(way, randomUUID(), type, null);
      const known = name === "PUT /consumers" ? 404 : 400;
      expect(answer.status).toBe(known);
      if (known === 404) return;
      const message = /does not match '\^\[A-Z0-9_\]\+\$'.*Failed validating 'pattern'/;
      expectRefusal(answer, { status: 400, message });
    },
  );
});

test.each(Object.entries(CLAIMS))("%s makes a consumer without a type", async (_, way) => {
  const consumer = randomUUID();
  expect((await send(way, consumer, "unknown", null)).status).toBe(204);
  expect(await typeOf(consumer)).toBe("unknown");
});

test("POST /consumers makes one too", async () => {
  const uuid = randomUUID();
  const given = { uuid, project_id: "project", user_id: "user", consumer_type: "unknown" };
  const answer = await api.request("POST", "/consumers", { body: given });
  expect([answer.status, answer.body.consumer_type]).toEqual([201, "unknown"]);
  expect(await typeOf(uuid)).toBe("unknown");
  const wrong = await api.request("POST", "/consumers", {
    body: { ...given, consumer_type: "volume" },
  });
  expectRefusal(wrong, { status: 400, message: /'volume' does not match '\^\[A-Z0-9_\]\+\$'/ });
});

test("PUT /consumers refuses other lower-case names of a consumer that is there", async () => {
  const consumer = randomUUID();
  await send(CLAIMS["PUT /allocations"] as Way, consumer, "INSTANCE", null);
  const message = /'volume' does not match '\^\[A-Z0-9_\]\+\$'/;
  expectRefusal(await send(RECORD, consumer, "volume", 1), { status: 400, message });
  expect(await typeOf(consumer)).toBe("INSTANCE");
});

test("what GET shows of a consumer from before types can be written as it is", async () => {
  const consumer = randomUUID();
  const { consumer_type: _, ...untyped } = body("X", null);
  const path = `/allocations/${consumer}`;
  const made = await api.request("PUT", path, { body: untyped, version: "1.28" });
  expect(made.status).toBe(204);
  for (const generation of [2, 3]) {
    const { body: shown } = await api.request("GET", path, { version: "1.38" });
    expect(shown.consumer_type).toBe("unknown");
    expect((await api.request("PUT", path, { body: shown, version: "1.38" })).status).toBe(204);
    expect(await readClaim(api, consumer)).toMatchObject({ generation });
  }
});

test("UNKNOWN is a type like any other", async () => {
  const consumer = randomUUID();
  await send(CLAIMS["PUT /allocations"] as Way, consumer, "UNKNOWN", null);
  expect(await typeOf(consumer)).toBe("UNKNOWN");
});
