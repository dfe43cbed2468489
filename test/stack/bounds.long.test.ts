/**
 * Every setting at both of its ends: just inside, the stack is made; just outside,
 * there is one line that names the setting, before anything is bundled.
 */
import { afterAll, describe, expect, it } from "vitest";
import { operations, tasks } from "../../functions/index.ts";
import { BadSettings } from "../../infra/bad-settings.ts";
import { STACK_BOUNDS } from "../../infra/bounds.ts";
import { checkCapacity } from "../../infra/capacity.ts";
import { functionEnvironment } from "../../infra/environment.ts";
import { FUNCTION_CLASSES } from "../../infra/function-classes.ts";
import { checkNames } from "../../infra/names.ts";
import { SETTING_NAMES } from "../../infra/settings.ts";
import { limitsFrom } from "../../infra/throttle.ts";
import { BOUNDS, type Bounds } from "../../lib/api/configuration.ts";
import { TOKEN_CACHE_BOUNDS } from "../../lib/authorizer/configuration.ts";
import { type Assembly, synthesize } from "./support/assembly.ts";

interface Ends {
  readonly least: unknown;
  readonly most: unknown;
  readonly outside: readonly unknown[];
}

const whole = ({ min, max }: Bounds): Ends => ({
  least: min,
  most: max,
  outside: [min - 1, max + 1, min + 0.5, String(min), null],
});

const any = ({ min, max }: Bounds): Ends => ({
  least: min,
  most: max,
  outside: [min - 0.001, max + 0.001, String(min), null],
});

const text = (least: number, most: number, letter = "p"): Ends => ({
  least: letter.repeat(least),
  most: letter.repeat(most),
  outside: [letter.repeat(least - 1), letter.repeat(most + 1), 5],
});

const chosen = (first: unknown, last: unknown, ...outside: unknown[]): Ends => {
  return { least: first, most: last, outside: [...outside, null] };
};

const classes = (value: unknown) => {
  return Object.fromEntries(FUNCTION_CLASSES.map((name) => [name, value]));
};

const byClass = (bounds: Bounds): Ends => {
  const { least, most, outside } = whole(bounds);
  const each = FUNCTION_CLASSES.flatMap((name) => outside.map((value) => ({ [name]: value })));
  return {
    least: classes(least),
    most: classes(most),
    outside: [...each, { claims: bounds.min }, []],
  };
};

const alarmNames = (count: number) => Array.from({ length: count }, (_, index) => `alarm-${index}`);

const ACCOUNT = "arn:aws:iam::123456789012";
const KEY = "arn:aws:kms:eu-west-1:123456789012:key";
const id = (begin: string, length: number) => begin.padEnd(length, "A");
const named = (letters: number, extra: object) => ({
  [`${ACCOUNT}:role/${"r".repeat(letters)}`]: { roles: ["r".repeat(letters)], ...extra },
});
const nova = `${ACCOUNT}:role/nova`;

const keystone = (tokenCacheTime: unknown) => ({
  kind: "keystone",
  url: "https://keystone.example/v3",
  secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:placement-AbCdEf",
  tokenCacheTime,
});
const jwt = (authorizerCache: unknown) => ({
  kind: "jwt",
  issuer: "https://issuer.example",
  audience: "placement",
  authorizerCache,
});

