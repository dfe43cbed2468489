import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initialRuntime, runtimeFrom } from "../../lib/api/deployed-runtime.ts";
import { PolicyError } from "../../lib/api/policy/parse.ts";
import { configuredPolicy, policySettings } from "../../lib/api/policy/settings.ts";
import { parseOptions } from "../../lib/local/options.ts";
import { StartFailure } from "../../lib/local/start-failure.ts";

let folder = "";
let file = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "policy-"));
  file = join(folder, "policy.json");
  await writeFile(file, JSON.stringify({ "placement:usages": "@", ops: [["role:ops"]] }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const given = (policy?: string, rules?: string) => policySettings({ policy, rules });

describe("the policy's settings", () => {
  it("are the preset secure unless told otherwise", () => {
    expect(given()).toEqual({ policy: "secure", policyRules: {} });
    expect(given("", "")).toEqual({ policy: "secure", policyRules: {} });
    expect(given("legacy")).toEqual({ policy: "legacy", policyRules: {} });
  });

  it("take a file for overrides of secure, and single rules on top", () => {
    const rules = JSON.stringify({ "placement:usages": "rule:ops" });
    expect(given(file, rules)).toEqual({
      policy: "secure",
      policyRules: { "placement:usages": "rule:ops", ops: [["role:ops"]] },
    });
    expect(given("legacy", '{"a": "!"}')).toEqual({ policy: "legacy", policyRules: { a: "!" } });
  });

  it.each([
    ["lax", undefined, "PLACEMENT_POLICY must be secure, legacy or open, or name a JSON file"],
    ["/nowhere/policy.json", undefined, "/nowhere/policy.json cannot be read (ENOENT)"],
    [undefined, "{", "PLACEMENT_POLICY_RULES is not JSON"],
    [undefined, "[]", "PLACEMENT_POLICY_RULES is not a set of policy rules: it is not an object"],
    [undefined, '{"a": 1}', "is not a set of policy rules: rule a is neither a string nor a list"],
    [
      undefined,
      '{"a": [[1]]}',
      "is not a set of policy rules: rule a is neither a string nor a list",
    ],
    [undefined, '{"placement:usages": "role:"}', "rule placement:usages: 'role:' is not a check"],
    [undefined, `{"a": "${"x".repeat(262_144)}"}`, "is longer than 262144 characters"],
  ])("refuse %j with %j in one line", (policy, rules, words) => {
    expect(() => given(policy, rules)).toThrow(PolicyError);
    expect(() => given(policy, rules)).toThrow(words);
    const environment = { PLACEMENT_POLICY: policy, PLACEMENT_POLICY_RULES: rules };
    expect(() => parseOptions([], environment)).toThrow(StartFailure);
    expect(() => parseOptions([], environment)).toThrow(/^[^\n]+$/);
    expect(() => runtimeFrom({ TABLE_NAME: "placement", ...environment })).toThrow(words);
  });

  it("log names that guard nothing", () => {
    const logs: unknown[] = [];
    const settings = {
      policy: "secure",
      policyRules: { "placement:usage": "@", own: "@" },
    } as const;
    configuredPolicy(settings, (entry) => logs.push(entry));
    expect(logs).toEqual([expect.objectContaining({ level: "WARN", rules: ["placement:usage"] })]);
  });
});

describe("a function", () => {
  const lambda = { AWS_LAMBDA_FUNCTION_NAME: "f", TABLE_NAME: "placement", AWS_REGION: "x" };

  it("is ready after its initialisation, and nothing is made outside of one", () => {
    const policy = { PLACEMENT_POLICY: file };
    const runtime = initialRuntime({ ...lambda, ...policy });
    const nobody = { user: "u", project: "p", roles: [], system: false };
    expect(runtime?.policy.decide("placement:usages", nobody, {})).toBe("permitted");
    expect(initialRuntime({ TABLE_NAME: "placement" })).toBeUndefined();
  });

  it("does not start with a bad rule, and says why in one line of its log", () => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const rules = { PLACEMENT_POLICY_RULES: '{"placement:usages": "admin"}' };
    expect(() => initialRuntime({ ...lambda, ...rules }, (line) => lines.push(line))).toThrow();
    expect(lines).toEqual([
      {
        level: "ERROR",
        message: "the function cannot start",
        error: "rule placement:usages: 'admin' is not a check: write KIND:VALUE, @ or !",
      },
    ]);
  });
});
