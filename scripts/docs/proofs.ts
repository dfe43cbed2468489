/** Which tests prove an operation, by the requests that they make, and a microversion, by their titles. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FoundRequest, isOfRoute, requestsIn } from "./requests.ts";

const TESTS = "test";
const MAX_NAMED = 4;

/** The room of the tests of each folder of `functions/`. */
const ROOMS: Readonly<Record<string, string>> = {
  aggregates: "providers",
  "allocation-candidates": "candidates",
  allocations: "allocations",
  claims: "claims",
  consumers: "consumers",
  events: "events",
  history: "history",
  inventories: "inventories",
  metrics: "prometheus",
  openapi: "documents",
  "provider-traits": "names",
  reshaper: "allocations",
  "resource-classes": "names",
  "resource-providers": "providers",
  root: "protocol",
  status: "status",
  traits: "names",
  usages: "allocations",
};

/** Requests that several tests make through these files count as the tests' own. */
const SHARED = [
  "allocation-requests.ts",
  "candidates.ts",
  "consumer-requests.ts",
  "events-feed.ts",
  "history.ts",
  "leases.ts",
];

/** It has an example of every operation in each version: the table does not repeat it. */
const EVERY_OPERATION = `${TESTS}/documents/operations.test.ts`;

export interface ProvedOperation {
  /** Its folder below `functions/`, a slash and its name. */
  readonly id: string;
  readonly route: string;
}

export interface Proofs {
  /**
   * Test files in the operation's room that make requests on its route: those that make
   * most of them first, and at most four.
   */
  ofOperation(operation: ProvedOperation): string[];
  /** Test files with a test whose title begins with the microversion and a colon. */
  ofVersion(version: string): string[];
}

interface TestFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly requests: readonly FoundRequest[];
}

/** @param root of the repository */
export function readProofs(root: string): Proofs {
  const files = readdirSync(join(root, TESTS), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${TESTS}/${name.replaceAll("\\", "/")}`)
    .sort()
    .map((path) => testFile(root, path));
  return {
    ofOperation: ({ id, route }) => {
      const room = `${TESTS}/${ROOMS[id.split("/")[0] ?? ""]}/`;
      return files
        .filter(({ path }) => path.startsWith(room) && path !== EVERY_OPERATION)
        .map((file) => ({ path: file.path, times: timesOf(file, route) }))
        .filter(({ times }) => times > 0)
        .sort((a, b) => b.times - a.times)
        .slice(0, MAX_NAMED)
        .map(({ path }) => path);
    },
    ofVersion: (version) =>
      files.filter(({ text }) => text.includes(`it("${version}: `)).map(({ path }) => path),
  };
}

function testFile(root: string, path: string): TestFile {
  const text = readFileSync(join(root, path), "utf8");
  const shared = SHARED.filter((name) => text.includes(`/support/${name}"`)).map((name) =>
    readFileSync(join(root, TESTS, "support", name), "utf8"),
  );
  return { path, text, requests: requestsIn([text, ...shared].join("\n\n")) };
}

function timesOf({ requests, text }: TestFile, route: string): number {
  return requests
    .filter((request) => isOfRoute(request, route, text))
    .reduce((sum, { times }) => sum + times, 0);
}
