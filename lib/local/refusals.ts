/** Refusals of the local server itself, before any operation sees the request. */
import { Refusal } from "../model/refusal.ts";

const early = { vary: false } as const;

/** The request names another host: the domain of a web page may resolve to our address. */
export class MisdirectedRequest extends Refusal {
  constructor(host: string) {
    const detail = `This server does not answer for the host '${host}'. Allow further hosts with --allow-host or PLACEMENT_ALLOWED_HOSTS.`;
    super({ status: 421, detail, ...early });
  }
}

export class AmbiguousHost extends Refusal {
  constructor() {
    super({ status: 400, detail: "A request must have exactly one Host header.", ...early });
  }
}

export class ForeignOrigin extends Refusal {
  constructor(origin: string) {
    const detail = `Pages of the origin '${origin}' may not use this server. Allow an origin in PLACEMENT_CORS_ORIGINS.`;
    super({ status: 403, detail, ...early });
  }
}

export class HeadersTooLarge extends Refusal {
  constructor(limit: number) {
    const detail = `Request line and headers may have at most ${limit} bytes in total.`;
    super({ status: 431, detail, ...early });
  }
}

export class ChunkExtensionsTooLarge extends Refusal {
  constructor() {
    super({ status: 413, detail: "The chunk extensions are too long.", ...early });
  }
}

export class RequestTooSlow extends Refusal {
  constructor() {
    super({ status: 408, detail: "The request did not arrive in time.", ...early });
  }
}

export class MalformedRequest extends Refusal {
  constructor() {
    super({ status: 400, detail: "The request is not well-formed HTTP.", ...early });
  }
}

export class OutsideBasePath extends Refusal {
  constructor(basePath: string) {
    super({ status: 404, detail: `This server serves the API below '${basePath}'.`, ...early });
  }
}

/** What the operator's own proxy sends has to be right: links would lead elsewhere. */
export class BadForwardedHeader extends Refusal {
  constructor(name: string) {
    super({ status: 400, detail: `The header ${name} has no valid value, or several.`, ...early });
  }
}
