/**
 * The coding of an answer: gzip for whoever accepts it.
 *
 * Source: RFC 9110, "Accept-Encoding".
 */
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import Negotiator from "negotiator";

const compress = promisify(gzip);

/** The fastest level that costs little of the size; see docs/performance.md. */
const LEVEL = constants.Z_BEST_SPEED;

/** Off the event loop: other requests of a local server go on meanwhile. */
export async function gzipped(text: string, level: number = LEVEL): Promise<Buffer> {
  return compress(text, { level });
}

/** Whether `gzip`, or its old name `x-gzip`, has a weight above 0. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  const given = acceptEncoding.replaceAll(/(?<=^|[\s,])x-gzip(?=$|[\s,;])/gi, "gzip");
  const negotiator = new Negotiator({ headers: { "accept-encoding": given } });
  return negotiator.encodings(["gzip"]).length > 0;
}
