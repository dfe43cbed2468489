/** Slots of notes, and who is told of an outcome that nobody knows. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { guard, replan } from "../../lib/store/changes/guarded-write.ts";
import { PendingWrites } from "../../lib/store/history/pending-writes.ts";
import { attemptKey, attemptSlots } from "../../lib/store/items/attempt.ts";
import { eventItem, providerEventKey } from "../../lib/store/items/event.ts";
import { NOTE_SLOTS, Notes } from "../../lib/store/table/notes.ts";
import { fastClock } from "../support/fast-clock.ts";
import { uuidOf } from "../support/uuids.ts";

const NOTED = { attributes: {}, begins: ["subject"], ends: [] };

function countFree(notes: Notes): number {
  let free = 0;
  while (free <= NOTE_SLOTS && notes.reserve(NOTED) !== undefined) free += 1;
  return free;
}

test("a note that is taken before its change has ended gives its slot back once", () => {
  const notes = new Notes(64);
  const note = notes.reserve(NOTED);
  note?.sent(2);
  expect(notes.beginnings.has(["subject"])).toBe(true);
  note?.ended(true);
  expect(notes.beginnings.has(["subject"])).toBe(false);
  notes.taken(2);
  note?.close();
  expect(countFree(notes)).toBe(NOTE_SLOTS);
});

test("a note that was not sent gives its slot back", () => {
  const notes = new Notes(64);
  notes.reserve(NOTED)?.close();
  expect(countFree(notes)).toBe(NOTE_SLOTS);
});

test("the feeder is told of an outcome that nobody knows, and not of a refusal", async () => {
  const attempts = attemptSlots(randomUUID());
  const told: string[] = [];
  const clock = fastClock();
  const written = () => told.push("written");
  const pending = new PendingWrites(randomUUID(), clock, { attempts, written });
  const uuid = uuidOf(randomUUID());
  const item = eventItem(
    providerEventKey(uuid, clock.now(), { plan: 0, operation: "operation" }),
    {
      event: "placement.resource_provider.create",
      subject: uuid,
      generationBefore: null,
      generationAfter: 0,
      changes: {},
      truncated: false,
      project: null,
      caller: null,
      requestId: null,
      time: clock.now(),
      cause: "request",
      change: undefined,
    },
    clock.now(),
  );
  const event = guard({ kind: "put", item, when: [] }, () => replan);
  const leave = () => pending.leave([event], true, { clock, deadline: clock.now() + 1_000 });
  const refused = await leave();
  refused.note?.sent(2);
  refused.note?.ended(false);
  refused.close();
  expect(told).toEqual([]);
  const unknown = await leave();
  const { slot } = unknown.note ?? expect.unreachable();
  const fence = attempts.items.put(slot, 5, { limit: 4 });
  unknown.note?.sent(4);
  unknown.note?.ended(false, { number: 4, key: attemptKey("process", slot), fence });
  unknown.close();
  expect(told).toEqual(["written"]);
});
