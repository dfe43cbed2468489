/**
 * Health checks of the local server: `GET /healthz` says that the process answers, `GET /readyz`
 * that it can serve its table. They are no part of the API: they need no token, no version and no
 * turn, are answered below no base path and for any host, and say nothing about what is stored.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Runtime } from "../api/runtime.ts";
import { Refusal } from "../model/refusal.ts";
import { Busy } from "../store/table/refusals.ts";
import { splitTarget } from "./http-parts.ts";

/** Milliseconds in which the table has to answer. */
const LIMIT = 2_000;
/** Milliseconds for which an answer of the table is reused: anybody may ask, at any rate. */
const REUSED = 1_000;

const METHODS = ["GET", "HEAD"];
const CHECKS = ["/healthz", "/readyz"] as const;
type Check = (typeof CHECKS)[number];

interface Look {
  /** Milliseconds since 1970; Infinity while the table has not answered. */
  until: number;
  /** Undefined: it can be used. */
  readonly problem: Promise<string | undefined>;
}

/** Undefined for all other requests. */
export function healthCheck({ method = "", url = "" }: IncomingMessage): Check | undefined {
  if (!METHODS.includes(method)) return undefined;
  const [path] = splitTarget(url);
  return CHECKS.find((check) => check === path);
}

export class Health {
  readonly #runtime: Pick<Runtime, "openStore" | "clock" | "log">;
  #look: Look | undefined;

  constructor(runtime: Pick<Runtime, "openStore" | "clock" | "log">) {
    this.#runtime = runtime;
  }

  async answer(check: Check, stopping: boolean, response: ServerResponse): Promise<void> {
    const reason = check === "/healthz" ? undefined : await this.#reason(stopping);
    const good = check === "/healthz" ? "alive" : "ready";
    const document = reason === undefined ? { status: good } : { status: "not ready", reason };
    const body = `${JSON.stringify(document)}\n`;
    const status = reason === undefined ? 200 : 503;
    this.#runtime.log({ level: "DEBUG", message: "health check", path: check, status });
    response.writeHead(status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
    });
    response.end(body);
  }

  async #reason(stopping: boolean): Promise<string | undefined> {
    if (stopping) return "the server is stopping";
    const now = this.#runtime.clock.now();
    if (this.#look === undefined || this.#look.until <= now) {
      const look: Look = { until: Number.POSITIVE_INFINITY, problem: this.#problem() };
      this.#look = look;
      void look.problem.then(() => {
        look.until = this.#runtime.clock.now() + REUSED;
      });
    }
    return this.#look.problem;
  }

  async #problem(): Promise<string | undefined> {
    const { openStore, clock } = this.#runtime;
    try {
      const store = openStore({ access: ["GetItem", "Query"], deadline: clock.now() + LIMIT });
      await store.tableFormat();
      return undefined;
    } catch (error) {
      if (error instanceof Busy) return "the table does not answer";
      if (error instanceof Refusal) return error.message;
      const reason = error instanceof Error ? error.message : String(error);
      this.#runtime.log({ level: "WARN", message: "the table cannot be used", reason });
      return "the table cannot be used";
    }
  }
}
