/** The built console, in memory: what is not among its files cannot be asked for. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheControlOf, contentTypeOf, INDEX_FILE } from "../../api/console/files.ts";

export interface ConsoleFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
  /** A strong tag, with its quotes. */
  readonly etag: string;
}

export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

/** A build has five files of 0.4 MB together. */
const MAX_FILES = 100;

/** Undefined: there is no built console in that folder. */
export function loadConsole(folder: string): ConsoleFiles | undefined {
  const files = new Map<string, ConsoleFile>();
  for (const name of namesIn(folder)) {
    const contentType = contentTypeOf(name);
    if (contentType === undefined || files.size === MAX_FILES) continue;
    const body = readFileSync(join(folder, name));
    const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
    files.set(name, { body, contentType, cacheControl: cacheControlOf(name), etag });
  }
  return files.has(INDEX_FILE) ? files : undefined;
}

function namesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
