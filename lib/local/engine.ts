/**
 * The embedded engine: dynoxide, a DynamoDB of its own process that keeps a
 * table in a file or in memory and ends with the server, however that ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accepts, freePort } from "./ports.ts";
import { StartFailure } from "./start-failure.ts";

/** Milliseconds. */
const POLL_INTERVAL = 5;
const START_TIMEOUT = 10_000;
const STOP_TIMEOUT = 500;
/** Another process may take the port between its choice and its use. */
const START_ATTEMPTS = 3;
const KEPT_OUTPUT = 2_000;

/**
 * Runs the engine, and kills it when standard input ends: the pipe to us closes
 * even if we are killed and cannot say so. A line on it asks for an orderly end.
 */
const WATCHDOG = `
exec 3<&0
"$@" </dev/null 3<&- &
engine=$!
{ if read -r line <&3; then kill -TERM "$engine"; else kill -KILL "$engine"; fi; } 2>/dev/null &
watch=$!
exec 3<&- </dev/null
wait "$engine"
status=$?
kill -KILL "$watch" 2>/dev/null
exit "$status"
`;

export interface Engine {
  readonly endpoint: string;
  /** Resolves with the reason, in words, if the engine ends before it is stopped. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The engine's program: of the platform's npm package, else on `PATH`.
 * @throws StartFailure if there is none
 */
export function findEngine(environment: Environment): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  const candidates = (environment["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "dynoxide"));
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    candidates.unshift(join(dirname(manifest), "dynoxide"));
  } catch {
    // npm leaves out an optional package that does not fit the platform.
  }
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new StartFailure(
    `no DynamoDB engine found: install the npm package ${name}, or put dynoxide on PATH, or set DYNAMODB_ENDPOINT to the URL of another DynamoDB`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts the engine and waits until it answers.
 * @param file where the table is kept; undefined: in memory
 * @throws StartFailure
 */
export async function startEngine(program: string, file?: string): Promise<Engine> {
  let failure = "";
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const running = new RunningEngine(program, port, file);
    if (await running.answers()) return running;
    failure = await running.died;
    if (!failure.includes("already in use")) break;
  }
  throw new StartFailure(`the DynamoDB engine ${program} does not start: ${failure}`);
}

class RunningEngine implements Engine {
  readonly endpoint: string;
  readonly died: Promise<string>;
  readonly #port: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #alive = true;
  #stopping = false;
  #output = "";

  constructor(program: string, port: number, file: string | undefined) {
    this.#port = port;
    this.endpoint = `http://127.0.0.1:${port}`;
    const place = file === undefined ? [] : ["--db-path", file];
    const command = [program, "serve", "--host", "127.0.0.1", "--port", String(port), ...place];
    // A session of its own: Ctrl-C reaches us alone, and running requests end before the engine.
    this.#child = spawn("/bin/sh", ["-c", WATCHDOG, "engine", ...command], {
      detached: true,
      stdio: ["pipe", "ignore", "pipe"],
    });
    this.#child.stdin?.on("error", () => undefined);
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
    });
    const ending = new Promise<string>((resolve) => {
      this.#child.once("error", (error) => resolve(error.message));
      this.#child.once("close", (status, signal) => resolve(this.#reason(status, signal)));
    });
    this.#ended = ending.then(() => {
      this.#alive = false;
    });
    this.died = new Promise((resolve) => {
      void ending.then((reason) => {
        if (!this.#stopping) resolve(reason);
      });
    });
  }

  /** Whether it answers; false if it ended. */
  async answers(): Promise<boolean> {
    const deadline = Date.now() + START_TIMEOUT;
    while (this.#alive && Date.now() < deadline) {
      if (await accepts(this.#port)) return this.#alive;
      await sleep(POLL_INTERVAL);
    }
    if (this.#alive) this.#killAll();
    return false;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.stdin?.end("stop\n");
    const timer = setTimeout(() => this.#killAll(), STOP_TIMEOUT);
    await this.#ended;
    clearTimeout(timer);
  }

  #killAll(): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  #reason(status: number | null, signal: string | null): string {
    const said = this.#output.split("\n").findLast((line) => line.startsWith("error"));
    return said ?? (signal === null ? `it ended with status ${status}` : `${signal} ended it`);
  }
}
