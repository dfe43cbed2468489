/**
 * A restore from the first call to the last: DynamoDB's calls on tables are a fake, which the
 * embedded engine lacks, and everything on items is the engine's.
 */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import { mend } from "../../lib/local/restore/mend.ts";
import { callText } from "../../lib/local/restore/plan.ts";
import {
  restoreTable,
  restoreTexts,
  stackSettings,
} from "../../lib/local/restore/restore-table.ts";
import { parseRestoreOptions } from "../../lib/local/restore-options.ts";
import { logKey } from "../../lib/store/items/shard-log.ts";
import { FORMAT, META_KEY } from "../../lib/store/items/table-format.ts";
import { beginEpoch } from "../../lib/store/maintenance/begin-epoch.ts";
import { HOLDER, makeWorld, TOP } from "../maintenance/damage.ts";
import { type Api, type Item, startApi } from "../support/api.ts";
import { EARLIEST, FakeControlPlane, type FakeTable, LATEST } from "../support/control-plane.ts";
import { opener } from "../support/dumps.ts";
import { fastClock } from "../support/fast-clock.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { claim, makeProvider } from "../support/world.ts";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/1";
const AT = new Date("2026-01-15T12:00:00Z");
const TABLE = "placement-1";

let source: Api;
let restored: Api | undefined;
let control: FakeControlPlane;
let moment: readonly Item[];
let target: string;
let told: string[];

const parts = () => ({
  control,
  clock: fastClock(),
  tell: (line: string) => void told.push(line),
});
const names = () => ({ table: TABLE, target, at: AT });

beforeAll(async () => {
  source = await startApi();
  await makeWorld(source);
});
afterAll(() => source.close());

beforeEach(async () => {
  moment = await source.items();
  target = `restored-${randomUUID()}`;
  told = [];
  control = new FakeControlPlane(source.client, () => moment);
  const settings: Partial<FakeTable> = {
    recoveryDays: 21,
    timeToLive: "ttl",
    insights: "THROTTLED_KEYS",
    tags: [
      { Key: "team", Value: "cloud" },
      { Key: "aws:cloudformation:stack-name", Value: "placement" },
      { Key: "cost", Value: "42" },
    ],
  };
  control.add(TABLE, settings, {
    DeletionProtectionEnabled: true,
    SSEDescription: { SSEType: "KMS", KMSMasterKeyArn: KEY },
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  });
});

afterEach(async () => {
  await restored?.close();
  restored = undefined;
  if (control.tables.has(target)) {
    await source.client.send(new DeleteTableCommand({ TableName: target }));
  }
});

async function mended(): Promise<number> {
  restored = await startApi({ tableName: target });
  const tell = (line: string) => void told.push(line);
  return mend({ open: opener(restored), configuration: DEFAULT_CONFIGURATION, tell });
}

const calls = () => control.made.map(({ call }) => call);

test("the restored table has all settings of the old one", async () => {
  const made = await restoreTable(parts(), names());
  expect(stackSettings(target, made)).toBe(
    `"tableName": "${target}", "tableStreamArn": "${made.arn}/stream/2026-01-31T12:00:00.000"`,
  );
  const {
    description,
    looks: _,
    unavailable: __,
    ...settings
  } = control.tables.get(target) as FakeTable;
  expect(settings).toEqual({
    recoveryDays: 21,
    timeToLive: "ttl",
    insights: "THROTTLED_KEYS",
    tags: [
      { Key: "team", Value: "cloud" },
      { Key: "cost", Value: "42" },
    ],
  });
  expect(description).toMatchObject({
    DeletionProtectionEnabled: true,
    SSEDescription: { SSEType: "KMS", KMSMasterKeyArn: KEY },
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    RestoreSummary: { RestoreDateTime: AT },
  });
  // Recovery and protection come first.
  expect(calls()).toEqual([
    "RestoreTableToPointInTime",
    "UpdateContinuousBackups",
    "UpdateTable",
    "UpdateTimeToLive",
    "TagResource",
    "UpdateTable",
    "UpdateContributorInsights",
  ]);
});

test("what the old table has not, the new one does not get, except protection", async () => {
  control.add(TABLE, { recoveryDays: 35 });
  await restoreTable(parts(), { ...names(), at: undefined });
  expect(calls()).toEqual(["RestoreTableToPointInTime", "UpdateContinuousBackups", "UpdateTable"]);
  expect(control.made[0]?.input).toEqual({
    SourceTableName: TABLE,
    TargetTableName: target,
    UseLatestRestorableTime: true,
  });
});

test("a dry run prints the calls and makes none", async () => {
  const texts = await restoreTexts(parts(), names());
  expect(control.made).toEqual([]);
  await restoreTable(parts(), names());
  expect(texts).toEqual(told.filter((line) => line.startsWith("aws dynamodb ")));
  expect(texts[0]).toBe(
    `aws dynamodb restore-table-to-point-in-time --cli-input-json '${JSON.stringify({
      SourceTableName: TABLE,
      TargetTableName: target,
      RestoreDateTime: AT,
      SSESpecificationOverride: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: KEY },
    })}'`,
  );
});

test("a call is printed as a shell takes it, apostrophes too", () => {
  const input = { Tags: [{ Key: "team", Value: "the ops' team" }] };
  const text = callText({ call: "TagResource", input } as never);
  const echoed = text.replace(/^aws dynamodb tag-resource --cli-input-json/, "printf %s");
  expect(execFileSync("sh", ["-c", echoed], { encoding: "utf8" })).toBe(JSON.stringify(input));
});

