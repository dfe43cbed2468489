/**
 * Reads Prometheus' text format character by character, and takes nothing that the format does
 * not allow: a family's samples stand together, after its HELP and TYPE, and none occurs twice.
 *
 * Source: Prometheus documentation, "Exposition formats", version 0.0.4.
 */

export interface ReadFamily {
  readonly help: string;
  readonly type: string;
  readonly samples: ReadSample[];
}

export interface ReadSample {
  /** With the suffix that samples of a histogram have. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type Exposition = ReadonlyMap<string, ReadFamily>;

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const VALUE = /[-+]?(?:[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|Inf|NaN)/y;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\", '"': '"', n: "\n" };

class Line {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.wrong(`no ${pattern.source}`);
    this.#at += found.length;
    return found;
  }

  takes(text: string): boolean {
    const there = this.#text.startsWith(text, this.#at);
    if (there) this.#at += text.length;
    return there;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw this.wrong(`no ${JSON.stringify(text)}`);
  }

  /** After the opening quote, up to the closing one. */
  quoted(): string {
    let value = "";
    for (;;) {
      const character = this.#text[this.#at];
      this.#at += 1;
      if (character === undefined) throw this.wrong("a label's value does not end");
      if (character === '"') return value;
      if (character !== "\\") {
        value += character;
        continue;
      }
      const meant = ESCAPES[this.#text[this.#at] ?? ""];
      if (meant === undefined) throw this.wrong("an escape that there is not");
      value += meant;
      this.#at += 1;
    }
  }

  wrong(what: string): Error {
    return new Error(`${what} at ${this.#at} of ${JSON.stringify(this.#text)}`);
  }
}

export function readExposition(text: string): Exposition {
  const families = new Map<string, ReadFamily>();
  const known = new Set<string>();
  let current: { name: string; family: ReadFamily } | undefined;
  let help: { name: string; text: string } | undefined;
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  for (const each of text.slice(0, -1).split("\n")) {
    if (each === "") continue;
    const line = new Line(each);
    if (line.takes("# HELP ")) {
      help = { name: line.match(NAME), text: each.split(" ").slice(3).join(" ") };
    } else if (line.takes("# TYPE ")) {
      const name = line.match(NAME);
      line.expect(" ");
      const type = line.match(/counter|gauge|histogram|summary|untyped/y);
      if (help?.name !== name || families.has(name)) throw line.wrong("a type out of its place");
      current = { name, family: { help: help.text, type, samples: [] } };
      families.set(name, current.family);
    } else {
      const sample = sampleOf(line);
      const family = current && sample.name.startsWith(current.name) ? current.family : undefined;
      if (family === undefined || !belongs(sample.name, current?.name ?? "", family.type)) {
        throw line.wrong("a sample out of its family");
      }
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (known.has(key)) throw line.wrong("a sample that occurs twice");
      known.add(key);
      family.samples.push(sample);
    }
  }
  return families;
}

function belongs(sample: string, family: string, type: string): boolean {
  const suffixes = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  return suffixes.some((suffix) => sample === `${family}${suffix}`);
}

function sampleOf(line: Line): ReadSample {
  const name = line.match(NAME);
  const labels: Record<string, string> = {};
  if (line.takes("{")) {
    do {
      const label = line.match(LABEL_NAME);
      if (Object.hasOwn(labels, label)) throw line.wrong("a label that occurs twice");
      line.expect('="');
      labels[label] = line.quoted();
    } while (line.takes(","));
    line.expect("}");
  }
  line.expect(" ");
  const value = Number(line.match(VALUE).replace("Inf", "Infinity"));
  if (!line.atEnd) throw line.wrong("more than a value");
  return { name, labels, value };
}
