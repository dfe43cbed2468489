/** Metrics of 10,000 hosts, warm, as Prometheus asks for them. */
import { beforeAll, expect, test } from "vitest";
import { listMetrics } from "../../functions/metrics/list.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { chance } from "../support/chance.ts";
import { deployedAs, gatewayEvent, SIGNER } from "../support/events.ts";
import { readExposition } from "../support/exposition.ts";
import { drawnHosts } from "../support/fleet.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { seedProviders } from "../support/seeded.ts";

const HOSTS = 10_000;
const CLASSES = 3;

// The hosts are written without the API.
const api = useApi({ verified: "never" });

beforeAll(async () => {
  await seedProviders(api, drawnHosts(HOSTS, chance("hosts")));
}, 300_000);

const gzip = { "accept-encoding": "gzip" };

test("are in one compressed answer, and without gzip in the parts that the refusal names", async () => {
  const whole = await api.request("GET", "/metrics", { headers: gzip });
  expect([whole.status, whole.headers["content-encoding"]]).toEqual([200, "gzip"]);
  const families = readExposition(whole.body);
  const total = families.get("openstack_placement_resource_total")?.samples ?? [];
  expect(total).toHaveLength(HOSTS * CLASSES);
  console.log(`${Buffer.byteLength(whole.body)} bytes, ${whole.headers["content-length"]} sent`);

  const refused = await api.request("GET", "/metrics");
  expect([refused.status, refused.body.errors[0].code]).toEqual([
    400,
    "placement.answer_too_large",
  ]);
  const count = Number(/in (\d+) parts/.exec(refused.body.errors[0].detail)?.[1]);
  const lines: string[] = [];
  for (let index = 1; index <= count; index += 1) {
    const { status, body } = await api.request("GET", `/metrics?part=${index}/${count}`);
    expect(status).toBe(200);
    lines.push(...body.split("\n").filter((line: string) => line.startsWith("openstack")));
  }
  const expected = whole.body.split("\n").filter((line: string) => line.startsWith("openstack"));
  expect(lines.sort().join("\n")).toBe(expected.sort().join("\n"));
}, 120_000);

test("are the same in each warm request of a deployed function", async () => {
  const { event } = gatewayEvent({ method: "GET", path: "/metrics" }, { signer: SIGNER });
  const asked = { ...event, headers: { ...event.headers, ...gzip } };
  const handler = lambda(listMetrics, async () => deployedAs(api.runtime));
  const bodies = new Set<unknown>();
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage();
    const answer = await handler(asked, lambdaContext("http"));
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    bodies.add(answer.body);
  }
  expect(bodies.size).toBe(1);
  console.log(`milliseconds of processor time: ${times.map(Math.round).join(", ")}`);
}, 120_000);
