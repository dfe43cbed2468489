/**
 * `serverless-placement/client`: typed calls of the Placement API, and what careful callers
 * need around a claim. Credentials that need more are in modules of their own: `./sigv4`,
 * `./keystone`; direct invocation is in `./lambda`. See docs/client.md.
 */
export { type ClaimOptions, claim, type Decide } from "./claims/claim.ts";
export {
  type Allocations,
  type Holdings,
  type Owner,
  readHoldings,
  type Wanted,
} from "./claims/holdings.ts";
export { type DecideMove, type Moved, move } from "./claims/move.ts";
export { release } from "./claims/release.ts";
export type { RoundsOptions } from "./claims/rounds.ts";
export { type ClientOptions, PlacementClient } from "./client.ts";
export {
  AnswerLost,
  isRefusal,
  PlacementRefusal,
  type Refusal,
  type RefusalCode,
  UnexpectedAnswer,
} from "./errors.ts";
export type { EventFeed, EventsOptions, FeedEvent } from "./events.ts";
export type { Operations, QueryValue, RefusalCodes, Version } from "./generated/operations.ts";
export { type Credentials, type HttpOptions, type HttpRequest, overHttp } from "./http.ts";
export type { Clock, Fetch, Random } from "./platform.ts";
export { authToken, bearer } from "./tokens.ts";
export type { Incoming, Outgoing, Transport } from "./transport.ts";
export type { AnswerOf, BodyOf, CallOf, CallOptions, OperationId, ParametersOf } from "./types.ts";
