/**
 * What the dashboard's estimate of a day's cost multiplies, in USD. Defaults are prices of us-east-1
 * in November 2026, as in docs/costs.md. Sources: aws.amazon.com/api-gateway/pricing, /lambda/pricing
 * (ARM), /dynamodb/pricing (on demand), /cloudwatch/pricing (logs).
 */

export interface Prices {
  /** Of a million requests. */
  readonly httpApi: number;
  readonly restApi: number;
  readonly lambdaRequests: number;
  readonly lambdaGigabyteSecond: number;
  /** Of a million units. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Of a gigabyte that is written to logs. */
  readonly logs: number;
}

export type GivenPrices = { readonly [price in keyof Prices]?: number | undefined };

export const DEFAULT_PRICES: Prices = {
  httpApi: 1,
  restApi: 3.5,
  lambdaRequests: 0.2,
  lambdaGigabyteSecond: 0.0000133334,
  readUnits: 0.125,
  writeUnits: 0.625,
  logs: 0.5,
};
