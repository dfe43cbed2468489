/** Sources that hold more than fits, that this release does not know, and that want other tokens. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { type Api, startApi } from "../support/api.ts";
import { useApi } from "../support/frame.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { STUB_CREDENTIAL, type StubKeystone, startStubKeystone } from "../support/stub-keystone.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider, putInventories, readUsages, release } from "../support/world.ts";
import { type Answered, altered } from "./altered.ts";
import { runProgram, tableOf } from "./run.ts";

const source = useApi();
let provider: Uuid;
const consumers = [randomUuid(), randomUuid()];
let target: Api;

beforeAll(async () => {
  provider = await makeProvider(source, { VCPU: 8, MEMORY_MB: 64 });
  for (const consumer of consumers) {
    await claim(source, consumer, { [provider]: { VCPU: 4, MEMORY_MB: 1 } });
  }
  // Less than is held: Placement takes it.
  await putInventories(source, provider, 3, { VCPU: 4, MEMORY_MB: 64 });
  target = await startApi();
});
afterAll(async () => {
  expect(brokenInvariants(await target.items())).toEqual([]);
  await target.close();
});

const run = (args: string[] = [], alter?: (answered: Answered) => unknown, into = target) =>
  runProgram(
    ["--from", source.url, "--token", "admin", ...args],
    tableOf(into),
    alter === undefined ? {} : { fetch: altered(alter) },
  );

describe("what does not fit", () => {
  const overfull = `does not fit: provider PROVIDER: 8 of VCPU are held, its capacity is 4`;

  test("is left out and reported", async () => {
    const { status, lines, warnings } = await run();
    expect(status).toBe(1);
    expect(warnings).toContain(overfull.replace("PROVIDER", provider));
    expect(warnings).toContain("what does not fit is left out; --as-is brings it in");
    const [refused] = warnings.filter((line) => line.startsWith("not written: consumer"));
    expect(refused).toMatch(/would exceed the capacity\.$/);
    expect(lines.at(-1)).toBe("1 differences");
    expect(await readUsages(target, provider)).toEqual({ VCPU: 4, MEMORY_MB: 1 });
  });

  test("ends what is followed as soon as nothing more can be written", async () => {
    const { status, lines } = await run(["--follow"]);
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe("1 differences");
  });

  test("is brought in as it is, if that is asked for", async () => {
    const { status, lines, warnings } = await run(["--follow", "--as-is"]);
    expect(warnings).toContain(overfull.replace("PROVIDER", provider));
    expect(lines.at(-1)).toMatch(/^equal: /);
    expect(status).toBe(0);
    expect(await readUsages(target, provider)).toEqual({ VCPU: 8, MEMORY_MB: 2 });
    expect((await run(["--verify"])).lines).toEqual(["0 differences"]);
    const more = await claim(target, randomUuid(), { [provider]: { VCPU: 1 } });
    expect(more.status).toBe(409);
  });
});

describe("what is held without an inventory", () => {
  const withoutMemory = ({ path, body }: Answered) => {
    if (path.endsWith("/inventories")) delete body.inventories.MEMORY_MB;
    return body;
  };
  let empty: Api;
  beforeAll(async () => {
    empty = await startApi();
  });
  afterAll(async () => {
    expect(brokenInvariants(await empty.items())).toEqual([]);
    await empty.close();
  });

  test("is left out and reported", async () => {
    const { status, warnings } = await run([], withoutMemory, empty);
    expect(status).toBe(1);
    expect(warnings).toContain(
      `does not fit: provider ${provider}: 2 of MEMORY_MB are held, of which it has no inventory`,
    );
    expect(warnings.filter((line) => line.startsWith("not written: consumer"))).toHaveLength(2);
  });

  test("is brought in with an inventory that gives nothing more, and can be released", async () => {
    expect((await run(["--as-is"], withoutMemory, empty)).status).toBe(0);
    expect((await run(["--verify"], withoutMemory, empty)).lines).toEqual(["0 differences"]);
    expect(await readUsages(empty, provider)).toEqual({ VCPU: 8, MEMORY_MB: 2 });
    const more = await claim(empty, randomUuid(), { [provider]: { MEMORY_MB: 1 } });
    expect(more.status).toBe(409);
    for (const consumer of consumers) expect((await release(empty, consumer)).status).toBe(204);
    const { body } = await empty.request("GET", `/resource_providers/${provider}`);
    const put = await putInventories(empty, provider, body.generation, { VCPU: 4 });
    expect(put.status).toBe(200);
  });
});

describe("standard names that this release does not know", () => {
  let empty: Api;
  beforeAll(async () => {
    empty = await startApi();
  });
  afterAll(() => empty.close());

  const withTrait = (used: boolean) => (answered: Answered) => {
    const { path, body } = answered;
    if (path === "/traits") body.traits.push("HW_FROM_THE_FUTURE");
    if (used && path.endsWith(`${provider}/traits`)) body.traits.push("HW_FROM_THE_FUTURE");
    return body;
  };

  test("stop the import before anything is written if they are used", async () => {
    const { status, warnings, lines } = await run(["--as-is"], withTrait(true), empty);
    expect(status).toBe(2);
    expect(lines).toEqual([]);
    expect(warnings).toContain(
      "this release does not know the trait HW_FROM_THE_FUTURE: used in the source",
    );
    expect(warnings.at(-1)).toMatch(/^import: nothing was written: the source uses 1 standard/);
    const items = await empty.items();
    expect(items.filter(({ pk }) => !/^(META|LOG)#/.test(pk))).toEqual([]);
  });

  test("are left out if they are not used", async () => {
    const { status, warnings } = await run(["--as-is"], withTrait(false), empty);
    expect(warnings).toContain(
      "this release does not know the trait HW_FROM_THE_FUTURE: not used, and left out",
    );
    expect(status).toBe(0);
  });
});

describe("tokens", () => {
  let keystone: StubKeystone;
  beforeAll(async () => {
    keystone = await startStubKeystone(() => undefined);
  });
  afterAll(() => keystone.close());

  /** Each token is worth five requests. */
  const expiring = (first: string) => {
    const used = new Map<string, number>();
    return ({ path, headers }: Answered) => {
      if (path === "/" || path.startsWith("/v3/")) return undefined;
      const token = headers.get("x-auth-token") ?? "";
      used.set(token, (used.get(token) ?? 0) + 1);
      const known = token === first || token.startsWith("own-");
      return known && (used.get(token) ?? 0) <= 5 ? undefined : 401;
    };
  };
  const read = (token: string[], environment: Record<string, string>) =>
    runProgram(
      ["--from", source.url, "--verify", "--parallel", "1", ...token],
      { ...tableOf(target), ...environment },
      { fetch: altered(expiring("given")) },
    );

  test("are renewed where Keystone's credential is there", async () => {
    const credential = { ...STUB_CREDENTIAL, OS_AUTH_URL: keystone.url };
    expect((await read(["--token", "given"], credential)).lines.at(-1)).toBe("0 differences");
    expect(keystone.counts.get("POST /v3/auth/tokens")).toBe(1);
    expect((await read([], credential)).lines.at(-1)).toBe("0 differences");
    expect(keystone.counts.get("POST /v3/auth/tokens")).toBe(3);
  });

  test("that are refused end an import without the credential", async () => {
    const { status, warnings } = await read(["--token", "given"], {});
    expect(status).toBe(2);
    expect(warnings.at(-1)).toMatch(
      /^import: the source refuses to be read: 401 .*another --token/,
    );
    const wrong = { ...STUB_CREDENTIAL, OS_AUTH_URL: keystone.url, OS_PASSWORD: "wrong" };
    const refused = await read([], wrong);
    expect(refused.status).toBe(2);
    expect(refused.warnings).toEqual(["import: Keystone gave no token: it answered 401"]);
  });
});

test.each([
  [
    "is too old",
    ({ path }: Answered) => path === "/" && { versions: [{ max_version: "1.27" }] },
    "1.28 is needed",
  ],
  [
    "is no Placement",
    ({ path }: Answered) => path === "/" && { versions: "2" },
    "does not show the versions as Placement does",
  ],
  [
    "gives no answer",
    ({ path }: Answered) => path === "/traits" && 403,
    "the source refuses to be read: 403",
  ],
])("a source that %s is not imported", async (_, alter, words) => {
  const { status, warnings } = await run([], (answered) => alter(answered) || undefined);
  expect(status).toBe(2);
  expect(warnings.at(-1)).toContain(words);
});

test("a source before types of consumers gives consumers without a type", async () => {
  const old = ({ path, body }: Answered) =>
    path === "/" ? { versions: [{ ...body.versions[0], max_version: "1.37" }] } : undefined;
  const { lines } = await run(["--verify"], old);
  const types = consumers.map((uuid) => `consumer ${uuid}: type: source null, table "INSTANCE"`);
  expect(lines.slice(0, -1).sort()).toEqual(types.sort());
});
