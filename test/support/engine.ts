/** The DynamoDB that a test file works on: always the same one, of those of the run. */
import { createHash } from "node:crypto";
import { expect, inject } from "vitest";

export function testEndpoint(): string {
  const endpoints = inject("endpoints");
  const path = expect.getState().testPath ?? "";
  const place = createHash("sha256").update(path).digest().readUInt32BE() % endpoints.length;
  const endpoint = endpoints[place];
  if (endpoint === undefined) throw new Error("the run has no engine");
  return endpoint;
}
