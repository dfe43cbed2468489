/** Where the functions' connection finds DynamoDB, as whom it calls, and by which clock it signs. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { faultOf } from "../../lib/store/table/faults.ts";
import { environmentAccess } from "../../lib/store/table/wire/access.ts";
import { connect } from "../../lib/store/table/wire/client.ts";

const received: IncomingHttpHeaders[] = [];
/** Milliseconds since 1970. */
let serverTime = Date.now();
/** How far a request's time may be from the server's. */
let tolerance = Number.POSITIVE_INFINITY;
const server = createServer((request, response) => {
  request.resume();
  received.push(request.headers);
  const date = new Date(serverTime).toUTCString();
  const late = Math.abs(timeOf(request.headers) - serverTime) > tolerance;
  const refusal = { __type: "com.amazon.coral.service#InvalidSignatureException" };
  response.writeHead(late ? 400 : 200, { date }).end(JSON.stringify(late ? refusal : {}));
});
let url: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received.length = 0;
  tolerance = Number.POSITIVE_INFINITY;
});

/** Milliseconds since 1970 of a time such as 20260101T000000Z. */
function timeOf(headers: IncomingHttpHeaders): number {
  const digits = String(headers["x-amz-date"]).replace(/\D/g, "");
  const [year, ...rest] = [digits.slice(0, 4), ...(digits.slice(4).match(/../g) ?? [])].map(Number);
  const [month = 1, day, hour, minute, second] = rest;
  return Date.UTC(year ?? 0, month - 1, day, hour, minute, second);
}

const keys = { AWS_ACCESS_KEY_ID: "first", AWS_SECRET_ACCESS_KEY: "secret" };
const environment = (more: Readonly<Record<string, string>> = {}) => ({
  AWS_REGION: "eu-west-1",
  ...keys,
  ...more,
});
const get = { TableName: "table", Key: { pk: "p", sk: "s" } };

const REGIONS = [
  ...["us-east-1", "eu-central-1", "il-central-1", "ap-southeast-7", "mx-central-1"],
  ...["cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "eusc-de-east-1"],
  ...["us-iso-east-1", "us-isob-east-1", "us-isof-south-1", "eu-isoe-west-1"],
];

test.each(REGIONS)("calls the endpoint of %s that the SDK calls", (region) => {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const { endpointProvider } = new DynamoDBClient({ region, credentials }).config;
  const given = { Region: region, UseFIPS: false, UseDualStack: false };
  const { endpoint } = environmentAccess(environment({ AWS_REGION: region }));
  expect(`${endpoint}/`).toBe(endpointProvider(given).url.href);
});

test("calls a FIPS endpoint where the environment says so", () => {
  const access = (region: string) =>
    environmentAccess(environment({ AWS_REGION: region, AWS_USE_FIPS_ENDPOINT: "true" })).endpoint;
  expect(access("us-east-1")).toBe("https://dynamodb-fips.us-east-1.amazonaws.com");
});

test.each([
  [{ AWS_ENDPOINT_URL_DYNAMODB: "http://a", AWS_ENDPOINT_URL: "http://b" }, "http://a"],
  [{ AWS_ENDPOINT_URL: "http://b" }, "http://b"],
  [
    { AWS_ENDPOINT_URL: "http://b", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    "https://dynamodb.eu-west-1.amazonaws.com",
  ],
])("by %j calls %s", (more, endpoint) => {
  expect(environmentAccess(environment(more)).endpoint).toBe(endpoint);
});

test.each([undefined, "", "eu-west-1.evil.example/", "EU"])("refuses the region %j", (region) => {
  expect(() => environmentAccess({ ...keys, AWS_REGION: region })).toThrow("AWS_REGION");
});

test("signs with the credentials that the environment has at each call", async () => {
  const changing: Record<string, string> = environment({ AWS_ENDPOINT_URL: url });
  const { client } = connect("table", () => environmentAccess(changing), { now: Date.now });
  await client.send("GetItem", get);
  Object.assign(changing, { AWS_ACCESS_KEY_ID: "second", AWS_SESSION_TOKEN: "token" });
  await client.send("GetItem", get);
  expect(received.map((headers) => headers["x-amz-security-token"])).toEqual([undefined, "token"]);
  const [before, after] = received.map(({ authorization }) => authorization);
  expect(before).toMatch(/Credential=first\/\d{8}\/eu-west-1\/dynamodb\/aws4_request/);
  expect(after).toMatch(
    /Credential=second\/.*SignedHeaders=[^,]*host;x-amz-date;x-amz-security-token/,
  );
  delete changing["AWS_ACCESS_KEY_ID"];
  await expect(client.send("GetItem", get)).rejects.toThrow("AWS_ACCESS_KEY_ID");
  expect(received).toHaveLength(2);
  client.destroy();
});

test("needs nothing of the environment before the first call", async () => {
  const { client } = connect("table", () => environmentAccess({}), { now: Date.now });
  await expect(client.send("GetItem", get)).rejects.toThrow("AWS_REGION");
  client.destroy();
});

test("signs by DynamoDB's clock once it was told that its own is wrong", async () => {
  tolerance = 300_000;
  serverTime = Date.UTC(2026, 0, 1);
  const clock = { now: () => serverTime - 3_600_000 };
  const { client } = connect(
    "table",
    environmentAccess(environment({ AWS_ENDPOINT_URL: url })),
    clock,
  );
  expect(await client.send("GetItem", get)).toEqual({});
  expect(received).toHaveLength(2);
  expect(await client.send("GetItem", get)).toEqual({});
  expect(received).toHaveLength(3);
  client.destroy();
});

test("signs twice at most, and not again where the time was right", async () => {
  serverTime = Date.UTC(2026, 0, 1);
  tolerance = -1;
  for (const [ahead, requests] of [
    [0, 1],
    [3_600_000, 2],
  ] as const) {
    received.length = 0;
    const clock = { now: () => serverTime + ahead };
    const { client } = connect(
      "table",
      environmentAccess(environment({ AWS_ENDPOINT_URL: url })),
      clock,
    );
    const error = await client.send("GetItem", get).catch((reason: unknown) => reason);
    expect(faultOf(error)).toEqual({ kind: "fatal" });
    expect(received).toHaveLength(requests);
    client.destroy();
  }
});

test("a call that is over before it begins is not sent", async () => {
  const { client } = connect("table", environmentAccess(environment({ AWS_ENDPOINT_URL: url })), {
    now: Date.now,
  });
  const options = { abortSignal: AbortSignal.abort() };
  await expect(client.send("GetItem", get, options)).rejects.toThrow("abort");
  expect(received).toEqual([]);
  client.destroy();
});
