/**
 * Prices of us-east-1 in dollars, and AWS's limits, as of November 2026. Sources:
 * aws.amazon.com/dynamodb/pricing, /lambda/pricing, /api-gateway/pricing, /ec2/pricing/on-demand
 * (data transfer); DynamoDB Developer Guide, "Best practices for designing partition keys".
 */

const MILLION = 1_000_000;

export const PRICES = {
  /** On demand, a unit. */
  writeUnit: 0.625 / MILLION,
  readUnit: 0.125 / MILLION,
  /** Provisioned, a unit of capacity for an hour. */
  writeCapacityHour: 0.00065,
  readCapacityHour: 0.00013,
  /** A gigabyte for a month. */
  storage: 0.25,
  lambdaRequest: 0.2 / MILLION,
  /** On ARM. */
  lambdaGigabyteSecond: 0.0000133334,
} as const;

/** What a price is for the units up to a number; the last has no end. */
type Tiers = readonly (readonly [upTo: number, price: number])[];

/** HTTP API, a request, by requests a month. */
export const GATEWAY: Tiers = [
  [300 * MILLION, 1 / MILLION],
  [Number.POSITIVE_INFINITY, 0.9 / MILLION],
];

/** Out to the internet, a gigabyte, by gigabytes a month. */
export const TRANSFER: Tiers = [
  [10_240, 0.09],
  [51_200, 0.085],
  [153_600, 0.07],
  [Number.POSITIVE_INFINITY, 0.05],
];

export function tiered(tiers: Tiers, amount: number): number {
  let below = 0;
  let sum = 0;
  for (const [upTo, price] of tiers) {
    sum += Math.max(0, Math.min(amount, upTo) - below) * price;
    below = upTo;
  }
  return sum;
}

/** Units a second of one partition, and so of one item. */
export const PARTITION = { readUnits: 3_000, writeUnits: 1_000 } as const;

export const GIGABYTE = 1024 ** 3;
export const HOURS_OF_MONTH = 730;
