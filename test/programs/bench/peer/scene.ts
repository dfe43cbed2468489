/** What is measured: scenes of one or more operations, played in slices. */
import type { Chance } from "../../../support/chance.ts";
import type { Answer, Load, Message } from "./load.ts";
import type { World } from "./world.ts";

/** Which target the operation has. */
export type Kind = "claim" | "candidates" | "other";

export interface Operation {
  readonly name: string;
  readonly kind: Kind;
}

/** One side during one slice. The other side gets the same chance. */
export interface Site {
  readonly load: Load;
  readonly world: World;
  readonly chance: Chance;
  /**
   * Takes its time. An answer of another status, or none, is an error of the slice.
   * @returns undefined: there was no answer
   */
  measured(message: Message): Promise<Answer | undefined>;
}

/**
 * One action of a client. It draws from `chance` before it waits for anything, so that both
 * sides get the same requests in the same order.
 * @returns false: nothing is left to do
 */
export type Act = () => Promise<boolean>;

export interface Play {
  /** One for each of the scene's operations, played in this order. */
  readonly acts: readonly Act[];
  /** Removes what the acts have left. */
  end?(): Promise<void>;
}

export interface Scene {
  readonly name: string;
  readonly operations: readonly Operation[];
  /** One request takes the peer seconds: fewer slices, and not with many clients. */
  readonly slow?: boolean;
  /** Begins a slice; nothing is measured yet. */
  start(site: Site): Promise<Play> | Play;
}

export type Asked = (world: World, chance: Chance) => string;

/** A scene that only reads: GET of what `path` draws. */
export function reading(
  name: string,
  operation: string,
  path: Asked,
  more: {
    readonly kind?: Kind;
    readonly slow?: boolean;
    readonly expected?: number;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Scene {
  const { kind = "other", slow = false, expected = 200, headers = {} } = more;
  return {
    name,
    slow,
    operations: [{ name: operation, kind }],
    start: ({ world, chance, measured }) => ({
      acts: [
        async () => {
          await measured({ method: "GET", path: path(world, chance), headers, expected });
          return true;
        },
      ],
    }),
  };
}

/** Several clients take turns with the things of a list: nobody has one that another has. */
export class Turns<T> {
  readonly #free: T[];

  constructor(all: readonly T[]) {
    this.#free = [...all];
  }

  /** @returns false: all of them are taken */
  async take(use: (one: T) => Promise<T>): Promise<boolean> {
    const one = this.#free.shift();
    if (one === undefined) return false;
    this.#free.push(await use(one));
    return true;
  }
}
