/** A child process that ends when this process ends, even if it is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { type Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { accepts, type Listener } from "./ports.ts";

/** Milliseconds. */
const POLL_INTERVAL = 5;
const STOP_TIMEOUT = 500;
const KEPT_OUTPUT = 2_000;

/** The file descriptor of the pipe by which the watchdog knows that we live. */
const LIFELINE = 3;

/**
 * Runs the program, and kills it when the pipe to us ends: it closes even if we are killed
 * and cannot say so. A line on it asks for an orderly end. Files that the program makes are
 * for this user alone. A limit on their size (SIGXFSZ) does not end it: its writes fail, as on
 * a full disk. Without a descriptor of its own the program would not get our standard input: a
 * shell gives what runs in the background none.
 */
const WATCHDOG = `
umask 077
trap '' XFSZ
exec 4<&0
"$@" <&4 3<&- 4<&- &
program=$!
exec 4<&- </dev/null
{ if read -r line <&3; then kill -TERM "$program"; else kill -KILL "$program"; fi; } 2>/dev/null &
watch=$!
exec 3<&-
wait "$program"
status=$?
kill -KILL "$watch" 2>/dev/null
exit "$status"
`;

export interface WatchedProcess {
  /** Resolves with the reason, in words, if it ends before it is stopped. */
  readonly died: Promise<string>;
  /** Whether it accepts connections there within `timeout` milliseconds; if not, it is gone. */
  answers(place: Listener, timeout: number): Promise<boolean>;
  /** Resolves when it is gone. */
  stop(): Promise<void>;
}

/** One that is talked to over its standard input and output. */
export interface PipedProcess extends WatchedProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
}

export function startWatched(command: readonly string[], cwd?: string): WatchedProcess {
  return new Watched(start(command, "ignore", cwd));
}

export function startPiped(command: readonly string[]): PipedProcess {
  const child = start(command, "pipe");
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("there are no pipes");
  // It may end before it has read everything.
  stdin.on("error", () => undefined);
  return Object.assign(new Watched(child), { stdin, stdout });
}

/** In a session of its own: Ctrl-C reaches us alone, and running requests end before the program. */
function start(command: readonly string[], pipes: "ignore" | "pipe", cwd?: string): ChildProcess {
  return spawn("/bin/sh", ["-c", WATCHDOG, "watchdog", ...command], {
    detached: true,
    stdio: [pipes, pipes, "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
}

class Watched implements WatchedProcess {
  readonly died: Promise<string>;
  readonly #child: ChildProcess;
  readonly #lifeline: Writable;
  readonly #ended: Promise<void>;
  #alive = true;
  #stopping = false;
  #output = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    const lifeline = child.stdio[LIFELINE];
    if (!(lifeline instanceof Writable)) throw new Error("there is no pipe to the watchdog");
    this.#lifeline = lifeline;
    // It may end before it is told to.
    lifeline.on("error", () => undefined);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
    });
    const reason = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (status, signal) => resolve(this.#reason(status, signal)));
    });
    this.#ended = reason.then(() => {
      this.#alive = false;
    });
    this.died = new Promise((resolve) => {
      void reason.then((words) => {
        if (!this.#stopping) resolve(words);
      });
    });
  }

  async answers(place: Listener, timeout: number): Promise<boolean> {
    const deadline = Date.now() + timeout;
    while (this.#alive && Date.now() < deadline) {
      if (await accepts(place)) return this.#alive;
      await sleep(POLL_INTERVAL);
    }
    this.#killAll();
    return false;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#lifeline.end("stop\n");
    const timer = setTimeout(() => this.#killAll(), STOP_TIMEOUT);
    await this.#ended;
    clearTimeout(timer);
  }

  #killAll(): void {
    if (!this.#alive || this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }

  #reason(status: number | null, signal: string | null): string {
    const said = this.#output.split("\n").findLast((line) => line.startsWith("error"));
    return said ?? (signal === null ? `it exited with status ${status}` : `${signal} killed it`);
  }
}
