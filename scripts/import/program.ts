/** Opens the source and the table, and runs an import between them. */
import { AnswerLost, isRefusal, UnexpectedAnswer } from "../../lib/client/errors.ts";
import { overHttp } from "../../lib/client/http.ts";
import { NoToken } from "../../lib/client/keystone.ts";
import type { Clock, Fetch, Random } from "../../lib/client/platform.ts";
import { StartFailure } from "../../lib/local/start-failure.ts";
import type { Closers } from "../../lib/local/storage.ts";
import { Refusal } from "../../lib/model/refusal.ts";
import { NotDone } from "./not-done.ts";
import {
  type Environment,
  IMPORT_HELP,
  type ImportOptions,
  parseImportOptions,
} from "./options.ts";
import { progress } from "./progress.ts";
import type { Tell } from "./report.ts";
import { runImport } from "./run.ts";
import { SourceApi } from "./source/api.ts";
import { sourceCredentials } from "./source/credentials.ts";
import { openTarget } from "./target/target.ts";

export interface ProgramParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly print: Tell;
  readonly warn: Tell;
  /** For the bar; undefined: none. */
  readonly stream?: NodeJS.WriteStream;
  readonly fetch?: Fetch;
}

const NOT_DONE = 2;

const WRITES = { import: "all", follow: "all", "dry-run": "planned", verify: "none" } as const;

/** @returns the exit status: 0 equal, 1 different, 2 not done */
export async function importProgram(
  args: readonly string[],
  environment: Environment,
  parts: ProgramParts,
): Promise<number> {
  const closers: Closers = [];
  try {
    const options = parseImportOptions(args, environment);
    if (options === undefined) {
      parts.print(IMPORT_HELP.trimEnd());
      return 0;
    }
    return await run(options, environment, parts, closers);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    parts.warn(`import: ${reason.replaceAll(/\s+/g, " ")}`);
    return NOT_DONE;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function run(
  options: ImportOptions,
  environment: Environment,
  { clock, random, print, warn, stream, fetch }: ProgramParts,
  closers: Closers,
): Promise<number> {
  const http = { clock, ...(fetch === undefined ? {} : { fetch }) };
  const credentials = sourceCredentials(options.token, environment, http);
  const transport = overHttp({ url: options.from, credentials, ...http });
  const api = await SourceApi.open({ transport, clock, random });
  const { storage, configuration } = options;
  const given = { storage, configuration, writes: WRITES[options.mode], tell: warn };
  const target = await openTarget(given, environment, closers);
  const shown = progress({ clock, tell: warn, stream });
  return runImport({ api, target, progress: shown, clock, print, warn }, options);
}

/** By status. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "; name another --token, or Keystone's credential",
  403: "; the caller needs the role admin or service there",
};

/** Undefined if it is a fault of this program. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof StartFailure || error instanceof NotDone) return error.message;
  if (error instanceof NoToken) return error.message;
  if (isRefusal(error)) {
    return `the source refuses to be read: ${error.message}${ADVICE[error.status] ?? ""}`;
  }
  if (error instanceof AnswerLost || error instanceof UnexpectedAnswer) {
    return `the source cannot be read: ${error.message}; run again, it goes on where it ended`;
  }
  if (error instanceof Refusal) {
    return `the table cannot be written: ${error.message} Run again, it goes on where it ended`;
  }
  return undefined;
}
