/** Files of lines, compressed if their names end with `.gz`. */
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { PassThrough, type Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { DumpTarget } from "../store/maintenance/dump/dump-table.ts";
import { MAX_LINE } from "../store/maintenance/dump/lines.ts";
import { FILE_MODE } from "./private-folder.ts";

const LF = 10;

/** A file that has its name once it is complete, and is readable by its owner alone. */
export class DumpFile implements DumpTarget {
  readonly #path: string;
  readonly #part: string;
  readonly #input: Transform;
  readonly #written: Promise<void>;

  constructor(path: string) {
    this.#path = path;
    this.#part = `${path}.part`;
    this.#input = isCompressed(path) ? createGzip() : new PassThrough();
    const output = createWriteStream(this.#part, { mode: FILE_MODE, flush: true });
    this.#written = pipeline(this.#input, output);
    // A failure is reported by the next write.
    this.#written.catch(() => undefined);
  }

  async write(line: string): Promise<void> {
    if (this.#input.write(`${line}\n`)) return;
    const drained = new Promise<void>((resolve) => this.#input.once("drain", resolve));
    await Promise.race([drained, this.#written]);
  }

  async *lines(): AsyncGenerator<string> {
    await this.#end();
    yield* readLines(this.#part, isCompressed(this.#path));
  }

  /** Gives the file its name. */
  async complete(): Promise<void> {
    await this.#end();
    await rename(this.#part, this.#path);
  }

  async discard(): Promise<void> {
    this.#input.destroy();
    await this.#written.catch(() => undefined);
    await rm(this.#part, { force: true });
  }

  async #end(): Promise<void> {
    this.#input.end();
    await this.#written;
  }
}

export const isCompressed = (path: string): boolean => path.endsWith(".gz");

/**
 * The lines of a file, without their line feeds.
 * @throws Error for a line that is longer than any line of a dump; the system's errors
 */
export async function* readLines(path: string, compressed: boolean): AsyncGenerator<string> {
  const file = createReadStream(path);
  const unpacked = compressed ? createGunzip() : new PassThrough();
  const read = pipeline(file, unpacked);
  read.catch(() => undefined);
  yield* linesOf(unpacked);
  await read;
}

async function* linesOf(bytes: Readable): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(LF); to >= 0; to = chunk.indexOf(LF, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, to)]).toString("utf8");
      rest = [];
      length = 0;
      from = to + 1;
    }
    rest.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > MAX_LINE) throw new Error("it has a line that is too long");
  }
  if (length > 0) yield Buffer.concat(rest).toString("utf8");
}
