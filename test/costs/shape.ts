/** A request in one of its ordinary shapes. */
import type { RequestOptions } from "../support/api.ts";
import type { World } from "./world.ts";

export interface Asked extends RequestOptions {
  readonly method: string;
  readonly path: string;
  /** Of the answer. */
  readonly status: number;
  /** Default false: the function has read everything that changed before. */
  readonly stale?: boolean;
}

/** What is no request: the work of a task. */
export interface Work {
  run(): Promise<void>;
}

export interface Shape {
  /** Of the table in docs/costs.md in which it stands. */
  readonly group: string;
  /** Unique. */
  readonly name: string;
  /**
   * Round trips that it should take at most, if only standard names occur and nothing else
   * changes; undefined for shapes beyond that.
   */
  readonly aim?: number;
  /** Makes what the request needs. */
  prepare(world: World): Promise<Asked | Work>;
}

/** Round trips to be reached. Nothing is read before a claim of a new consumer. */
export const AIM = { newClaim: 2, write: 3, read: 1, readWithGenerations: 2, list: 1 } as const;

type Given = Omit<Shape, "group">;

export const inGroup = (group: string, shapes: readonly Given[]): Shape[] =>
  shapes.map((shape) => ({ group, ...shape }));

export const get = (path: string): Asked => ({ method: "GET", path, status: 200 });
export const put = (path: string, body: unknown, status = 200): Asked => ({
  method: "PUT",
  path,
  body,
  status,
});
export const post = (path: string, body: unknown, status = 200): Asked => ({
  method: "POST",
  path,
  body,
  status,
});
export const remove = (path: string): Asked => ({ method: "DELETE", path, status: 204 });