const topic = { alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:operators" };

const SETTINGS: Readonly<Record<string, Ends>> = {
  stackName: text(1, 30),
  policy: chosen("secure", "open", "lax"),
  policyRules: chosen({}, { a: "@" }, { a: "(" }, { a: 5 }, "@"),
  corsOrigins: chosen([], ["https://a", "http://b:1"], ["a"], ["https://a/"], "https://a"),
  directRoles: chosen([], ["admin", "service"], [""], "admin"),
  incompleteProject: text(1, 255),
  incompleteUser: text(1, 255),
  maxChangeItems: whole(BOUNDS.maxChangeItems),
  maxLease: whole(BOUNDS.maxLease),
  maxLeaseShare: whole(BOUNDS.maxLeaseShare),
  historyDays: whole(BOUNDS.historyDays),
  events: chosen(false, true, "true", 1),
  eventWaiters: whole(STACK_BOUNDS.eventWaiters),
  // Of a table that is given, as is `tableName`.
  tableStreamArn: chosen(
    undefined,
    `arn:aws:dynamodb:eu-west-1:123456789012:table/${"p".repeat(255)}/stream/2026-01-01T00:00:00.000`,
    "",
    "arn:aws:kinesis:eu-west-1:123456789012:stream/a",
  ),
  snapshotMaxAge: whole(BOUNDS.snapshotMaxAge),
  randomizeCandidates: chosen(false, true, "true", 1),
  maxCandidateWork: whole(BOUNDS.maxCandidateWork),
  maxCandidates: whole(BOUNDS.maxCandidates),
  callers: {
    least: named(1, { id: id("AROA", 16) }),
    most: { ...named(64, { id: id("AROA", 128) }), [`${ACCOUNT}:user/x/u`]: ["reader"] },
    outside: [
      named(0, {}),
      named(65, {}),
      named(1, { id: id("AROA", 15) }),
      named(1, { id: id("AROA", 129) }),
      named(1, { id: id("AIDA", 21) }),
      named(1, { id: `AROA${"a".repeat(17)}` }),
      named(1, { name: "x" }),
      { [`${ACCOUNT}:user/u`]: { roles: [], id: id("AROA", 21) } },
      { [nova]: { id: id("AROA", 21) } },
      { [nova]: [""] },
      { [nova]: ["r".repeat(256)] },
      { [nova]: [], [`${ACCOUNT}:role/x/nova`]: [] },
      { [`${nova}"`]: [] },
    ],
  },
  endpoints: {
    least: [{ kind: "iam" }],
    most: [
      { kind: "iam" },
      keystone(TOKEN_CACHE_BOUNDS.max),
      jwt(STACK_BOUNDS.authorizerCache.max),
    ],
    outside: [
      [],
      "iam",
      null,
      [{ kind: "iam" }, { kind: "iam" }],
      ...whole(TOKEN_CACHE_BOUNDS).outside.map((age) => [keystone(age)]),
      ...whole(STACK_BOUNDS.authorizerCache).outside.map((age) => [jwt(age)]),
      ...whole(STACK_BOUNDS.memorySize).outside.map((memorySize) => [{ ...jwt(0), memorySize }]),
    ],
  },
  logClass: chosen("standard", "infrequentAccess", "archive", true),
  monitoring: {
    least: topic,
    // Logs of infrequent access, which the most has, have no metrics.
    most: undefined,
    outside: [
      null,
      true,
      {},
      { alarmTopicArn: "operators" },
      { ...topic, thresholds: { ServerErrors: 0 } },
      { ...topic, thresholds: { Errors: 1 } },
      { ...topic, quotas: { concurrency: "1000" } },
      { ...topic, prices: { logs: -0.001 } },
    ],
  },
  // It needs an endpoint with tokens, and its own test makes it.
  console: {
    least: undefined,
    most: undefined,
    outside: [
      null,
      true,
      {},
      { endpoint: "iam" },
      { clientId: "" },
      { scopes: [] },
      { scopes: ["two words"] },
      { connect: ["https://a/"] },
      { domainName: "*.example.org" },
      { certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/a" },
    ],
  },
  metrics: chosen(true, false, "true"),
  tracing: chosen(false, true, "true"),
  rollout: chosen("allAtOnce", "canary10Percent30Minutes", "linear", true),
  rollbackAlarms: chosen(undefined, alarmNames(10), [], [""], alarmNames(11), "alarm"),
  terminationProtection: chosen(false, true, "true"),
  tableName: { ...text(3, 255), least: undefined },
  encryptionKeyArn: chosen(`${KEY}/1`, `${KEY}/${"1".repeat(36)}`, `${KEY}/`, "alias/x"),
  contributorInsights: chosen("throttled", undefined, "none", true),
  warmThroughput: {
    least: { reads: STACK_BOUNDS.warmReads.min, writes: STACK_BOUNDS.warmWrites.min },
    most: undefined,
    outside: [
      ...whole(STACK_BOUNDS.warmReads).outside.map((reads) => ({ reads })),
      ...whole(STACK_BOUNDS.warmWrites).outside.map((writes) => ({ writes })),
      { read: 12_000 },
    ],
  },
  replicas: chosen(undefined, undefined, [], ["eu-west-1"], 2),
  logRetention: chosen(1, 3_653, 0, 2, 3_654, 9_999),
  retainLogs: chosen(false, true, "true"),
  rateLimit: any(STACK_BOUNDS.rateLimit),
  burstLimit: whole(STACK_BOUNDS.burstLimit),
  openApiRateLimit: any(STACK_BOUNDS.rateLimit),
  openApiBurstLimit: whole(STACK_BOUNDS.burstLimit),
  memorySize: {
    ...whole(STACK_BOUNDS.memorySize),
    most: classes(STACK_BOUNDS.memorySize.max),
    outside: [
      ...whole(STACK_BOUNDS.memorySize).outside,
      ...byClass(STACK_BOUNDS.memorySize).outside,
    ],
  },
  // Together one of the two ends is out of reach, which "the capacity of functions" looks at.
  reservedConcurrency: {
    ...byClass(STACK_BOUNDS.reservedConcurrency),
    least: classes(STACK_BOUNDS.provisionedConcurrency.min + 1),
  },
  provisionedConcurrency: {
    ...byClass(STACK_BOUNDS.provisionedConcurrency),
    most: classes(STACK_BOUNDS.reservedConcurrency.max - 1),
  },
  idleConsumerAge: whole(STACK_BOUNDS.idleConsumerAge),
  verifyInterval: {
    least: STACK_BOUNDS.verifyInterval.min,
    most: STACK_BOUNDS.verifyInterval.max,
    outside: [0, 59, 61, 21_601, STACK_BOUNDS.verifyInterval.max + 60, "60", null],
  },
  canaryInterval: {
    least: STACK_BOUNDS.canaryInterval.min,
    most: STACK_BOUNDS.canaryInterval.max,
    outside: [0, 60, 121, STACK_BOUNDS.canaryInterval.max + 60, "300", null],
  },
  profilePagesInterval: {
    least: STACK_BOUNDS.profilePagesInterval.min,
    most: STACK_BOUNDS.profilePagesInterval.max,
    outside: [-60, 59, 61, STACK_BOUNDS.profilePagesInterval.max + 60, "60", null],
  },
};

function allAt(end: "least" | "most"): Assembly {
  const values = Object.entries(SETTINGS).map(([name, ends]) => [name, ends[end]]);
  const given = Object.fromEntries(values.filter(([, value]) => value !== undefined));
  const assembly = synthesize(given);
  made.push(assembly);
  return assembly;
}

/** Milliseconds to bundle all functions and make the stack, where other tests run beside it. */
const SYNTH_TIMEOUT = 600_000;

const made: Assembly[] = [];
afterAll(() => {
  for (const assembly of made) assembly.remove();
});

const eventAges = (assembly: Assembly) =>
  assembly
    .ofType("AWS::Lambda::EventInvokeConfig")
    .map(([, { Properties }]) => Properties.MaximumEventAgeInSeconds);

describe("just inside", () => {
  it("knows every setting there is", () => {
    expect(Object.keys(SETTINGS).sort()).toEqual([...SETTING_NAMES].sort());
  });

  it("all of the least make a stack", { timeout: SYNTH_TIMEOUT }, () => {
    const least = allAt("least");
    expect(eventAges(least)).toContain(60);
    const rates = least.ofType("AWS::Events::Rule").map(([, rule]) => {
      return rule.Properties.ScheduleExpression;
    });
    expect(rates).toContain("rate(1 minute)");
    expect(least.only("AWS::ApiGatewayV2::Stage").Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 1,
      ThrottlingBurstLimit: 1,
    });
  });

  it("all of the most make a stack, with names that Lambda takes", {
    timeout: SYNTH_TIMEOUT,
  }, () => {
    const most = allAt("most");
    // A schedule may be rarer than Lambda keeps an event.
    expect(Math.max(...eventAges(most))).toBe(21_600);
    const rates = most.ofType("AWS::Events::Rule").map(([, rule]) => {
      return rule.Properties.ScheduleExpression;
    });
    expect(rates).toContain("rate(30 days)");
    const names = most.ofType("AWS::Lambda::Function").flatMap(([, { Properties }]) => {
      // The endpoints have settings of their own for these.
      if (Properties.FunctionName.includes("-authorizer-")) return [];
      expect(Properties.MemorySize).toBe(10_240);
      expect(Properties.ReservedConcurrentExecutions).toBe(10_000);
      return Properties.FunctionName.length;
    });
    expect(Math.max(...names)).toBe(64);
    const [roles] = most.ofType("AWS::Lambda::Function").map(([, { Properties }]) => {
      return Properties.Environment.Variables.PLACEMENT_IAM_ROLES;
    });
    expect(JSON.parse(roles)).toEqual({
      [`${ACCOUNT}:role/${"r".repeat(64)}`]: { roles: ["r".repeat(64)], id: id("AROA", 128) },
      [`${ACCOUNT}:user/x/u`]: ["reader"],
    });
  });
});

describe.each(Object.entries(SETTINGS))("just outside of %s", (name, { outside }) => {
  it.each(outside.map((value) => [JSON.stringify(value).slice(0, 80), value]))("%s", (_, value) => {
    let refusal: unknown;
    try {
      synthesize({ [name]: value }).remove();
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(BadSettings);
    const { message } = refusal as BadSettings;
    expect(message).not.toContain("\n");
    const variable = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
    expect(message).toMatch(new RegExp(`${name}|${variable}|setting is wrong. rule a`, "i"));
  });
});

describe("settings that exclude each other", () => {
  it.each([
    { provisionedConcurrency: { lists: 3 }, reservedConcurrency: { lists: 2 } },
    { provisionedConcurrency: { writes: 30 }, reservedConcurrency: { writes: 30 } },
    { provisionedConcurrency: { rest: 1 }, reservedConcurrency: { rest: 1 } },
    { tableName: "other", contributorInsights: "all" },
    { tableName: "other", warmThroughput: { reads: 12_000 } },
    { tableStreamArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026" },
    {
      tableName: "u",
      tableStreamArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026",
    },
    { historyDays: 0, events: true },
    { tableName: "other", events: true },
  ])("%j", (settings) => {
    expect(() => synthesize(settings)).toThrow(BadSettings);
    expect(() => synthesize(settings)).not.toThrow("\n");
  });
});

describe("the capacity of functions", () => {
  const { reservedConcurrency: reserve, provisionedConcurrency: ready } = STACK_BOUNDS;

  it.each([
    { reservedConcurrency: classes(reserve.min) },
    { provisionedConcurrency: classes(ready.max) },
    { provisionedConcurrency: classes(1), reservedConcurrency: classes(2) },
  ])("may be %j", (props) => {
    expect(() => checkCapacity(props)).not.toThrow();
  });

  it("leaves some of what is reserved to direct invocations", () => {
    const props = { provisionedConcurrency: { writes: 5 }, reservedConcurrency: { writes: 5 } };
    expect(() => checkCapacity(props)).toThrow(
      "provisionedConcurrency.writes is 5, but has to be less than reservedConcurrency.writes, which is 5",
    );
  });
});

describe("what the construct is given", () => {
  const definitions = [...operations, ...tasks];

  it("is as long as Lambda's names allow", () => {
    expect(() => checkNames("p".repeat(30), definitions)).not.toThrow();
    for (const prefix of ["p".repeat(31), "", "a b", "a/b"]) {
      expect(() => checkNames(prefix, definitions)).toThrow(BadSettings);
    }
  });

  it("has limits within the same bounds", () => {
    const { max } = STACK_BOUNDS.burstLimit;
    const limits = { rateLimit: 1, burstLimit: max };
    expect(limitsFrom("throttle", {}, limits)).toEqual(limits);
    for (const burstLimit of [0, max + 1, 1.5, Number.NaN]) {
      expect(() => limitsFrom("throttle", { burstLimit }, limits)).toThrow("throttle.burstLimit");
    }
  });
});

describe("an environment of Lambda", () => {
  const environment = (bytes: number) => {
    const text = JSON.stringify({ name: "@" });
    const fixed = Buffer.byteLength(`TABLE_NAMEtablePLACEMENT_POLICY_RULES${text}`);
    const name = "n".repeat(bytes - fixed + "name".length);
    return () => {
      return functionEnvironment({
        tableName: "table",
        callers: [],
        configuration: { policyRules: { [name]: "@" } },
      });
    };
  };

  it("is filled to the last byte, and no further", () => {
    expect(Object.entries(environment(4_096)()).flat().join("")).toHaveLength(4_096);
    expect(environment(4_097)).toThrow("The settings take 4097 bytes");
  });
});
