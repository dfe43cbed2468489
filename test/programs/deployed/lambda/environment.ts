/** One environment of a function: a process that handles one event at a time, and stays warm. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { projectRoot } from "../../../../infra/project-root.mjs";
import type { PlayedFunction } from "../assembly/functions.ts";
import { REGION } from "../assembly/resolver.ts";
import { type Outcome, RuntimeApi } from "./runtime-api.ts";

/** In the checkout, also for a bundle of this program. */
const BOOTSTRAP = join(projectRoot(), "test/programs/deployed/lambda/bootstrap.mjs");

export interface Host {
  /** The program that runs the functions: Node.js of the release that the template names. */
  readonly node: string;
  /** What Lambda or the deployment's surroundings put into every function's environment. */
  environmentOf(made: PlayedFunction): Readonly<Record<string, string>>;
  /** Whether what the functions print is printed here. */
  readonly logs: boolean;
}

export class Environment {
  readonly #made: PlayedFunction;
  readonly #api: RuntimeApi;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #alive = true;

  private constructor(made: PlayedFunction, api: RuntimeApi, host: Host) {
    this.#made = made;
    this.#api = api;
    this.#process = spawn(host.node, [BOOTSTRAP], {
      cwd: made.code,
      stdio: ["ignore", host.logs ? 2 : "ignore", "inherit"],
      env: {
        ...made.environment,
        ...host.environmentOf(made),
        ...lambdaEnvironment(made),
        AWS_LAMBDA_RUNTIME_API: api.address,
      },
    });
    const gone = (reason: string) => {
      this.#alive = false;
      api.fail("Runtime.ExitError", reason);
      api.close();
    };
    this.#ended = new Promise((resolve) => {
      this.#process.once("close", () => resolve());
    });
    this.#process.once("error", ({ message }) => gone(message));
    this.#process.once("exit", (status, signal) => gone(`it ended with ${signal ?? status}`));
  }

  static async start(made: PlayedFunction, host: Host): Promise<Environment> {
    return new Environment(made, await RuntimeApi.listen(), host);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** @param arn by which it was invoked, with the alias */
  async invoke(event: string, arn: string): Promise<Outcome> {
    const limit = this.#made.timeout * 1_000;
    const timer = setTimeout(() => {
      this.#api.fail("Sandbox.Timedout", `Task timed out after ${this.#made.timeout} seconds`);
      void this.stop();
    }, limit);
    const invocation = { id: randomUUID(), event, arn, deadline: Date.now() + limit };
    try {
      return await this.#api.invoke(invocation);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#alive = false;
    this.#process.kill("SIGKILL");
    await this.#ended;
  }
}

/** Lambda's own variables. A path below `/var/task` is one in the function's asset. */
function lambdaEnvironment(made: PlayedFunction): Record<string, string> {
  const paths = Object.entries(made.environment)
    .filter(([, value]) => value.startsWith("/var/task/"))
    .map(([name, value]) => [name, value.replace("/var/task", made.code)]);
  return {
    ...Object.fromEntries(paths),
    TZ: ":UTC",
    LAMBDA_TASK_ROOT: made.code,
    _HANDLER: made.handler,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: `AWS_Lambda_${made.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: made.name,
    AWS_LAMBDA_FUNCTION_VERSION: "1",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(made.memory),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${made.name}`,
  };
}
