/** Data folders of a test, and the local servers on them: both end with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { Program } from "./program.ts";

export function useDataFolders() {
  const running: Program[] = [];
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "placement-"));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.stop("SIGKILL")));
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  /** Ends with the test, should the test not end it. */
  const watched = (program: Program): Program => {
    running.push(program);
    return program;
  };
  return {
    inRoot: (name = "") => join(root, name),
    watched,
    serve: (data: string) => watched(new Program({ args: ["--data", data, "--port", "0"] })),
  };
}
