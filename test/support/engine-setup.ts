/**
 * One DynamoDB for all tests of a run: the embedded engine in memory, or, with
 * TEST_ENGINE=dynamodb-local, the one that `npm run test:dynamodb-local` has
 * started at TEST_ENDPOINT.
 */
import type { TestProject } from "vitest/node";
import { findEngine, startEngine } from "../../lib/local/engine.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** URL of the DynamoDB to test on. */
    endpoint: string;
    engine: "dynoxide" | "dynamodb-local";
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env["TEST_ENGINE"] === "dynamodb-local") {
    const endpoint = process.env["TEST_ENDPOINT"];
    if (!endpoint) throw new Error("no TEST_ENDPOINT: use npm run test:dynamodb-local");
    project.provide("endpoint", endpoint);
    project.provide("engine", "dynamodb-local");
    return async () => undefined;
  }
  const engine = await startEngine(findEngine(process.env));
  project.provide("endpoint", engine.endpoint);
  project.provide("engine", "dynoxide");
  return () => engine.stop();
}
