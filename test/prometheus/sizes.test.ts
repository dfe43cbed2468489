/** Metrics that are larger than an answer can be are refused, with the number of parts to ask for. */
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { MAX_HELD } from "../../functions/metrics/fleet.ts";
import { needsParts } from "../../functions/metrics/parts.ts";
import { metricsText } from "../../functions/metrics/text.ts";
import { AnswerNeedsParts } from "../../lib/api/refusals.ts";
import type { Provider } from "../../lib/model/provider.ts";
import { STANDARD_CLASS_NAMES } from "../../lib/model/standard-classes.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import { chance } from "../support/chance.ts";
import { expectRefusal, messageOf } from "../support/expect-refusal.ts";
import { readExposition } from "../support/exposition.ts";
import { drawnHosts, fleetProvider, fleetUuid } from "../support/fleet.ts";
import { useApi } from "../support/frame.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { madeOperation, overHttp } from "../support/invoke.ts";
import { seedProviders } from "../support/seeded.ts";
import { valuesOf } from "./world.ts";

const TOO_LARGE = "placement.answer_too_large";
const totals = Object.fromEntries([...STANDARD_CLASS_NAMES.keys()].map((id) => [id, 8]));

/** Each quote of its name takes four bytes of the answer as JSON. */
function large(index: number): Provider {
  const { state, profile } = fleetProvider({ uuid: fleetUuid(1, index), totals });
  return { state, profile: { ...profile, name: `${'"'.repeat(190)}${index}` } };
}

const partsIn = (message: string) => Number(/ask for it in (\d+) parts/.exec(message)?.[1]);

const gzip = { "accept-encoding": "gzip" };
// The providers are written without the API.
const unverified = { verified: "never" } as const;

describe("a fleet whose text is too large without compression", () => {
  const HOSTS = 90;
  const api = useApi(unverified);
  const get = (query: string, headers = {}) => api.request("GET", `/metrics${query}`, { headers });
  let plain: HttpAnswer;

  beforeAll(async () => {
    const hosts = Array.from({ length: HOSTS }, (_, index) => large(index));
    await seedProviders(api, hosts);
    plain = await get("");
  });

  test("is refused, with the number of parts", () => {
    expectRefusal(plain, { status: 400, code: TOO_LARGE });
    expect(messageOf(plain)).toMatch(
      /^The answer is larger than what a function can return\. Please accept gzip \(Accept-Encoding: gzip\), or ask for it in (\d+) parts, from part=1\/\1 to part=\1\/\1\.$/,
    );
    expect(plain.headers["vary"]).toContain("accept-encoding");
  });

  test("is complete in so many parts, and as a whole with gzip", async () => {
    const parts = partsIn(messageOf(plain));
    expect(parts).toBeGreaterThan(1);
    const all = new Map<string, number>();
    for (let index = 1; index <= parts; index += 1) {
      const { status, body } = await get(`?part=${index}/${parts}`);
      expect(status).toBe(200);
      for (const [key, value] of valuesOf(readExposition(body))) all.set(key, value);
    }
    const whole = valuesOf(readExposition((await get("", gzip)).body));
    expect(whole.size).toBe(HOSTS * STANDARD_CLASS_NAMES.size * 5 + 1);
    expect(all).toEqual(whole);
  });
});

describe("allocations of many providers", () => {
  const api = useApi(unverified);

  test("are refused before a query is sent, with the number of parts", async () => {
    const random = chance("many providers with consumers");
    const hosts = drawnHosts(2 * MAX_HELD + 2, random).map(({ state, profile }) => ({
      state: { ...state, consumers: 1 },
      profile,
    }));
    await seedProviders(api, hosts);
    const get = (query: string) => api.request("GET", `/metrics${query}`, { headers: gzip });
    const refused = await get("?allocations=true");
    expectRefusal(refused, { status: 400, code: TOO_LARGE });
    expect(partsIn(messageOf(refused))).toBe(3);
    expect((await get("")).status).toBe(200);
  });
});

describe("beyond a text that can be built", () => {
  test("metrics are refused before they are", () => {
    const classes: NameDirectory = {
      kind: "CLASSES",
      idOf: () => undefined,
      nameOf: (id) => STANDARD_CLASS_NAMES.get(id),
    };
    const one = large(0);
    const fleet = { providers: Array(2_400).fill(one), holders: undefined, classes };
    const refused = () => metricsText(fleet, { index: 1, count: 2 });
    expect(refused).toThrow(AnswerNeedsParts);
    expect(refused).toThrow(/Please ask for it in 3 parts/);
  });

  test("and compressed ones by their size", async () => {
    const text = randomBytes(6_000_000).toString("base64");
    const operation = madeOperation(async () => ({
      status: 200,
      text: () => text,
      tooLarge: ({ times, gzipMayHelp }) => needsParts({ index: 1, count: 4 }, times, gzipMayHelp),
    }));
    const { statusCode, body = "" } = await overHttp(operation, { "accept-encoding": "gzip" });
    const [{ detail, code }] = JSON.parse(body).errors;
    expect([statusCode, code]).toEqual([400, TOO_LARGE]);
    // 8 MB of base64 again, by 6.3 MB, for four parts.
    expect(detail).toContain("Please ask for it in 7 parts, from part=1/7 to part=7/7.");
  });
});
