/** The integration test, which needs an account to run, is made here, and what it sends is looked at. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directRequestSchema } from "../../lib/api/direct.ts";

/** Milliseconds to bundle all functions, where other tests run beside it. */
const SYNTHESIS = 240_000;

const outdir = mkdtempSync(join(tmpdir(), "placement-integration-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

interface Assertion {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types
  readonly Properties: any;
}

let asserted: Assertion[] = [];

beforeAll(() => {
  execFileSync(process.execPath, ["infra/run.mjs", "infra/integ/integ.placement.ts"], {
    env: { ...process.env, CDK_OUTDIR: outdir },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const manifest = JSON.parse(readFileSync(join(outdir, "integ.json"), "utf8"));
  const [{ assertionStackName }] = Object.values<{ assertionStackName: string }>(
    manifest.testCases,
  ) as [{ assertionStackName: string }];
  const file = join(outdir, `${assertionStackName}.template.json`);
  asserted = Object.values<Assertion>(JSON.parse(readFileSync(file, "utf8")).Resources);
}, SYNTHESIS);

const ofType = (type: string) =>
  asserted.filter(({ Type }) => Type === `Custom::DeployAssert@${type}`);

test("each endpoint is asked with and without what it wants to see", () => {
  const expected = ofType("HttpCall").map(({ Properties }) => JSON.parse(Properties.expected));
  const statuses = expected.map(({ $ObjectLike }) => $ObjectLike.status);
  expect(statuses.sort()).toEqual([200, 200, 200, 401, 401, 401, 401, 403, 403]);
});

test("direct invocations are requests, and their own status is looked at", () => {
  const invocations = ofType("SdkCallLambdainvoke");
  expect(invocations).toHaveLength(2);
  for (const { Properties } of invocations) {
    const request = JSON.parse(JSON.parse(Properties.parameters.Payload));
    expect(directRequestSchema.safeParse(request).error).toBeUndefined();
    expect(JSON.parse(Properties.expected).$ObjectLike).toEqual({
      Payload: { $StringLike: '"status":200' },
    });
  }
});
