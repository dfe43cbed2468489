/** What an error says to a reader: what happened, and what to do about it. */

export interface Advice {
  readonly title: string;
  readonly advice: string;
  /** Whether the same request may succeed later as it is. */
  readonly isWorthAnother: boolean;
}

interface Failure {
  readonly status: number | undefined;
  readonly code: string;
}

const BY_CODE: Readonly<Record<string, Advice>> = {
  "placement.concurrent_update": {
    title: "Somebody else changed it meanwhile",
    advice: "Nothing was written. Look at what it is now, and ask for the change again.",
    isWorthAnother: false,
  },
  "placement.duplicate_name": {
    title: "The name is taken",
    advice: "Nothing was written. Choose another name.",
    isWorthAnother: false,
  },
  "placement.inventory.inuse": {
    title: "It is in use",
    advice: "Nothing was written. Release what consumers hold of it first.",
    isWorthAnother: false,
  },
  "placement.resource_provider.inuse": {
    title: "The provider is in use",
    advice: "Nothing was written. Release what consumers hold here first.",
    isWorthAnother: false,
  },
  "placement.lease.expired": {
    title: "The lease has expired",
    advice: "The service is releasing the consumer. Look again in some seconds.",
    isWorthAnother: false,
  },
  "placement.answer_too_large": {
    title: "The answer is too large",
    advice: "Narrow the question, or set a smaller limit.",
    isWorthAnother: false,
  },
};

const BY_STATUS: Readonly<Record<number, Advice>> = {
  400: {
    title: "The service does not understand the request",
    advice: "Correct what it names below.",
    isWorthAnother: false,
  },
  401: {
    title: "You are not signed in any more",
    advice: "Sign in again; the token has expired or was revoked.",
    isWorthAnother: false,
  },
  403: {
    title: "You may not see or do this",
    advice: "Sign in with a role that the policy permits, or ask whoever runs the service for one.",
    isWorthAnother: false,
  },
  404: {
    title: "It is not there",
    advice: "It may have been deleted. Check the id; its history may still tell.",
    isWorthAnother: false,
  },
  409: {
    title: "The service refuses the change",
    advice: "Nothing was written. The reason is below.",
    isWorthAnother: false,
  },
};

const BUSY: Advice = {
  title: "The service is busy",
  advice: "Nothing was written. Try again in some seconds.",
  isWorthAnother: true,
};

const LOST: Advice = {
  title: "No answer came",
  advice:
    "Check the network and that the service runs, then try again. A change may have been made.",
  isWorthAnother: true,
};

/** @param failure `status` undefined: no answer came */
export function adviceOf({ status, code }: Failure): Advice {
  const byCode = BY_CODE[code];
  if (byCode !== undefined) return byCode;
  if (status === undefined) return LOST;
  return BY_STATUS[status] ?? (status >= 500 || status === 429 ? BUSY : (BY_STATUS[400] ?? LOST));
}
