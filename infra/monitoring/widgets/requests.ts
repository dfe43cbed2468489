/** Traffic, refusals and latency. */
import type { GraphWidget } from "aws-cdk-lib/aws-cloudwatch";
import { ownMetric } from "../metrics.ts";
import type { Observed } from "../observed.ts";
import { tooManyRequests } from "../too-many-requests.ts";
import { each, graph, PERIOD } from "./graph.ts";

const period = PERIOD;

export function trafficRow({ name, endpoints }: Observed): GraphWidget[] {
  return [
    graph("Requests", [
      ownMetric(name, "Requests", { period, label: "functions" }),
      ...endpoints.map((endpoint) => {
        return endpoint.metricCount({ period, label: `${endpoint.kind} endpoint` });
      }),
    ]),
    graph("Requests by operation", [each(name, "Requests", "operation")], { stacked: true }),
  ];
}

export function refusalsRow({ name, endpoints }: Observed): GraphWidget[] {
  return [
    graph("Refusals by code", [each(name, "Refusals", "code")], { of: 3, stacked: true }),
    graph(
      "Answers from 500",
      [
        ownMetric(name, "Errors", { period, label: "functions" }),
        ownMetric(name, "UnknownOutcomes", { period }),
        ...endpoints.map((endpoint) => {
          return endpoint.metricErrors({ period, label: `${endpoint.kind} endpoint` });
        }),
      ],
      { of: 3 },
    ),
    graph("Answers of 429", [tooManyRequests(name, { period })], { of: 3 }),
  ];
}

export function latencyRow({ name, endpoints }: Observed): GraphWidget[] {
  const latency = (statistic: string) =>
    ownMetric(name, "Latency", { period, statistic, label: `functions, ${statistic}` });
  return [
    graph("Latency, milliseconds", [
      latency("p50"),
      latency("p99"),
      ...endpoints.map((endpoint) => {
        return endpoint.metricLatency({ period, label: `${endpoint.kind} endpoint, p99` });
      }),
    ]),
    graph("Latency by operation, p99", [each(name, "Latency", "operation", "p99")]),
  ];
}
