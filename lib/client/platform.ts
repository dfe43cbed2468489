/** Time, chance and HTTP of the platform; each may be replaced. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /**
   * Calls `act` after `milliseconds`, unless it is cancelled before.
   * @returns what cancels it
   */
  after(milliseconds: number, act: () => void): () => void;
}

export interface Random {
  /** From 0 (included) to 1 (excluded). */
  fraction(): number;
  uuid(): string;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export const platformClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};

export const platformRandom: Random = {
  fraction: Math.random,
  uuid: () => crypto.randomUUID(),
};

export const platformFetch: Fetch = (url, init) => fetch(url, init);
