/** Our side: `npm start` as a process of its own, with its own engine and data folder. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../../infra/project-root.mjs";
import { Program } from "../../../support/program.ts";
import { until } from "../../../support/until.ts";

/** Where sources have changed, it is bundled first. */
const START_TIMEOUT = 60_000;

export interface Ours {
  readonly url: string;
  /** The process of the server; its engine runs below it. */
  readonly pid: number;
}

/** @param environment names another DynamoDB than the embedded engine */
export async function withOurs<T>(
  use: (ours: Ours) => Promise<T>,
  environment: Readonly<Record<string, string>> = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "placement-bench-"));
  const script = join(projectRoot(), "scripts/start.mjs");
  const data = "DYNAMODB_ENDPOINT" in environment ? [] : ["--data", join(folder, "data")];
  const program = new Program({ script, environment, args: ["--port", "0", ...data] });
  try {
    await until("our server says where it serves", () => serving(program), START_TIMEOUT);
    return await use({ url: await program.ready(), pid: program.child.pid ?? 0 });
  } finally {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function serving({ stdout, stderr, child }: Program): true | undefined {
  if (child.exitCode !== null) throw new Error(`our server ended: ${stderr}`);
  return stdout.includes("Placement API on") ? true : undefined;
}
