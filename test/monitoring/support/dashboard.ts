/** The body of a template's dashboard, with references as the ids of resources. */
import * as z from "zod";
import type { Assembly } from "../../stack/support/assembly.ts";
import { evaluate } from "../../support/cloudwatch/metric-math.ts";
import { type Series, seriesOf } from "../../support/cloudwatch/series.ts";
import type { Datapoint } from "../../support/emf.ts";

const options = z.object({
  id: z.string().optional(),
  label: z.string().optional(),
  expression: z.string().optional(),
  stat: z.string().optional(),
});

const widget = z.object({
  type: z.string(),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  properties: z.object({
    title: z.string().optional(),
    markdown: z.string().optional(),
    metrics: z.array(z.array(z.union([z.string(), options]))).optional(),
  }),
});

export type Widget = z.infer<typeof widget>;

const reference = z.union([
  z.string(),
  z.strictObject({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.strictObject({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) }).transform((made) => {
    return made["Fn::GetAtt"][0];
  }),
]);

export function widgetsOf(assembly: Assembly): Widget[] {
  const { DashboardBody } = assembly.only("AWS::CloudWatch::Dashboard").Properties;
  const text = z.array(reference).parse(DashboardBody["Fn::Join"][1]).join("");
  return z.object({ widgets: z.array(widget) }).parse(JSON.parse(text)).widgets;
}

export interface Line {
  readonly id: string | undefined;
  readonly label: string | undefined;
  readonly expression: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string | undefined;
}

export function linesOf({ properties }: Widget): Line[] {
  return (properties.metrics ?? []).map((entry) => {
    const words = entry.filter((part) => typeof part === "string");
    const [given = {}] = entry.filter((part) => typeof part !== "string");
    const [namespace, name, ...pairs] = words;
    const dimensions = Object.fromEntries(
      pairs.flatMap((word, index) => (index % 2 === 0 ? [[word, pairs[index + 1] ?? ""]] : [])),
    );
    const { id, label, expression, stat } = given;
    return { id, label, expression, namespace, name, dimensions, stat };
  });
}

/** The values of a widget's expressions over the day that ends at `now`, by their labels. */
export function estimated(
  lines: readonly Line[],
  points: readonly Datapoint[],
  now: number,
): Record<string, number | undefined> {
  const compute = (line: Line | undefined): Series => {
    if (line === undefined) throw new Error("there is no such line");
    const { namespace = "", name = "", dimensions, expression, stat = "" } = line;
    if (expression !== undefined) return evaluate(expression, byId);
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const metric = { Namespace: namespace, MetricName: name, Dimensions };
    return seriesOf(points, metric, stat, { now, period: 86_400, count: 1 });
  };
  const byId = (id: string) => compute(lines.find((line) => line.id === id));
  const labelled = lines.filter(({ expression }) => expression !== undefined);
  return Object.fromEntries(labelled.map((line) => [line.label, compute(line).values[0]]));
}
