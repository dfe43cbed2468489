/** Lines of the log as CloudWatch reads metrics from them: a value for each set of dimensions. */
import { expect } from "vitest";
import * as z from "zod";
import { withMetrics } from "../../lib/api/metrics/emf.ts";

export const STACK = "placement";

type Line = Readonly<Record<string, unknown>>;

/** CloudWatch user guide, "Specification: Embedded metric format"; its JSON schema. */
const declared = z.object({
  Timestamp: z.number().int(),
  CloudWatchMetrics: z
    .array(
      z.strictObject({
        Namespace: z.string().min(1).max(1_024),
        Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
        Metrics: z
          .array(z.strictObject({ Name: z.string().min(1).max(1_024), Unit: z.string() }))
          .min(1)
          .max(100),
      }),
    )
    .min(1),
});

export interface Datapoint {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a deployed function prints where the server of a test has logged `lines`. */
export function printedLines(lines: readonly Line[]): Line[] {
  const printed: Line[] = [];
  const clock = { now: () => Date.now() };
  const log = withMetrics((entry) => printed.push(JSON.parse(JSON.stringify(entry))), {
    stack: STACK,
    clock,
  });
  for (const line of lines) log(line);
  return printed;
}

/** @throws if a line declares what CloudWatch would not read */
export function datapointsOf(lines: readonly Line[]): Datapoint[] {
  return printedLines(lines).flatMap((line) => {
    expect(line).not.toHaveProperty("metricsError");
    if (line["_aws"] === undefined) return [];
    const { Timestamp: at, CloudWatchMetrics } = declared.parse(line["_aws"]);
    return CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) => {
        const dimensions = Object.fromEntries(
          names.map((name) => [name, z.string().min(1).max(1_024).parse(line[name])]),
        );
        return Metrics.map(({ Name: name, Unit: unit }) => {
          const value = z.number().parse(line[name]);
          return { namespace, name, unit, dimensions, value, at };
        });
      }),
    );
  });
}

/** The sum of a metric over these dimensions, no more and no fewer; undefined: no value. */
export function sumOf(
  points: readonly Datapoint[],
  name: string,
  dimensions: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = JSON.stringify(Object.entries({ stack: STACK, ...dimensions }).sort());
  const found = points.filter((point) => {
    return (
      point.name === name && JSON.stringify(Object.entries(point.dimensions).sort()) === wanted
    );
  });
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}
