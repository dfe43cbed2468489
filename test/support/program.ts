/** `npm start` as a process of its own, without npm around it. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

function manifest(): { readonly scripts: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
}

/** Of Node, as `npm start` gives them. */
export const START_FLAGS: readonly string[] = (manifest().scripts["start"] ?? "")
  .split(" ")
  .filter((part) => part.startsWith("--"));

const START = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default `scripts/start.mjs`. */
  readonly script?: string;
}

export class Program {
  readonly child: ChildProcess;
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  stdout = "";
  stderr = "";

  constructor({ args = [], environment = {}, cwd, script = START }: ProgramOptions) {
    this.child = spawn(process.execPath, [...START_FLAGS, script, ...args], {
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.once("close", (status, signal) => resolve(status ?? signal ?? "unknown"));
    });
  }

  /** Its URL, as soon as it serves. */
  ready(): Promise<string> {
    return until("the server says where it serves", () => {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.stderr}`);
      return /^Placement API on (http:\S+),/m.exec(this.stdout)?.[1];
    });
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** The numbers of all processes below `pid`, at any depth; of Linux only. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const below = (each: number): number[] =>
    [...parents].filter(([, parent]) => parent === each).flatMap(([own]) => [own, ...below(own)]);
  return below(pid);
}

/** The engine below the process `pid`; of Linux only. */
export function engineBelow(pid: number): { pid: number; endpoint: string } {
  for (const each of descendants(pid)) {
    const [program, ...args] = readFileSync(`/proc/${each}/cmdline`, "utf8").split("\0");
    if (!program?.endsWith("dynoxide")) continue;
    const [host, port] = ["--host", "--port"].map((name) => args[args.indexOf(name) + 1]);
    return { pid: each, endpoint: `http://${host}:${port}` };
  }
  throw new Error(`no engine runs below ${pid}`);
}

function parentOf(pid: string): number | undefined {
  const parent = statusOf(pid)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** State, parent and more of `/proc/PID/stat`. */
function statusOf(pid: number | string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** A process that has ended counts as gone, even if its parent has not taken notice. */
export function isAlive(pid: number): boolean {
  const state = statusOf(pid)?.[0];
  return state !== undefined && state !== "Z";
}
