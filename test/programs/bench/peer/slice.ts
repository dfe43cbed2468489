/** One slice: a scene on one side, for a short time. */
import type { Chance } from "../../../support/chance.ts";
import { seeded } from "../../../support/chance.ts";
import { type Answer, describe, type Load, type Message } from "./load.ts";
import type { Act, Scene } from "./scene.ts";
import type { World } from "./world.ts";

/** After so many errors the rest of the slice would say nothing new. */
const MAX_ERRORS = 20;

/** Placement says so where it lost a race with another write; its clients send the request again. */
const RETRY = "Please retry your update";
const MAX_TRIES = 10;

/** What one operation did in one slice. */
export interface Slice {
  /** Milliseconds of each request. */
  readonly times: readonly number[];
  readonly elapsed: number;
  /** Milliseconds of processor time of the load, in this process. */
  readonly loadTime: number;
  readonly errors: readonly string[];
  /** Requests that were sent again after a race; their time counts from the first one. */
  readonly retries: number;
}

export interface Timing {
  readonly clients: number;
  /** After that no client begins another action; those under way are waited for. */
  readonly milliseconds: number;
}

export interface SliceOptions extends Timing {
  readonly load: Load;
  readonly world: World;
  readonly seed: number;
}

/** @returns one for each operation of the scene */
export async function playSlice(scene: Scene, options: SliceOptions): Promise<Slice[]> {
  const { load, world, seed } = options;
  const recorder = new Recorder(load);
  const chance: Chance = seeded(seed);
  const measured = (message: Message) => recorder.measured(message);
  const { acts, end } = await scene.start({ load, world, chance, measured });
  const slices = [];
  for (const act of acts) slices.push(await playAct(act, recorder, options));
  await end?.();
  load.rest();
  return slices;
}

/** What an act has done since its `reset`. */
export interface Recording extends Pick<Slice, "times" | "errors" | "retries"> {
  reset(): void;
}

export async function playAct(
  act: Act,
  recorder: Recording,
  { clients, milliseconds }: Timing,
): Promise<Slice> {
  recorder.reset();
  const before = process.cpuUsage();
  const start = performance.now();
  const client = async () => {
    while (performance.now() - start < milliseconds && recorder.errors.length < MAX_ERRORS) {
      if (!(await act())) return;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const { times, errors, retries } = recorder;
  return { times, elapsed, loadTime: (user + system) / 1_000, errors, retries };
}

export class Recorder implements Recording {
  readonly #load: Load;
  times: number[] = [];
  errors: string[] = [];
  retries = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  reset(): void {
    this.times = [];
    this.errors = [];
    this.retries = 0;
  }

  async measured(message: Message): Promise<Answer | undefined> {
    const start = performance.now();
    try {
      const answer = await this.#answer(message);
      if (answer.status === message.expected) this.times.push(performance.now() - start);
      else this.errors.push(describe(message, answer));
      return answer;
    } catch (error) {
      this.errors.push(`${message.method} ${message.path}: ${error}`);
      return undefined;
    }
  }

  async #answer(message: Message): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#load.send(message);
      const told = answer.status === 409 && answer.text.includes(RETRY);
      const lost = told || answer.status === message.lost;
      if (!lost || tries === MAX_TRIES) return answer;
      this.retries += 1;
    }
  }
}