test.each([0, 1, 2, 3, 4, 5, 6])("a restore that is cut off at change %i goes on", async (cut) => {
  const { before } = control;
  control.before = () => {
    if (control.made.length === cut) throw new Error("killed");
  };
  await expect(restoreTable(parts(), names())).rejects.toThrow("killed");
  control.before = before;
  await restoreTable(parts(), names());
  const made = calls().filter((call) => call === "RestoreTableToPointInTime");
  expect(made).toHaveLength(1);
  expect(control.tables.get(target)).toMatchObject({ timeToLive: "ttl", recoveryDays: 21 });
});

test("a setting that does not take is named, and the restore fails", async () => {
  const change = control.change.bind(control);
  control.change = async (call, input) => {
    if (call !== "TagResource") await change(call, input);
  };
  await expect(restoreTable(parts(), names())).rejects.toThrow("lacks settings");
  expect(told.join("\n")).toContain("not restored: tags: cost=42,team=cloud is wanted");
});

describe("it is refused", () => {
  test.each([
    [
      "before the earliest moment",
      () => ({ at: new Date(EARLIEST.getTime() - 1_000) }),
      "from 2026-01-01",
    ],
    [
      "after the latest moment",
      () => ({ at: new Date(LATEST.getTime() + 1_000) }),
      "to 2026-01-31",
    ],
    ["for a table that does not exist", () => ({ table: "placement-9" }), "no table placement-9"],
    ["into another table", () => ({ target: TABLE }), "exists and is not"],
  ])("%s", async (_, changed, words) => {
    await expect(restoreTable(parts(), { ...names(), ...changed() })).rejects.toThrow(words);
    expect(control.made).toEqual([]);
  });

  test("without point-in-time recovery", async () => {
    control.add(TABLE, { recoveryDays: undefined });
    await expect(restoreTable(parts(), names())).rejects.toThrow("no point-in-time recovery");
  });

  test("into a table that was restored to another moment", async () => {
    await restoreTable(parts(), names());
    const other = { ...names(), at: new Date(AT.getTime() + 60_000) };
    await expect(restoreTable(parts(), other)).rejects.toThrow("exists and is not");
  });
});

describe("the items of a restored table", () => {
  test("with one part of a transaction are mended, and it serves", async () => {
    const claimed = randomUUID();
    await claim(source, claimed, { [TOP]: { VCPU: 3 } });
    const after = await source.items();
    // Of the claim, the moment has the look-up item alone, and of another nothing but the owner.
    const only = after.filter(({ pk, sk }) => pk === `ALLOCATIONS#${TOP}` && sk.includes(claimed));
    moment = [
      ...moment.filter(({ pk, sk }) => !(pk.startsWith("ALLOCATIONS#") && sk.includes(HOLDER))),
      ...only,
    ];
    expect(brokenInvariants(moment)).not.toEqual([]);
    await restoreTable(parts(), names());
    expect(await mended()).toBe(0);
    const items = (await restored?.items()) ?? [];
    expect(brokenInvariants(items)).toEqual([]);
    expect(told.join("\n")).toMatch(/rebuild: [1-9]\d* records repaired/);
    const api = restored as Api;
    expect((await api.request("GET", `/resource_providers/${TOP}/usages`)).body.usages).toEqual({
      VCPU: 6,
    });
    await makeProvider(api, { VCPU: 1 });
  });

  test("begin a new epoch, in which no function relies on what it knew", async () => {
    await restoreTable(parts(), names());
    await mended();
    const find = async (api: Api, key: { pk: string; sk: string }) =>
      (await api.items()).find(({ pk, sk }) => pk === key.pk && sk === key.sk);
    const api = restored as Api;
    const first = await find(api, META_KEY);
    expect(first).toEqual({
      ...META_KEY,
      format: FORMAT,
      epoch: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const log = await find(api, logKey(0));
    expect(log).toMatchObject({ m: {}, b: log?.["n"] });
    expect(Number(log?.["n"])).toBeGreaterThan(
      Number(moment.find(({ pk }) => pk === logKey(0).pk)?.["n"]),
    );
    const again = await beginEpoch(opener(api)());
    expect(again).not.toBe(first?.["epoch"]);
    expect((await find(api, META_KEY))?.["epoch"]).toBe(again);
  });

  test("of a table that nobody had written get the format of this release", async () => {
    moment = [];
    await restoreTable(parts(), names());
    expect(await mended()).toBe(0);
    const api = restored as Api;
    expect((await api.items()).find(({ pk }) => pk === META_KEY.pk)).toMatchObject({
      format: FORMAT,
      epoch: expect.any(String),
    });
    await makeProvider(api, { VCPU: 1 });
  });
});

describe("the command line", () => {
  const parse = (...args: string[]) => parseRestoreOptions(args, {});

  test("names the new table after the old one and the moment", () => {
    expect(parse("--table", "placement", "--to", "2026-01-15T13:00:00+01:00")).toMatchObject({
      table: "placement",
      target: "placement-20260115T120000Z",
      at: AT,
      dryRun: false,
    });
    expect(
      parse("--table", "placement", "--to", "latest", "--target", "new", "--dry-run"),
    ).toMatchObject({ target: "new", at: undefined, dryRun: true });
    expect(parse("--help")).toBeUndefined();
  });

  test.each([
    [["--to", "latest"], "--table names"],
    [["--table", "a b", "--to", "latest"], "--table names"],
    [["--table", "placement"], "--to is a time"],
    [["--table", "placement", "--to", "yesterday"], "--to is a time"],
    [["--table", "placement", "--to", "latest", "--target", "x"], "--target must be"],
    [["--bogus"], "'npm run restore -- --help' lists the options"],
  ])("%j is refused", (args, words) => {
    expect(() => parse(...args)).toThrow(words);
  });
});
