/**
 * Metric math, as far as alarms and the estimate of cost use it: `- * /`, `FILL`, `MAX`, `SUM`.
 *
 * Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics": a division by zero
 * has no value. It does not say what an operator makes of a value that is missing: here nothing, so that
 * no alarm relies on more.
 */
import type { Series } from "./series.ts";

type Value = number | Series | readonly Series[];
type Lookup = (id: string) => Series;

const isSeries = (value: Value): value is Series => typeof value === "object" && "values" in value;

/** @throws Error for what it does not know */
export function evaluate(text: string, lookup: Lookup): Series {
  const parser = new Parser(text, lookup);
  const value = parser.sum();
  parser.end();
  if (!isSeries(value)) throw new Error(`${text} is no series`);
  return value;
}

class Parser {
  readonly #tokens: string[];
  readonly #lookup: Lookup;

  constructor(text: string, lookup: Lookup) {
    this.#tokens = text.match(/\d+(?:\.\d+)?|\w+|\S/g) ?? [];
    this.#lookup = lookup;
  }

  sum(): Value {
    let left = this.#product();
    while (this.#next("+") || this.#next("-")) {
      const sign = this.#taken === "+" ? 1 : -1;
      left = combine(left, this.#product(), (a, b) => a + sign * b);
    }
    return left;
  }

  end(): void {
    if (this.#tokens.length > 0) throw new Error(`${this.#tokens.join(" ")} is left over`);
  }

  #taken = "";

  #next(wanted: string): boolean {
    if (this.#tokens[0] !== wanted) return false;
    this.#taken = wanted;
    this.#tokens.shift();
    return true;
  }

  #expect(wanted: string): void {
    if (!this.#next(wanted)) throw new Error(`no ${wanted} at ${this.#tokens.join(" ")}`);
  }

  #product(): Value {
    let left = this.#term();
    while (this.#next("*") || this.#next("/")) {
      const times = this.#taken === "*";
      left = combine(left, this.#term(), (a, b) => (times ? a * b : a / b));
    }
    return left;
  }

  #term(): Value {
    if (this.#next("(")) {
      const inner = this.sum();
      this.#expect(")");
      return inner;
    }
    if (this.#next("[")) return this.#list("]").map(series);
    const token = this.#tokens.shift() ?? "";
    if (/^\d/.test(token)) return Number(token);
    if (/^[a-z]\w*$/.test(token)) return this.#lookup(token);
    this.#expect("(");
    return call(token, this.#list(")"));
  }

  #list(end: string): Value[] {
    const values = [this.sum()];
    while (this.#next(",")) values.push(this.sum());
    this.#expect(end);
    return values;
  }
}

function series(value: Value): Series {
  if (!isSeries(value)) throw new Error("a list has series only");
  return value;
}

function call(name: string, [first, second]: readonly Value[]): Series {
  if (name === "FILL" && first !== undefined && isSeries(first) && typeof second === "number") {
    // A metric that never had a value is not there to be filled.
    const { values, known } = first;
    return { known, values: values.map((value) => value ?? (known ? second : undefined)) };
  }
  if (name === "MAX" && Array.isArray(first) && second === undefined) {
    const all = first.map(series);
    return all.reduce((a, b) => join(a, b, (x, y) => Math.max(x, y), "left out"));
  }
  if (name === "SUM" && Array.isArray(first) && second === undefined) {
    const all = first.map(series);
    return all.reduce((a, b) => join(a, b, (x, y) => x + y, "left out"));
  }
  throw new Error(`no function ${name} of these arguments`);
}

function combine(a: Value, b: Value, apply: (a: number, b: number) => number): Value {
  if (typeof a === "number") {
    return typeof b === "number" ? apply(a, b) : each(series(b), (value) => apply(a, value));
  }
  if (typeof b === "number") return each(series(a), (value) => apply(value, b));
  return join(series(a), series(b), apply, "decides");
}

function each({ values, known }: Series, apply: (value: number) => number): Series {
  const applied = values.map((value) => (value === undefined ? value : finite(apply(value))));
  return { known, values: applied };
}

/** @param missing whether a value that only one of them lacks leaves the other one, or none */
function join(
  a: Series,
  b: Series,
  apply: (a: number, b: number) => number,
  missing: "left out" | "decides",
): Series {
  const values = a.values.map((x, index) => {
    const y = b.values[index];
    if (x !== undefined && y !== undefined) return finite(apply(x, y));
    return missing === "left out" ? (x ?? y) : undefined;
  });
  return { values, known: a.known || b.known };
}

const finite = (value: number) => (Number.isFinite(value) ? value : undefined);
