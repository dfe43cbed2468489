/** `serverless-placement`: what other CDK apps import. */
export type { Caller } from "./callers.ts";
export { PlacementApi, type PlacementApiProps } from "./placement-api.ts";
