/** What is deployed reaches for nothing but its table: no other network, no process, no code from text. */
import { expect, test } from "vitest";
import { sourcesIn } from "../support/sources.ts";

const deployed = sourcesIn("lib/api", "lib/model", "lib/store", "functions");

const having = (pattern: RegExp) =>
  deployed.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

test("what is deployed opens connections to its table, in one file", () => {
  expect(deployed.length).toBeGreaterThan(100);
  expect(
    having(/(?<!type .*)from "(node:)?(https?|http2|net|tls|dgram|dns)(\/promises)?"/),
  ).toEqual(["lib/store/table/wire/transport.ts"]);
  expect(having(/\b(fetch|XMLHttpRequest|WebSocket|EventSource)\s*\(/)).toEqual([]);
  expect(having(/from "@aws-sdk\/(?!client-dynamodb|lib-dynamodb|util-dynamodb)/)).toEqual([]);
});

test("nothing that is deployed starts a process, opens a file or runs text as code", () => {
  // The operator's own file of policy rules, named by the environment.
  const files = ["lib/api/policy/settings.ts"];
  expect(having(/from "(node:)?fs(\/promises)?"/)).toEqual(files);
  expect(having(/from "(node:)?(child_process|vm|worker_threads|cluster)"/)).toEqual([]);
  expect(having(/\b(eval|Function)\s*\(/)).toEqual([]);
});

test("an address comes from the platform and its deployer only", () => {
  expect(having(/\bnew DynamoDBClient\(/)).toEqual(["lib/store/table/sdk-client.ts"]);
  expect(having(/\bnew Transport\(/)).toEqual([
    "lib/store/bus/event-bus.ts",
    "lib/store/table/wire/client.ts",
  ]);
  expect(having(/\benvironmentAccess\(/)).toEqual([
    "lib/api/deployed-runtime.ts",
    "lib/store/table/wire/access.ts",
    "functions/maintenance/feed-events.ts",
  ]);
  // Of a client: elsewhere `endpoint` is the kind of a way in.
  const configuring = deployed.filter(({ text }) => text.includes("@aws-sdk/"));
  expect(configuring.map(({ path }) => path)).toContain("lib/store/table/sdk-client.ts");
  expect(configuring.filter(({ text }) => /\bendpoint:/.test(text))).toEqual([]);
});

test("an authorizer reaches its identity service by one client, and its secret", () => {
  const authorizer = sourcesIn("lib/authorizer");
  const paths = (pattern: RegExp) =>
    authorizer.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
  expect(paths(/from "(node:)?(https?|http2|net|tls|dgram|dns)(\/promises)?"/)).toEqual([
    "lib/authorizer/https.ts",
  ]);
  expect(paths(/(?<![#\w])(fetch|createRemoteJWKSet)\s*\(/)).toEqual([]);
  expect(paths(/from "@aws-sdk\//)).toEqual(["lib/authorizer/deployed.ts"]);
  expect(paths(/from "(node:)?(child_process|fs|vm|worker_threads)(\/promises)?"/)).toEqual([]);
});
