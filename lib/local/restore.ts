/** `npm run restore`: a table as it was at a moment, with all that belongs to it. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "../api/system-clock.ts";
import { connectBySdk } from "../store/table/sdk-client.ts";
import { bySdk } from "./restore/control-plane.ts";
import { mend } from "./restore/mend.ts";
import { restoreTable, restoreTexts, stackSettings } from "./restore/restore-table.ts";
import { parseRestoreOptions, RESTORE_HELP, type RestoreOptions } from "./restore-options.ts";
import { localRuntime } from "./runtime.ts";
import { StartFailure } from "./start-failure.ts";
import type { Closers } from "./storage.ts";
import { clientConfig } from "./table.ts";
import { opener, runCommand } from "./whole-table.ts";

async function restore(options: RestoreOptions, closers: Closers): Promise<number> {
  const { endpoint, target, configuration, dryRun } = options;
  const config = endpoint === undefined ? {} : clientConfig(endpoint, process.env);
  const client = new DynamoDBClient(config);
  closers.push(async () => client.destroy());
  const parts = { control: bySdk(client), clock: systemClock, tell: console.log };
  if (dryRun) {
    for (const text of await restoreTexts(parts, options)) console.log(text);
    console.log(`then ${target} begins a new epoch, is swept, rebuilt and verified`);
    return 0;
  }
  const restored = await restoreTable(parts, options);
  const connection = connectBySdk(target, config);
  closers.push(async () => connection.client.destroy());
  const open = opener(localRuntime({ connection, configuration }));
  const left = await mend({ open, configuration, tell: console.log });
  if (left > 0) {
    console.log(`${target} contradicts itself: npm run verify -- --repair, docs/reliability.md`);
    return 1;
  }
  console.log(`${target} can be used: deploy the stack with ${stackSettings(target, restored)}`);
  return 0;
}

/** What the SDK throws where it has no credentials or no region. */
const UNCONFIGURED = /^CredentialsProviderError|Region is missing/;

/** The SDK puts its attempts on all that its calls end with, a refusal of AWS as well as a lost connection. */
const isOfCall = (error: unknown): boolean => error instanceof Error && "$metadata" in error;

/** @throws StartFailure for what AWS refuses, and where it cannot be reached */
async function explained(options: RestoreOptions, closers: Closers): Promise<number> {
  try {
    return await restore(options, closers);
  } catch (error) {
    const isUnconfigured = error instanceof Error && UNCONFIGURED.test(String(error));
    if (!isOfCall(error) && !isUnconfigured) throw error;
    throw new StartFailure(`DynamoDB cannot be used: ${String(error)}`);
  }
}

process.exit(
  await runCommand("restore", async (closers) => {
    const options = parseRestoreOptions(process.argv.slice(2), process.env);
    if (options !== undefined) return explained(options, closers);
    process.stdout.write(RESTORE_HELP);
    return 0;
  }),
);
