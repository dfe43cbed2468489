/** The requests of the local server: counted as they end, and told by operation and by refusal. */
import type { ServerResponse } from "node:http";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { OperationRequests, RequestsReport } from "../../api/own-requests.ts";
import type { Log } from "../../api/runtime.ts";
import type { Clock } from "../../model/clock.ts";
import { quantile } from "./quantile.ts";

/**
 * Watches a request until it is answered or given up.
 * @returns tells which operation it is for
 */
export type Watch = (response: ServerResponse) => (operation: string) => void;

/** Seconds; an operation has 24, after up to 5 in which it waits. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Of a request that was refused before its route was looked up. */
const NO_OPERATION = "none";

export class Requests {
  readonly #since: number;
  readonly #requests: Counter<"operation" | "status">;
  readonly #refusals: Counter<"status" | "code">;
  readonly #durations: Histogram<"operation">;
  readonly #running: Gauge;

  constructor(registers: Registry[], clock: Clock) {
    this.#since = clock.now();
    this.#requests = new Counter({
      name: "placement_server_requests_total",
      help: "Requests that have ended, by operation and status of the answer.",
      labelNames: ["operation", "status"] as const,
      registers,
    });
    this.#refusals = new Counter({
      name: "placement_server_refusals_total",
      help: "Answers from 400 to 499, by status and code of the error document.",
      labelNames: ["status", "code"] as const,
      registers,
    });
    this.#durations = new Histogram({
      name: "placement_server_request_duration_seconds",
      help: "Time from the head of a request until its answer was handed over or the client had gone, by operation.",
      labelNames: ["operation"] as const,
      buckets: BUCKETS,
      registers,
    });
    this.#running = new Gauge({
      name: "placement_server_requests_in_progress",
      help: "Requests that have not ended, those that wait for their turn included.",
      registers,
    });
  }

  readonly watch: Watch = (response) => {
    let operation = NO_OPERATION;
    this.#running.inc();
    const end = this.#durations.startTimer();
    response.once("close", () => {
      this.#running.dec();
      this.#requests.inc({ operation, status: response.statusCode });
      end({ operation });
    });
    return (named) => {
      operation = named;
    };
  };

  /** `log`, with refusals counted: the line of a request says its code, as for deployed metrics. */
  counted(log: Log): Log {
    return (entry) => {
      const { message, status, code } = entry;
      if (message === "request" && typeof status === "number" && status >= 400 && status < 500) {
        this.#refusals.inc({ status, code: String(code ?? "") });
      }
      log(entry);
    };
  }

  async report(): Promise<RequestsReport> {
    const [requests, durations, refusals] = await Promise.all([
      this.#requests.get(),
      this.#durations.get(),
      this.#refusals.get(),
    ]);
    const found = new Map<string, { count: number; errors: number }>();
    for (const { labels, value } of requests.values) {
      const operation = String(labels.operation);
      const { count, errors } = found.get(operation) ?? { count: 0, errors: 0 };
      const failed = Number(labels.status) >= 500 ? value : 0;
      found.set(operation, { count: count + value, errors: errors + failed });
    }
    const buckets = bucketsOf(durations.values);
    return {
      since: this.#since,
      operations: [...found].map(([operation, counts]): OperationRequests => {
        const own = buckets.get(operation) ?? [];
        return { operation, ...counts, p50: part(own, 0.5), p99: part(own, 0.99) };
      }),
      refusals: refusals.values.map(({ labels, value }) => {
        return { status: Number(labels.status), code: String(labels.code), count: value };
      }),
    };
  }
}

type Buckets = Parameters<typeof quantile>[0];

/** Milliseconds, to a tenth. */
function part(buckets: Buckets, of: number): number | undefined {
  const seconds = quantile(buckets, of);
  return seconds === undefined ? undefined : Math.round(seconds * 10_000) / 10;
}

interface Sample {
  readonly labels: Readonly<Partial<Record<"operation" | "le", string | number>>>;
  readonly value: number;
}

/** By operation, in their order. */
function bucketsOf(values: readonly Sample[]): Map<string, { upTo: number; count: number }[]> {
  const found = new Map<string, { upTo: number; count: number }[]>();
  for (const { labels, value } of values) {
    const { operation, le } = labels;
    if (le === undefined) continue;
    const own = found.get(String(operation)) ?? [];
    own.push({ upTo: le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le), count: value });
    found.set(String(operation), own);
  }
  return found;
}
