/**
 * The embedded engine: dynoxide, a DynamoDB that keeps a table in a file or in memory. It
 * requires no secret and lets pages of any origin read its answers, so it listens on an
 * address that a page cannot find.
 */
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { freePlace } from "./loopback.ts";
import type { Listener } from "./ports.ts";
import { StartFailure } from "./start-failure.ts";
import { startWatched } from "./watched-process.ts";

/** Another process may take the port between its choice and its use. */
const START_ATTEMPTS = 3;
const START_TIMEOUT = 10_000;

export interface Engine {
  readonly endpoint: string;
  /** Resolves with a message if the engine exits before it is stopped. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

/** How to run an engine. */
export interface EngineCommand {
  readonly command: (place: Listener) => readonly string[];
  readonly cwd?: string;
  /** Milliseconds within which it must answer. */
  readonly timeout?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The engine's program: from the npm package for the platform, else from `PATH`.
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
    // npm does not install an optional package for another platform.
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
 * Dynoxide.
 * @param file where the table is kept; undefined: in memory
 */
export function dynoxide(program: string, file?: string): EngineCommand {
  const kept = file === undefined ? [] : ["--db-path", file];
  return {
    command: ({ host, port }) => [program, "serve", "--host", host, "--port", `${port}`, ...kept],
  };
}

/**
 * Starts an engine and waits until it answers.
 * @param choose selects the address to listen on
 * @throws StartFailure
 */
export async function startEngine(
  { command, cwd, timeout = START_TIMEOUT }: EngineCommand,
  choose: () => Promise<Listener> = freePlace,
): Promise<Engine> {
  let failure = "";
  let program: string | undefined;
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    const place = await choose();
    const words = command(place);
    [program] = words;
    const running = startWatched(words, cwd);
    if (await running.answers(place, timeout)) {
      const { died } = running;
      const endpoint = `http://${place.host}:${place.port}`;
      return { endpoint, died, stop: () => running.stop() };
    }
    failure = await running.died;
    if (!failure.includes("already in use")) break;
  }
  throw new StartFailure(`the DynamoDB engine ${program} failed to start: ${failure}`);
}
