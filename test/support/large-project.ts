/** A project that a warm function keeps: enough consumers, and what the function answers of them. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { STANDARD_CLASS_NAMES } from "../../lib/model/standard-classes.ts";
import { ALL, type UsageGroup } from "../../lib/model/usages.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { readUsages } from "../../lib/store/consumers/usages.ts";
import type { Call } from "./interpose.ts";
import { readingStore, startWarm, type Warm } from "./warm.ts";
import type { Requester } from "./world.ts";
import { claimBody, makeProvider } from "./world.ts";

/** Eight consumers each: two changed hosts are fewer consumers than what a full read costs. */
const HOSTS = 66;
const ON_EACH = 8;
export const CONSUMERS = HOSTS * ON_EACH;

/** Requests within which a function learns on which providers the consumers are. */
const LEARNING = 12;
/** Requests after which it has paid to know them: what is lost then is learned as soon again. */
const PAID = 24;

export interface Owner {
  readonly project_id: string;
  readonly user_id: string;
  readonly consumer_type: string;
}

export const owner = (project: string, user = "user", type = "INSTANCE"): Owner => ({
  project_id: project,
  user_id: user,
  consumer_type: type,
});

/** Hosts with room for everything, and `CONSUMERS` of the project on them. */
export async function fillProject(api: Requester, project: string): Promise<Uuid[]> {
  const hosts: Uuid[] = [];
  for (let host = 0; host < HOSTS; host += 1) {
    hosts.push(await makeProvider(api, { VCPU: 100_000, MEMORY_MB: 100_000 }));
  }
  for (let host = 0; host < HOSTS; host += 3) {
    const bodies = Array.from({ length: 3 * ON_EACH }, (_, n) => {
      const on = hosts[host + (n % 3)] as Uuid;
      const held = { [on]: { VCPU: 2, MEMORY_MB: 4 } };
      return [randomUUID(), { ...claimBody(held, null), ...owner(project, `user-${n % 2}`) }];
    });
    const body = Object.fromEntries(bodies);
    expect((await api.request("POST", "/allocations", { body })).status).toBe(204);
  }
  return hosts;
}

export interface LargeProject extends Warm {
  readonly project: string;
  /** Those on which its consumers are. */
  readonly hosts: readonly Uuid[];
  /** What the warm function answers; the same as all consumers together. */
  exact(project?: string): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>>;
  /** Makes the function know on which providers the consumers are. */
  learn(): Promise<void>;
}

export const isProjectReading = ({ command, input }: Call): boolean =>
  command === "Query" && JSON.stringify(input).includes('"PROJECT#');

export async function startLargeProject(): Promise<LargeProject> {
  const warm = await startWarm();
  const project = "large";
  const hosts = await fillProject(warm.writer, project);
  const exact = (asked = project) => exactUsages(warm, asked);
  return {
    ...warm,
    project,
    hosts,
    exact,
    learn: async () => {
      let followed = 0;
      for (let n = 0; n < LEARNING + PAID; n += 1) {
        await comeAndGo(warm.writer, hosts[0] as Uuid);
        warm.reads();
        const { status } = await warm.reader.request("GET", `/usages?project_id=${project}`);
        expect(status).toBe(200);
        if (!warm.reads().calls.some(isProjectReading)) followed += 1;
        if (followed === PAID || (followed === 1 && n === 0)) return;
      }
      throw new Error("the function reads the project in full, again and again");
    },
  };
}

/** A consumer of another project claims something and releases it. */
async function comeAndGo(api: Requester, host: Uuid): Promise<void> {
  const uuid = randomUUID();
  const body = { ...claimBody({ [host]: { VCPU: 1 } }, null), ...owner("another") };
  expect((await api.request("PUT", `/allocations/${uuid}`, { body })).status).toBe(204);
  expect((await api.request("DELETE", `/allocations/${uuid}`)).status).toBe(204);
}

/** The warm function's answer, compared with a full read of another one. */
export async function exactUsages({ reader, writer }: Warm, project: string) {
  const { status, body } = await reader.request("GET", `/usages?project_id=${project}`);
  expect(status).toBe(200);
  expect(body.usages).toEqual(shown(await readInFull(writer, project, undefined, undefined)));
  return body.usages;
}

export function readInFull(
  api: Warm["writer"],
  project: string,
  user: string | undefined,
  type: string | undefined,
): Promise<Map<string, UsageGroup>> {
  const filter = { user, type };
  return readingStore(api).list((reader) => readUsages(reader, project, filter));
}

/** As answers show them from 1.38 on. */
export function shown(groups: ReadonlyMap<string, UsageGroup>) {
  return Object.fromEntries(
    [...groups].map(([type, { count, amounts }]) => [
      type,
      { consumer_count: count, ...named(amounts) },
    ]),
  );
}

/** As answers show them before. */
export const shownAll = (groups: ReadonlyMap<string, UsageGroup>) =>
  named(groups.get(ALL)?.amounts ?? new Map());

const named = (amounts: ReadonlyMap<number, number>) =>
  Object.fromEntries([...amounts].map(([id, amount]) => [STANDARD_CLASS_NAMES.get(id), amount]));
