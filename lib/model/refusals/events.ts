/** Refusals about the feed of events, our extension. */
import { Refusal } from "../refusal.ts";

/** The installation keeps no events, or feeds none. */
export class EventsOff extends Refusal {
  constructor() {
    super({
      status: 404,
      code: "placement.events.off",
      detail:
        "This installation has no feed of events: its history or its events are switched off.",
    });
  }
}

/** The table was restored, or was without a feed for a time: the place is in another past. */
export class OtherEpoch extends Refusal {
  constructor() {
    super({
      status: 410,
      code: "placement.events.other_epoch",
      detail:
        "The cursor is of another epoch: the table was restored or loaded since, or events were switched off. Read what there is now, and begin anew.",
    });
  }
}

/** What follows the cursor is kept no longer. */
export class CursorExpired extends Refusal {
  constructor() {
    super({
      status: 410,
      code: "placement.events.cursor_expired",
      detail: "Events after the cursor are kept no longer. Read what there is now, and begin anew.",
    });
  }
}

/** As many requests wait for events as may. */
export class TooManyWaiting extends Refusal {
  constructor(most: number) {
    super({
      status: 503,
      detail: `${most} requests wait for events already, as many as may. Please send the request again.`,
      retryAfter: 1,
    });
  }
}
