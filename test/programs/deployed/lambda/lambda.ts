/** Lambda's part: environments of each function, started when they are needed, up to a bound. */
import type { PlayedFunction } from "../assembly/functions.ts";
import { Environment, type Host } from "./environment.ts";
import { EVENT_BYTES, type Outcome } from "./runtime-api.ts";

/** Of one function, at a time. Beyond it Lambda throttles. */
const MAX_ENVIRONMENTS = 16;

export class Lambda {
  readonly #functions: ReadonlyMap<string, PlayedFunction>;
  readonly #host: Host;
  readonly #idle = new Map<string, Environment[]>();
  readonly #all = new Set<Environment>();
  readonly #busy = new Map<string, number>();

  /** @param functions by name */
  constructor(functions: ReadonlyMap<string, PlayedFunction>, host: Host) {
    this.#functions = functions;
    this.#host = host;
  }

  /** How many environments are there. */
  get environments(): number {
    return this.#all.size;
  }

  /**
   * @param arn of a function or an alias
   * @param event JSON
   */
  async invoke(arn: string, event: string): Promise<Outcome> {
    const made = this.#functions.get(arn.split(":")[6] ?? "");
    if (made === undefined) return refused("ResourceNotFoundException", `no function ${arn}`);
    if (Buffer.byteLength(event) > EVENT_BYTES) {
      return refused("RequestTooLargeException", `the event passes ${EVENT_BYTES} bytes`);
    }
    const busy = this.#busy.get(made.name) ?? 0;
    if (busy >= MAX_ENVIRONMENTS) return refused("TooManyRequestsException", "Rate Exceeded.");
    this.#busy.set(made.name, busy + 1);
    try {
      return await this.#run(made, event, arn);
    } finally {
      this.#busy.set(made.name, (this.#busy.get(made.name) ?? 1) - 1);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((environment) => environment.stop()));
  }

  async #run(made: PlayedFunction, event: string, arn: string): Promise<Outcome> {
    const idle = this.#idle.get(made.name) ?? [];
    // One that ended while it was idle is none any more.
    const warm = idle.findLast(({ alive }) => alive);
    this.#idle.set(
      made.name,
      idle.filter((each) => each.alive && each !== warm),
    );
    const environment = warm ?? (await this.#start(made));
    const outcome = await environment.invoke(event, arn);
    if (environment.alive) this.#idle.get(made.name)?.push(environment);
    else this.#all.delete(environment);
    return outcome;
  }

  async #start(made: PlayedFunction): Promise<Environment> {
    const environment = await Environment.start(made, this.#host);
    this.#all.add(environment);
    return environment;
  }
}

function refused(errorType: string, errorMessage: string): Outcome {
  return { ok: false, errorType, errorMessage };
}
