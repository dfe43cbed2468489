/** What an answer to Prometheus costs, beside the reads that every list has: its text, compressed. */
import { metricsText } from "../../../functions/metrics/text.ts";
import { gzipped } from "../../../lib/api/pipeline/coding.ts";
import { STANDARD_CLASS_IDS, STANDARD_CLASS_NAMES } from "../../../lib/model/standard-classes.ts";
import type { NameDirectory } from "../../../lib/store/cache/names.ts";
import { flat } from "./fleets.ts";
import { type Effort, timeOf, waitOf } from "./measure.ts";
import { heading, table, target } from "./report.ts";

/** Milliseconds for 10,000 hosts, warm. */
const MOST = 2_000;

const classes: NameDirectory = {
  kind: "CLASSES",
  idOf: (name) => STANDARD_CLASS_IDS.get(name),
  nameOf: (id) => STANDARD_CLASS_NAMES.get(id),
};

export async function benchMetrics(effort: Effort, hosts: number): Promise<void> {
  heading("Metrics for Prometheus of flat hosts, three classes each");
  const providers = flat(hosts);
  const make = () =>
    metricsText({ providers, holders: undefined, classes }, { index: 1, count: 1 });
  const text = make();
  const compressed = await gzipped(text);
  const making = timeOf(() => Buffer.byteLength(make()), effort);
  const compressing = await waitOf(() => gzipped(text), 5);
  const whole = making + compressing;
  table(
    ["hosts", "text, bytes", "compressed", "making ms", "compressing ms", "whole", "target"],
    [
      [
        hosts,
        Buffer.byteLength(text),
        compressed.length,
        making,
        compressing,
        whole,
        target("metrics", whole, MOST),
      ],
    ],
  );
}
