/** Names in a log line: how long each may be, and how many fit into a line. */

/** Characters of a name, of a caller and of a project. */
export const MAX_LOGGED = 255;

/**
 * Bytes of the names in one line. CloudWatch Logs accepts 262,144 bytes per line in all
 * regions; the rest is for the other fields and for what its agents add.
 */
export const MAX_NAMES_BYTES = 200_000;

/** Length of an escape, which may replace any character that is not plain. */
const ESCAPED = 6;
/** Quotes and a comma. */
const AROUND = 3;

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

export function cut(text: string | undefined): string | null {
  return text?.slice(0, MAX_LOGGED) ?? null;
}

function bytesOf(name: string): number {
  return AROUND + (PLAIN.test(name) ? name.length : ESCAPED * name.length);
}

/** `names`, each shortened, in groups that each fit into a line. */
export function linesOf(names: Iterable<string>): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let bytes = 0;
  for (const name of names) {
    const short = name.slice(0, MAX_LOGGED);
    const more = bytesOf(short);
    if (line.length === 0 || bytes + more > MAX_NAMES_BYTES) {
      line = [];
      bytes = 0;
      lines.push(line);
    }
    line.push(short);
    bytes += more;
  }
  return lines;
}
