/**
 * Metrics of the local server itself: what it is asked, how long that takes, what the engine
 * does for it, and the process with its event loop. `GET /metrics` shows them after those of
 * resource providers. A deployed function has none: its processes come and go unseen.
 */
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { OwnMetrics } from "../../api/operation.ts";
import type { OwnRequests } from "../../api/own-requests.ts";
import type { Log } from "../../api/runtime.ts";
import { systemClock } from "../../api/system-clock.ts";
import type { CallOptions } from "../../store/table/call.ts";
import type { Calls, Connection, Operation } from "../../store/table/connection.ts";
import { Requests, type Watch } from "./requests.ts";

export interface ServerMetrics {
  readonly text: OwnMetrics;
  readonly watch: Watch;
  readonly requests: OwnRequests;
  /** `log`, with the refusals counted of which it is told. */
  counted(log: Log): Log;
  /** `connection`, with its calls measured. */
  measured(connection: Connection): Connection;
}

/** Seconds; a call has 6. */
const CALL_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 6];

export function serverMetrics(clock = systemClock): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Requests(registers, clock);
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
    watch: requests.watch,
    requests: () => requests.report(),
    counted: (log) => requests.counted(log),
    measured: (connection) => measured(connection, calls),
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
