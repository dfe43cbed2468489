/**
 * The table's stream, played from the writes that the functions send: the images of items that are
 * put, in the order of their answers, batch by batch to the function of the template's mapping, as far
 * as its filter lets them. Updates and deletions are told by no record: events have neither.
 */
import * as z from "zod";
import type { Template } from "../assembly/template.ts";

type Value = { readonly [type: string]: unknown };
export type Image = Readonly<Record<string, Value>>;

const put = z.object({ Item: z.record(z.string(), z.looseObject({})) });
const transaction = z.object({
  TransactItems: z.array(z.looseObject({ Put: put.optional() })),
});

/** What a call puts. @param body JSON */
export function imagesIn(operation: string, body: string): Image[] {
  if (operation === "PutItem") return [put.parse(JSON.parse(body)).Item];
  if (operation !== "TransactWriteItems") return [];
  return transaction
    .parse(JSON.parse(body))
    .TransactItems.flatMap(({ Put: given }) => (given === undefined ? [] : [given.Item]));
}

/** An event of a pattern: members by name, and in the end what a value may be. */
type Pattern = { readonly [name: string]: Pattern } | readonly unknown[];

/** Texts, `prefix` and `exists: false`, as the template's filter has them. */
export function lets(pattern: Pattern, value: unknown): boolean {
  if (!Array.isArray(pattern)) {
    return Object.entries(pattern).every(([name, inner]) =>
      lets(inner as Pattern, (value as Record<string, unknown> | undefined)?.[name]),
    );
  }
  return pattern.some((rule: unknown) => {
    if (typeof rule === "string") return value === rule;
    const { prefix, exists } = rule as { readonly prefix?: string; readonly exists?: boolean };
    if (exists !== undefined) return exists === (value !== undefined);
    if (prefix === undefined) throw new Error(`${JSON.stringify(rule)} is not played`);
    return typeof value === "string" && value.startsWith(prefix);
  });
}

const mappingSchema = z.object({
  FunctionName: z.string(),
  BatchSize: z.number(),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }),
});

export interface Mapping {
  readonly functionName: string;
  readonly batchSize: number;
  readonly patterns: readonly Pattern[];
}

/** Undefined: the template has no stream. */
export function mappingOf(template: Template): Mapping | undefined {
  const [first] = template.ofType("AWS::Lambda::EventSourceMapping", mappingSchema);
  if (first === undefined) return undefined;
  const [, { FunctionName, BatchSize, FilterCriteria }] = first;
  const patterns = FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern) as Pattern);
  return { functionName: FunctionName, batchSize: BatchSize, patterns };
}

/** How often a batch is tried that fails; a deployment halves it. */
const MAX_TRIES = 5;

export class Stream {
  readonly #mapping: Mapping;
  readonly #invoke: (functionName: string, event: string) => Promise<boolean>;
  #waiting: object[] = [];
  #running = false;
  #number = 0;
  #closed = false;

  /** @param invoke resolves with whether the function has taken the batch */
  constructor(mapping: Mapping, invoke: (functionName: string, event: string) => Promise<boolean>) {
    this.#mapping = mapping;
    this.#invoke = invoke;
  }

  written(images: readonly Image[]): void {
    const { patterns } = this.#mapping;
    for (const NewImage of images) {
      const record = { eventName: "MODIFY", dynamodb: { NewImage } };
      if (!patterns.some((pattern) => lets(pattern, record))) continue;
      this.#number += 1;
      const dynamodb = { NewImage, SequenceNumber: String(this.#number) };
      this.#waiting.push({ ...record, eventSource: "aws:dynamodb", dynamodb });
    }
    if (!this.#running && this.#waiting.length > 0) void this.#run();
  }

  close(): void {
    this.#closed = true;
  }

  async #run(): Promise<void> {
    this.#running = true;
    const { functionName, batchSize } = this.#mapping;
    while (this.#waiting.length > 0 && !this.#closed) {
      const batch = this.#waiting.slice(0, batchSize);
      const event = JSON.stringify({ Records: batch });
      for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
        if (await this.#invoke(functionName, event)) break;
      }
      this.#waiting = this.#waiting.slice(batch.length);
    }
    this.#running = false;
  }
}
