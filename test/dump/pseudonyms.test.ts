/** A dump with pseudonyms: nothing of its owner is in it, and everything else is as it was. */
import { readFileSync } from "node:fs";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { upgradeFormat } from "../../functions/maintenance/upgrade-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { storedUuid } from "../../lib/model/uuid.ts";
import { ATTEMPTS, attemptKey } from "../../lib/store/items/attempt.ts";
import { Pseudonyms } from "../../lib/store/maintenance/dump/pseudonyms.ts";
import { dump, load, loadOldTable, OLD_TABLE } from "../support/dumps.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { brokenInvariants } from "../support/invariants.ts";

const names = new Pseudonyms("a secret of the owner");
const clock = fastClock();
const source = useApi({ verified: "never", clock });
const target = useApi({ verified: "never", clock });
const again = useApi({ verified: "never", clock });

interface Known {
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
}
const answers: readonly Known[] = JSON.parse(readFileSync(`${OLD_TABLE}/answers.json`, "utf8"));

/** Of the fixture. What the release drew itself, as of write ids, tells nothing and stays. */
const UUID = /0000000[a-f](?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const PROVIDERS = ["host", "numa", "device", "pool", "empty", "other", "large"];

/** A text of an answer under pseudonyms. */
function renamed(text: string): string {
  return text
    .replace(UUID, (uuid) => names.uuid(storedUuid(uuid)))
    .replace(/CUSTOM_[A-Z0-9_]+/g, (name) => names.custom(name))
    .replace(/project-of-the-fixture/g, (name) => names.project(name))
    .replace(/"project_id":"(0[-0]+)"/g, (_, id) => `"project_id":"${names.project(id)}"`)
    .replace(/"user_id":"([^"]+)"/g, (_, id) => `"user_id":"${names.user(id)}"`)
    .replace(
      new RegExp(`("name":"|name=)(${PROVIDERS.join("|")})\\b`, "g"),
      (_, before: string, name: string) => `${before}${names.provider(name)}`,
    );
}

/** Classes, traits and providers are listed in the order of names that differ now. */
function inAnyOrder(body: unknown): unknown {
  const text = (value: unknown) => JSON.stringify(value);
  if (Array.isArray(body)) return body.map(inAnyOrder).sort((a, b) => (text(a) < text(b) ? -1 : 1));
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, inAnyOrder(value)]));
}

let lines: readonly string[];

beforeAll(async () => {
  await loadOldTable(source);
  await taskLambda(upgradeFormat, async () => source.runtime)({});
  ({ lines } = await dump(source, { pseudonyms: names }));
  await load(target, lines);
});

test("no id and no name is left in it", () => {
  const text = lines.join("\n");
  // An id in capitals is an id, too; bytes are looked at as such.
  const bytes = [...text.matchAll(/"B":"([^"]*)"/g)].map(([, each]) =>
    Buffer.from(each ?? "", "base64"),
  );
  expect(bytes.length).toBeGreaterThan(5);
  for (const start of [
    "0000000a0000",
    "0000000b",
    "0000000c",
    "0000000d",
    "0000000e",
    "0000000f",
  ]) {
    expect(text.toLowerCase().replaceAll("-", "")).not.toContain(start);
    expect(bytes.filter((each) => each.toString("hex").startsWith(start))).toEqual([]);
  }
  expect(text).not.toMatch(/fixture|user-\d"|RACK|BANDWIDTH|CUSTOM_(NEW|OLD)|"(host|pool|numa)"/);
});

test("attempts are left out: no process goes on with them", async () => {
  const { client, tableName: TableName } = again;
  const Item = { ...attemptKey("process", 0), n: 1 };
  await client.send(new PutCommand({ TableName, Item }));
  const whole = await dump(again, { pseudonyms: undefined });
  expect(whole.lines.join()).toContain(`"${ATTEMPTS}"`);
  const { lines: found, unreadable } = await dump(again, { pseudonyms: names });
  expect(found.join()).not.toContain(`"${ATTEMPTS}"`);
  expect(unreadable).toEqual([]);
});

describe("the table that is loaded from it", () => {
  test.each(answers)("answers $path as the other one does", async ({ path, status, body }) => {
    const answer = await target.request("GET", renamed(path));
    expect(answer.status).toBe(status);
    if (body === undefined) return;
    expect(inAnyOrder(answer.body)).toEqual(inAnyOrder(JSON.parse(renamed(JSON.stringify(body)))));
  });

  test("has the same findings, under pseudonyms", async () => {
    const of = async (api: typeof source) =>
      brokenInvariants(await api.items())
        .map((each) => each.replace(/SHARD#\d+/, "SHARD").replace(/\S*#\S+/g, "(key)"))
        .sort();
    const found = (await of(source)).map((each) => renamed(each));
    expect(found.length).toBeGreaterThan(10);
    expect(await of(target)).toEqual(found.sort());
  });
});

test("the same secret gives the same pseudonyms, another one gives others", async () => {
  expect((await dump(source, { pseudonyms: names })).lines).toEqual(lines);
  const other = await dump(source, { pseudonyms: new Pseudonyms("another secret") });
  expect(other.lines).toHaveLength(lines.length);
  expect(other.lines.filter((line) => lines.includes(line) && line.includes("CONSUMER"))).toEqual(
    [],
  );
});

test("what is damaged or unknown is left out and named", async () => {
  const { client, tableName: TableName } = again;
  for (const Item of [
    { pk: "CONSUMER#broken", sk: "CONSUMER", g: 1 },
    { pk: "SECRET#of-a-later-release", sk: "x", name: "customer" },
    { pk: "NAME#left", sk: "NAME", p: "0000000a-0000-4000-8000-000000000001", note: "customer" },
  ]) {
    await client.send(new PutCommand({ TableName, Item }));
  }
  const { lines: found, unreadable } = await dump(again, { pseudonyms: names });
  expect(unreadable.map(({ pk }) => pk).sort()).toEqual([
    "CONSUMER#broken",
    "SECRET#of-a-later-release",
  ]);
  expect(found.join()).not.toContain("customer");
  expect(found.join()).toContain(`NAME#${names.provider("left")}`);
});
