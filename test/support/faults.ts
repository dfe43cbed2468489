/** The errors of DynamoDB and of the network below the store, as the SDK throws them. */
import {
  InternalServerError,
  ProvisionedThroughputExceededException,
  RequestLimitExceeded,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from "@aws-sdk/client-dynamodb";

const answered = (httpStatusCode: number) => ({
  message: "injected",
  $metadata: { httpStatusCode },
});

const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    ...answered(400),
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

function named(name: string, fields: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error("injected"), { name, ...fields });
}

/** As the SDK tells of an answer that it cannot read, whatever its status. */
function unreadable(httpStatusCode: number): Error {
  const error = new SyntaxError("Unexpected end of JSON input");
  Object.defineProperty(error, "$response", { value: {}, enumerable: false });
  return Object.assign(error, { $metadata: { httpStatusCode } });
}

type Makers = Readonly<Record<string, () => Error>>;

/** Refused before anything was done, for lack of capacity. */
export const THROTTLES: Makers = {
  ProvisionedThroughputExceeded: () => new ProvisionedThroughputExceededException(answered(400)),
  ThrottlingException: () => new ThrottlingException(answered(400)),
  RequestLimitExceeded: () => new RequestLimitExceeded(answered(400)),
  "status 429": () => named("Unknown", { $metadata: { httpStatusCode: 429 } }),
  "a transaction cancelled by ThrottlingError": () => cancelled("None", "ThrottlingError"),
  "a transaction cancelled by ProvisionedThroughputExceeded": () =>
    cancelled("ProvisionedThroughputExceeded", "None"),
};

/** Refused because another transaction holds an item. */
export const CONFLICTS: Makers = {
  TransactionConflictException: () => new TransactionConflictException(answered(400)),
  "a transaction cancelled by TransactionConflict": () => cancelled("None", "TransactionConflict"),
  "a conflict beside a failed condition": () =>
    cancelled("ConditionalCheckFailed", "TransactionConflict"),
  "a transaction cancelled without reasons": () => new TransactionCanceledException(answered(400)),
  "a transaction cancelled for no reason": () => cancelled("None", "None", "None", "None"),
};

/** No telling whether it was done. */
export const LOSSES: Makers = {
  InternalServerError: () => new InternalServerError(answered(500)),
  "status 503": () => named("ServiceUnavailable", { $metadata: { httpStatusCode: 503 } }),
  TransactionInProgress: () => new TransactionInProgressException(answered(400)),
  "a timeout": () => named("TimeoutError"),
  "a socket that hangs up": () => named("Error", { code: "ECONNRESET" }),
  "a broken pipe": () => named("Error", { code: "EPIPE" }),
  "an answer that is no JSON": () => new SyntaxError("Unexpected token < in JSON"),
  "a refusal that is cut off": () => unreadable(400),
};

/** What happened, and what throws it. */
export type Fault = readonly [what: string, error: () => Error];

export const LOST: readonly Fault[] = Object.entries(LOSSES);
export const REFUSED: readonly Fault[] = [
  ...Object.entries(THROTTLES),
  ...Object.entries(CONFLICTS),
];
export const OF_READS: readonly Fault[] = [
  ...LOST,
  ...Object.entries(THROTTLES).filter(([what]) => !what.startsWith("a transaction")),
];
