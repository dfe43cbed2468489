/** Time and randomness, passed in to all code that needs them. */
import type { Uuid } from "./uuid.ts";

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `milliseconds`. */
  sleep(milliseconds: number): Promise<void>;
  /**
   * Calls `act` after `milliseconds`, unless it is cancelled before.
   * @returns a function that cancels the call
   */
  after(milliseconds: number, act: () => void): () => void;
}

export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
  uuid(): Uuid;
}
