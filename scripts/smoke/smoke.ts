/** Runs the session, and counts its steps. */

import { type HttpOptions, overHttp } from "../../lib/client/http.ts";
import { PlacementClient } from "../../lib/client/index.ts";
import type { Clock, Random } from "../../lib/client/platform.ts";
import { type Environment, readOptions, USAGE } from "./options.ts";
import { cleaning, type Step, session } from "./session.ts";

export interface SmokeParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly print: (line: string) => void;
  readonly fetch?: HttpOptions["fetch"];
}

/**
 * A failed step ends the session; what it made is removed all the same.
 * @returns the exit status: 0 if all passed, 1 if one failed, 2 if the options are wrong
 */
export async function smoke(
  args: readonly string[],
  environment: Environment,
  { clock, random, print, fetch }: SmokeParts,
): Promise<number> {
  if (args.includes("--help")) {
    print(USAGE);
    return 0;
  }
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args, environment);
  } catch (error) {
    print(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  const transport = overHttp({ ...options, clock, ...(fetch === undefined ? {} : { fetch }) });
  const client = new PlacementClient({ transport, version: "1.39", clock, random });
  const uuids = { provider: random.uuid(), consumer: random.uuid() };
  const made = await runUntilFailure(session(client, uuids), print);
  const removed = await runAll(cleaning(client, uuids), print);
  const [passed, failed] = [made.passed + removed.passed, made.failed + removed.failed];
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

async function runUntilFailure(steps: readonly Step[], print: SmokeParts["print"]): Promise<Count> {
  for (const [passed, step] of steps.entries()) {
    if (!(await passes(step, print))) return { passed, failed: 1 };
  }
  return { passed: steps.length, failed: 0 };
}

async function runAll(steps: readonly Step[], print: SmokeParts["print"]): Promise<Count> {
  let passed = 0;
  for (const step of steps) if (await passes(step, print)) passed += 1;
  return { passed, failed: steps.length - passed };
}

async function passes({ title, run }: Step, print: SmokeParts["print"]): Promise<boolean> {
  try {
    await run();
    print(`ok      ${title}`);
    return true;
  } catch (error) {
    print(`failed  ${title}: ${messageOf(error)}`);
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
