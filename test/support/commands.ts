/** The commands on a data folder, such as `npm run verify`, as processes of their own. */
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { Program } from "./program.ts";

const RUN = fileURLToPath(new URL("../../scripts/run-program.mjs", import.meta.url));

export interface Ended {
  /** The exit status, or the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `verify` tells of a table without a contradiction. */
export const SOUND = { status: 0, stdout: expect.stringMatching(/: 0 broken, .* 0 uncertain\n$/) };

export function startCommand(name: string, ...args: readonly string[]): Program {
  return new Program({ script: RUN, args: [`lib/local/${name}.ts`, ...args] });
}

export async function command(name: string, ...args: readonly string[]): Promise<Ended> {
  const program = startCommand(name, ...args);
  const status = await program.ended;
  return { status, stdout: program.stdout, stderr: program.stderr };
}
