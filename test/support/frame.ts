/**
 * The frame of a test file: servers on a fresh table, started before the tests and closed
 * after them, and a table in which the verifier finds nothing broken.
 */
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Api, type ApiOptions, startApi } from "./api.ts";
import { type Between, startBetween } from "./between.ts";
import { type Faulty, startFaulty } from "./faulty.ts";
import { brokenInvariants } from "./invariants.ts";
import { type Servers, startServers } from "./servers.ts";

export interface FrameOptions {
  /**
   * When the table is verified. Default: at the end. `never` is for files that write
   * contradictions into it.
   */
  readonly verified?: "at-end" | "after-each" | "never";
}

interface Frame<T> {
  start(): Promise<T>;
  /** A server of the table, through which its items are read. */
  server(started: T): Pick<Api, "items">;
}

/**
 * Declares the hooks of a file, or of the `describe` that calls it.
 * @returns what `start` makes; its members exist from the next `beforeAll` of the file on
 */
function useFrame<T extends { close(): Promise<void> }>(
  { start, server }: Frame<T>,
  verified: FrameOptions["verified"],
): T {
  const started = {} as T;
  const verify = async () => expect(brokenInvariants(await server(started).items())).toEqual([]);
  beforeAll(async () => {
    Object.assign(started, await start());
  });
  if (verified === "after-each") afterEach(verify);
  afterAll(async () => {
    try {
      if (verified === undefined || verified === "at-end") await verify();
    } finally {
      await started.close();
    }
  });
  return started;
}

export function useApi({ verified, ...options }: ApiOptions & FrameOptions = {}): Api {
  return useFrame({ start: () => startApi(options), server: (api) => api }, verified);
}

export function useBetween({ verified }: FrameOptions = {}): Between {
  return useFrame({ start: startBetween, server: ({ quick }) => quick }, verified);
}

/** No fault outlives the test that has set it. */
export function useFaulty({ verified, ...options }: ApiOptions & FrameOptions = {}): Faulty {
  const start = () => startFaulty(options);
  const faulty = useFrame({ start, server: ({ sound }) => sound }, verified);
  // Hooks after a test run in reverse order: before the table is verified.
  afterEach(() => faulty.interpose(undefined));
  return faulty;
}

/** @param count of servers on the table */
export function useServers(
  count: number,
  { verified, ...options }: ApiOptions & FrameOptions = {},
): Servers {
  const start = () => startServers(count, options);
  return useFrame({ start, server: (servers) => servers }, verified);
}
