/** Refusals about leases of consumers, our extension. */
import { Refusal } from "../refusal.ts";

/** The lease has ended: the consumer is about to be released, and nothing keeps it. */
export class LeaseExpired extends Refusal {
  constructor(consumer: string) {
    const detail = `The lease of consumer ${consumer} has expired: the consumer is being released.`;
    super({ status: 409, code: "placement.lease.expired", detail });
  }
}

/** A renewal never begins a lease: the consumer may have been confirmed meanwhile. */
export class NoLease extends Refusal {
  constructor(consumer: string) {
    super({
      status: 409,
      code: "placement.lease.none",
      detail: `Consumer ${consumer} has no lease.`,
    });
  }
}

export class LeaseVersionConflict extends Refusal {
  constructor(expected: number, got: number) {
    const detail = `lease version conflict - expected ${expected} but got ${got}`;
    super({ status: 409, code: "placement.concurrent_update", detail });
  }
}

/** The consumer was released, and perhaps created again, since the client knew it. */
export class OtherLife extends Refusal {
  constructor(consumer: string) {
    const detail = `Consumer ${consumer} is not living the life that the request names.`;
    super({ status: 409, code: "placement.concurrent_update", detail });
  }
}

export class BadLease extends Refusal {
  constructor(most: number) {
    super({ status: 400, detail: `A lease is a whole number of seconds from 1 to ${most}.` });
  }
}

export class BadLife extends Refusal {
  constructor(header: string, most: number) {
    super({ status: 400, detail: `${header} has 1 to ${most} visible ASCII characters.` });
  }
}

/** A client that believes to be protected by the header is told that it is not. */
export class HeaderNotTaken extends Refusal {
  constructor(header: string) {
    super({ status: 400, detail: `This operation takes no ${header}.` });
  }
}
