/**
 * Alarms on what Lambda and API Gateway count themselves, raised by functions of a played deployment
 * that crash, hang and are throttled. What the play answers is counted as AWS's documents say.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { AlarmId } from "../../infra/monitoring/alarm-rules.ts";
import { pointsOf } from "../monitoring/support/access-log.ts";
import { monitoredStack, stateIn } from "../monitoring/support/monitored.ts";
import { awsPoint, minutesAgo, NOW } from "../monitoring/support/timeline.ts";
import type { PlayedFunction } from "../programs/deployed/assembly/functions.ts";
import type { Outcome } from "../programs/deployed/lambda/runtime-api.ts";
import { apiOf } from "../stack/support/routes.ts";
import type { Datapoint } from "../support/emf.ts";
import { sender } from "./callers.ts";
import { useDeployment } from "./frame.ts";

/** Environments of a function in the play. */
const MAX_ENVIRONMENTS = 16;
const CRASHES = "export const handler = async () => process.exit(3);";
const HANGS = "export const handler = () => new Promise(() => setInterval(() => {}, 1_000));";

const assets = mkdtempSync(join(tmpdir(), "placement-faults-"));
afterAll(() => rmSync(assets, { recursive: true }));

/** Functions of the template with other code: one of an operation crashes, one hangs, a task crashes. */
const FAULTS = {
  "placement-traits-list": CRASHES,
  "placement-usages-show": HANGS,
  "placement-maintenance-finish-changes": CRASHES,
} as const;

function change(functions: Map<string, PlayedFunction>): void {
  for (const [name, text] of Object.entries(FAULTS)) {
    const made = functions.get(name);
    if (made === undefined) throw new Error(`${name} is not deployed`);
    const code = mkdtempSync(join(assets, "code-"));
    writeFileSync(join(code, "index.mjs"), text);
    functions.set(name, { ...made, code, timeout: 1 });
  }
}

const played = useDeployment({ change });
const stack = monitoredStack();
afterAll(() => stack.remove());

const invoke = (name: keyof typeof FAULTS): Promise<Outcome> =>
  played.deployment.lambda.invoke(`arn:aws:lambda:us-east-1:123456789012:function:${name}`, "{}");

/** What Lambda counts of invocations of a function. */
function counted(FunctionName: string, outcomes: readonly Outcome[]): Datapoint[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.ok) return [];
    const throttled = outcome.errorType === "TooManyRequestsException";
    return [awsPoint("AWS/Lambda", throttled ? "Throttles" : "Errors", { FunctionName }, 1)];
  });
}

const state = (id: AlarmId, points: readonly Datapoint[]) =>
  stateIn(stack, id, { points, now: NOW });

test("a function that crashes raises ServerErrors by the answers of its endpoint", async () => {
  for (const kind of ["iam", "keystone"] as const) {
    const send = await played.admin(kind);
    const points: Datapoint[] = [];
    const requests = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const { status } = await send("GET", "/traits");
        const ApiId = apiOf(stack, kind).id;
        if (status >= 500) points.push(awsPoint("AWS/ApiGateway", "5xx", { ApiId }, 1));
      }
      return state("ServerErrors", points);
    };
    expect([kind, await requests(4), await requests(1)]).toEqual([kind, "OK", "ALARM"]);
    expect(state("ServerErrors", minutesAgo(30, points))).toBe("OK");
  }
});

test("a task that crashes raises TaskFailures", async () => {
  const name = "placement-maintenance-finish-changes";
  const points = counted(name, [await invoke(name)]);
  expect(points.map((point) => point.name)).toEqual(["Errors"]);
  expect(state("TaskFailures", points)).toBe("ALARM");
  expect(state("FunctionThrottles", points)).toBe("OK");
});

test("more invocations at once than a function may run raise FunctionThrottles", async () => {
  const name = "placement-usages-show";
  const at = async (count: number) => {
    const outcomes = await Promise.all(Array.from({ length: count }, () => invoke(name)));
    return counted(name, outcomes);
  };
  const all = await at(MAX_ENVIRONMENTS);
  expect(all.map((point) => point.name)).not.toContain("Throttles");
  expect(state("FunctionThrottles", all)).toBe("OK");
  const more = await at(MAX_ENVIRONMENTS + 1);
  expect(more.filter((point) => point.name === "Throttles")).toHaveLength(1);
  expect(state("FunctionThrottles", more)).toBe("ALARM");
});

test("more requests than a route takes raise TooManyRequests by the access log", async () => {
  const burst = 4;
  const lines: string[] = [];
  const limits = { rate: 0.001, burst };
  const onAccess = (line: string) => lines.push(line);
  const { url } = await played.deployment.serve("iam", { limits, onAccess });
  const send = sender(url);
  const statuses: number[] = [];
  const refused = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      statuses.push((await send("GET", "/")).status);
    }
    return pointsOf(stack, "iam", lines);
  };
  expect(state("TooManyRequests", await refused(burst + 9))).toBe("OK");
  expect(state("TooManyRequests", await refused(1))).toBe("ALARM");
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  expect((await send("GET", "/openapi.json")).status).toBe(200);
  expect(JSON.parse(lines.at(-2) ?? "")).toMatchObject({
    ...{ status: "429", method: "GET", path: "/", routeKey: "GET /" },
    authorizerError: "-",
  });
});
