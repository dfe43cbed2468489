/**
 * The content coding of an answer: gzip for clients that accept it.
 *
 * Source: RFC 9110, "Accept-Encoding".
 */
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import Negotiator from "negotiator";

const compress = promisify(gzip);

/** The fastest level, which compresses almost as well; see docs/performance.md. */
const LEVEL = constants.Z_BEST_SPEED;

/** Runs off the event loop, so that it does not block other requests of a local server. */
export async function gzipped(text: string, level: number = LEVEL): Promise<Buffer> {
  return compress(text, { level });
}

/** Whether the header gives `gzip`, or its old name `x-gzip`, a weight above 0. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  const given = acceptEncoding.replaceAll(/(?<=^|[\s,])x-gzip(?=$|[\s,;])/gi, "gzip");
  const negotiator = new Negotiator({ headers: { "accept-encoding": given } });
  return negotiator.encodings(["gzip"]).length > 0;
}
