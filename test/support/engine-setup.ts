/**
 * What the tests of a run share: some embedded engines in memory, or, with
 * TEST_ENGINE=dynamodb-local, Amazon's DynamoDB Local of the folder that
 * DYNAMODB_LOCAL names, as `npm run test:dynamodb-local` sets them.
 */
import type { TestProject } from "vitest/node";
import { dynoxide, type EngineCommand, findEngine, startEngine } from "../../lib/local/engine.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** URLs of the DynamoDBs to test on. */
    endpoints: readonly string[];
    engine: "dynoxide" | "dynamodb-local";
  }
}

/**
 * The embedded engine looks through all request tokens of the last ten minutes at each
 * transaction: test files that share one slow each other down.
 */
const ENGINES = 8;

/** It grows with the tests of a run, and has no limit of its own. */
const JAVA_MEMORY = "-Xmx512m";
const JAVA_START_TIMEOUT = 30_000;

function dynamodbLocal(folder: string | undefined): EngineCommand {
  if (!folder) throw new Error("DYNAMODB_LOCAL is not set: use npm run test:dynamodb-local");
  const java = ["java", JAVA_MEMORY, "-Djava.library.path=./DynamoDBLocal_lib"];
  const local = ["-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry"];
  return {
    // It listens on every address of the machine.
    command: ({ port }) => [...java, ...local, "-port", `${port}`],
    cwd: folder,
    timeout: JAVA_START_TIMEOUT,
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = process.env["TEST_ENGINE"] === "dynamodb-local" ? "dynamodb-local" : "dynoxide";
  const command =
    name === "dynoxide"
      ? dynoxide(findEngine(process.env))
      : dynamodbLocal(process.env["DYNAMODB_LOCAL"]);
  const count = name === "dynoxide" ? ENGINES : 1;
  const engines = await Promise.all(Array.from({ length: count }, () => startEngine(command)));
  project.provide(
    "endpoints",
    engines.map(({ endpoint }) => endpoint),
  );
  project.provide("engine", name);
  return async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
  };
}
