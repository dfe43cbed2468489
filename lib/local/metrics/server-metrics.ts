/**
 * Metrics of the local server itself: what it is asked, how long that takes, what the engine
 * does for it, and the process with its event loop. `GET /metrics` shows them after those of
 * resource providers. A deployed function has none: its processes come and go unseen.
 */
import type { ServerResponse } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { OwnMetrics } from "../../api/operation.ts";
import type { CallOptions } from "../../store/table/call.ts";
import type { Calls, Connection, Operation } from "../../store/table/connection.ts";

/**
 * Watches a request until it is answered or given up.
 * @returns tells which operation it is for
 */
export type Watch = (response: ServerResponse) => (operation: string) => void;

export interface ServerMetrics {
  readonly text: OwnMetrics;
  readonly watch: Watch;
  /** `connection`, with its calls measured. */
  measured(connection: Connection): Connection;
}

/** Seconds; an operation has 24, after up to 5 in which it waits. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds; a call has 6. */
const CALL_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 6];

/** Of a request that was refused before its route was looked up. */
const NO_OPERATION = "none";

export function serverMetrics(): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Histogram({
    name: "placement_server_engine_call_duration_seconds",
    help: "Time of calls of DynamoDB, which the embedded engine answers unless another one is configured, by action and outcome.",
    labelNames: ["call", "outcome"] as const,
    buckets: CALL_BUCKETS,
    registers,
  });
  return {
    // The package writes "Nan" where nothing has been measured yet.
    text: async () => (await registry.metrics()).replaceAll(/ Nan$/gm, " NaN"),
    watch: requestWatch(registers),
    measured: (connection) => measured(connection, calls),
  };
}

function requestWatch(registers: Registry[]): Watch {
  const requests = new Counter({
    name: "placement_server_requests_total",
    help: "Requests that have ended, by operation and status of the answer.",
    labelNames: ["operation", "status"] as const,
    registers,
  });
  const durations = new Histogram({
    name: "placement_server_request_duration_seconds",
    help: "Time from the head of a request until its answer was handed over or the client had gone, by operation.",
    labelNames: ["operation"] as const,
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const running = new Gauge({
    name: "placement_server_requests_in_progress",
    help: "Requests that have not ended, those that wait for their turn included.",
    registers,
  });
  return (response) => {
    let operation = NO_OPERATION;
    running.inc();
    const end = durations.startTimer();
    response.once("close", () => {
      running.dec();
      requests.inc({ operation, status: response.statusCode });
      end({ operation });
    });
    return (named) => {
      operation = named;
    };
  };
}

function measured(connection: Connection, calls: Histogram<"call" | "outcome">): Connection {
  const { client } = connection;
  const send = async <O extends Operation>(
    operation: O,
    input: Calls[O]["input"],
    options?: CallOptions,
  ) => {
    const end = calls.startTimer({ call: operation });
    try {
      const answer = await client.send(operation, input, options);
      end({ outcome: "answered" });
      return answer;
    } catch (error) {
      end({ outcome: "failed" });
      throw error;
    }
  };
  return { ...connection, client: { send, destroy: () => client.destroy() } };
}
