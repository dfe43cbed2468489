import type { Differences, RecordedEvent } from "../../lib/model/history/event.ts";

export interface Reader {
  /** Sees the events of all projects, and who has caused them. */
  readonly seesAll: boolean;
}

export function eventDocument(event: RecordedEvent, { seesAll }: Reader) {
  const { change } = event;
  return {
    id: event.id,
    event: event.event,
    subject: event.subject,
    life: event.life,
    generation_before: event.generationBefore,
    generation_after: event.generationAfter,
    changes: seesAll ? event.changes : ownChanges(event),
    ...(event.truncated && { truncated: true }),
    project_id: event.project,
    ...(seesAll && { caller: event.caller }),
    request_id: event.requestId,
    time: new Date(event.time).toISOString(),
    cause: event.cause,
    ...(change && { change_id: change.id, change_size: change.size }),
  };
}

/** What a consumer was when it was another project's is not for the reader of this one. */
function ownChanges({ changes, project }: RecordedEvent): Differences {
  const { before = null } = changes["project_id"] ?? {};
  if (before === null || before === project) return changes;
  return Object.fromEntries(
    Object.entries(changes).map(([name, { after }]) => [name, { before: null, after }]),
  );
}
