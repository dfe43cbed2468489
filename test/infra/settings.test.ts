/** What an operator writes under the context key `placement`, and the program that reads it. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { App, Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { afterAll, describe, expect, it } from "vitest";
import { mapCallers } from "../../infra/callers.ts";
import { BadSettings, readSettings } from "../../infra/settings.ts";

/** Milliseconds for the program, which loads the CDK and bundles the functions. */
const PROGRAM_TIMEOUT = 240_000;

const run = promisify(execFile);
const outdir = mkdtempSync(join(tmpdir(), "placement-app-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const ROLE = "arn:aws:iam::123456789012:role/nova";

/** The app as the CDK's command line runs it. */
function app(settings: unknown) {
  const { context, app: command } = JSON.parse(readFileSync("cdk.json", "utf8"));
  const [program, ...args] = command.split(" ");
  return run(program, args, {
    env: {
      PATH: process.env["PATH"],
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, placement: settings }),
    },
  });
}

it("makes the app's assembly without a word", { timeout: PROGRAM_TIMEOUT }, async () => {
  const { stdout, stderr } = await app('{"stackName": "cell1"}');
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
  const template = JSON.parse(readFileSync(join(outdir, "cell1.template.json"), "utf8"));
  expect(template.Outputs).toMatchObject({ Url: {}, TableName: {} });
});

it("ends the app with one line that says what is wrong", { timeout: PROGRAM_TIMEOUT }, async () => {
  const failure = await app({ policy: "lenient" }).catch((error) => error);
  expect(failure.code).toBe(1);
  expect(failure.stderr).toMatch(/^The context has a wrong setting\. placement\.policy: .*\n$/);
});

it("has a default for everything", () => {
  expect(readSettings(undefined)).toEqual({ stackName: "placement", callers: {} });
});

describe.each<[string, unknown]>([
  ["placement", "{"],
  ["placement", []],
  ["ratelimit", { ratelimit: 5 }],
  ["placement.stackName", { stackName: "-" }],
  ["placement.policy", { policy: "lenient" }],
  ["placement.callers.nova", { callers: { nova: ["service"] } }],
  ["placement.callers.arn:aws:sts", { callers: { "arn:aws:sts::123456789012:x": [] } }],
  [`placement.callers.${ROLE}`, { callers: { [ROLE]: "service" } }],
  ["placement.corsOrigins.0", { corsOrigins: ["horizon.example"] }],
  ["placement.corsOrigins.0", { corsOrigins: ["https://horizon.example/path"] }],
  ["placement.logRetention", { logRetention: 31 }],
  ["placement.logRetention", { logRetention: 9999 }],
  ["placement.memorySize", { memorySize: 128 }],
  ["placement.maxChangeItems", { maxChangeItems: 99 }],
  ["placement.idleConsumerAge", { idleConsumerAge: 1 }],
  ["placement.tableName", { tableName: "a" }],
  ["placement.encryptionKeyArn", { encryptionKeyArn: "alias/key" }],
])("refuses what is wrong with %s", (place, settings) => {
  it(JSON.stringify(settings), () => {
    expect(() => readSettings(settings)).toThrow(BadSettings);
    expect(() => readSettings(settings)).toThrow(place);
  });
});

describe("a caller's ARN", () => {
  const stack = new Stack(new App(), "callers");
  const arnOf = (principal: string | Role) =>
    stack.resolve(mapCallers(stack, [{ principal, placementRoles: [] }])[0]?.arn);

  it("is a role's without its path, and a user's as it is", () => {
    expect(arnOf("arn:aws:iam::123456789012:role/compute/eu/nova")).toBe(ROLE);
    expect(arnOf(ROLE)).toBe(ROLE);
    const user = "arn:aws:iam::123456789012:user/ops/anna";
    expect(arnOf(user)).toBe(user);
  });

  it("is made of the name of a role that the same app makes", () => {
    const assumedBy = new ServicePrincipal("ec2.amazonaws.com");
    const role = new Role(stack, "Nova", { assumedBy, path: "/compute/" });
    const { "Fn::Join": parts } = arnOf(role) as unknown as { "Fn::Join": [string, unknown[]] };
    expect(parts[1].at(-1)).toEqual({ Ref: stack.getLogicalId(role.node.defaultChild as never) });
    expect(JSON.stringify(parts)).toContain("/");
    expect(JSON.stringify(parts)).not.toContain("compute");
  });

  it("is named once", () => {
    const twice = [ROLE, ROLE.replace("role/", "role/path/")];
    const callers = twice.map((principal) => ({ principal, placementRoles: ["service"] }));
    expect(() => mapCallers(stack, callers)).toThrow(`${ROLE} twice`);
  });
});
