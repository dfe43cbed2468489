/** `serverless-placement`: what other CDK apps import. */
export type { Caller } from "./callers.ts";
export { PlacementConsole } from "./console/placement-console.ts";
export type { ConsoleOptions, PlacementConsoleProps } from "./console/props.ts";
export type * from "./endpoints/props.ts";
export { PlacementMonitoring } from "./monitoring/placement-monitoring.ts";
export type { MonitoringOptions, PlacementMonitoringProps } from "./monitoring/props.ts";
export { PlacementApi } from "./placement-api.ts";
export type { PlacementApiProps } from "./placement-api-props.ts";
