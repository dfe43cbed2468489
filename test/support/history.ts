/** Requests for histories, and what their events say. */
import { expect } from "vitest";
import type { RequestOptions } from "./api.ts";
import type { Requester } from "./world.ts";

/** An event as the API shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly event: string;
  readonly subject: string;
  readonly life: string | null;
  readonly generation_before: number | null;
  readonly generation_after: number | null;
  readonly changes: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;
  readonly truncated?: true;
  readonly project_id: string | null;
  readonly caller?: { readonly kind: string; readonly user: string } | null;
  readonly request_id: string | null;
  readonly time: string;
  readonly cause: string;
  readonly change_id?: string;
  readonly change_size?: number;
}

export type Kind = "consumers" | "resource_providers";

export const historyPath = (kind: Kind, uuid: string, query = ""): string =>
  `/${kind}/${uuid}/history${query}`;

/** The events of the first page. */
export async function historyOf(
  { request }: Requester,
  kind: Kind,
  uuid: string,
  { query = "", ...options }: RequestOptions & { readonly query?: string } = {},
): Promise<readonly ShownEvent[]> {
  const { status, body } =
    kind === "consumers"
      ? await request("GET", `/consumers/${uuid}/history${query}`, options)
      : await request("GET", `/resource_providers/${uuid}/history${query}`, options);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body.events;
}

/** `name before>after` of each. */
export const steps = (events: readonly ShownEvent[]): string[] =>
  events.map((each) => {
    const name = each.event.replace("placement.", "");
    return `${name} ${each.generation_before}>${each.generation_after}`;
  });

/**
 * Whether each life reads from nothing to its first generation, then on by one, then to its end; the
 * last life may go on.
 * @returns what is wrong
 */
export function brokenLives(events: readonly ShownEvent[]): string[] {
  const wrong: string[] = [];
  let before: ShownEvent | undefined;
  for (const each of events) {
    const says = `${each.id}: ${each.generation_before}>${each.generation_after}`;
    const goesOn = before !== undefined && before.generation_after !== null;
    if (goesOn && before?.life !== each.life)
      wrong.push(`${says} begins before the end of another`);
    if (!goesOn && each.generation_before !== null) wrong.push(`${says} has no beginning`);
    if (goesOn && before?.generation_after !== each.generation_before)
      wrong.push(`${says} follows none`);
    if (each.generation_before === null && (each.generation_after ?? 2) > 1)
      wrong.push(`${says} begins late`);
    if (!isStep(each)) wrong.push(`${says} is no step`);
    before = each;
  }
  return wrong;
}

function isStep({ event, generation_before: from, generation_after: to }: ShownEvent): boolean {
  if (from === null || to === null) return from !== to;
  return event === "placement.lease.delete" ? from === to : to === from + 1;
}
