/** Pages of profiles: what is put on them comes back, within their bounds, and nothing else does. */
import { deflateSync, inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { ProviderProfile } from "../../lib/model/provider.ts";
import {
  MAX_PAGES,
  pageNumberOf,
  pagesFor,
  profilePageItem,
  profilePageOf,
  shardOfPage,
} from "../../lib/store/items/profile-page.ts";
import { SHARDS, shardOf } from "../../lib/store/items/shard.ts";
import { nextVersion } from "../../lib/store/items/versions.ts";
import { chance } from "../support/chance.ts";
import { drawnHosts } from "../support/fleet.ts";

const random = chance("pages of profiles");
const MAX_ITEM = 400 * 1_024;
const [SHARD, PAGE] = [7, 3] as const;

const profiles = (count: number) => drawnHosts(count, random).map(({ profile }) => profile);
const written = (given: readonly ProviderProfile[], pages = 4) =>
  profilePageItem(SHARD, PAGE, { pages, profiles: given });
const data = (item: ReturnType<typeof written>) => item["d"] as Uint8Array;

/** Everything that a profile may have. */
function variety(): ProviderProfile[] {
  const [plain, child, grouped, spelt] = profiles(4) as [
    ProviderProfile,
    ProviderProfile,
    ProviderProfile,
    ProviderProfile,
  ];
  const aggregates = [random.uuid(), random.uuid()] as const;
  return [
    { ...plain, name: "ключ \"' \u0000 \u{1f600}", traits: [] },
    { ...child, parent: plain.uuid, root: random.uuid() },
    { ...grouped, aggregates },
    {
      ...spelt,
      aggregates,
      writtenAggregates: [aggregates[0].toUpperCase(), aggregates[1]],
    },
  ];
}

test("what is put on a page comes back", () => {
  const given = [...variety(), ...profiles(300)];
  expect(profilePageOf(written(given))).toEqual({ pages: 4, profiles: given });
  expect(profilePageOf(written([]))).toEqual({ pages: 4, profiles: [] });
});

test("a host with 60 traits takes less than 48 bytes", () => {
  const given = profiles(400);
  const bytes = data(written(given)).length / given.length;
  console.log(`a profile takes ${bytes.toFixed(1)} bytes on a page`);
  expect(bytes).toBeLessThan(48);
});

test("a page fits an item, whatever is given: what is too large is left out", () => {
  const aggregates = Array.from({ length: 14_000 }, () => random.uuid());
  const [giant, small] = profiles(2) as [ProviderProfile, ProviderProfile];
  const page = written([{ ...giant, aggregates }, small]);
  expect(profilePageOf(page)?.profiles).toEqual([small]);
  // Nothing repeats, so nothing is compressed.
  const large = profiles(1_200).map((profile) => {
    return {
      ...profile,
      traits: Array.from({ length: 100 }, (_, n) => 1_000 * n + random.below(999)),
    };
  });
  const full = written(large);
  const kept = profilePageOf(full)?.profiles ?? [];
  expect(kept).toEqual(large.slice(0, kept.length));
  expect(kept.length).toBeGreaterThan(500);
  expect(kept.length).toBeLessThan(large.length);
  expect(data(full).length).toBeLessThan(MAX_ITEM - 1_024);
});

test("profiles are spread over as many pages as they need, a power of two", () => {
  const all = profiles(5_000);
  expect(pagesFor([], undefined)).toBe(1);
  expect(pagesFor(all.slice(0, 512), undefined)).toBe(1);
  expect(pagesFor(all.slice(0, 513), undefined)).toBe(2);
  expect(pagesFor(all, undefined)).toBe(16);
  // One more than is needed is kept, since another number moves most profiles.
  expect([1, 2, 4].map((pages) => pagesFor(all.slice(0, 512), pages))).toEqual([1, 2, 1]);
  const counts = new Map<number, number>();
  for (const { uuid } of all) {
    const page = pageNumberOf(uuid, 16);
    counts.set(page, (counts.get(page) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n));
  expect(Math.max(...counts.values())).toBeLessThan(512);
});

test("the pages of one shard are bounded", () => {
  const [one] = profiles(1) as [ProviderProfile];
  const many = Array.from({ length: 33_000 }, () => one);
  expect(pagesFor(many, undefined)).toBe(MAX_PAGES);
  expect(shardOf(one.uuid, SHARDS * MAX_PAGES) % SHARDS).toBe(shardOf(one.uuid));
});

describe("nothing is read from a page", () => {
  const whole = written(profiles(5));
  const text = inflateSync(data(whole)).toString();
  const columns = () => JSON.parse(text) as Record<string, unknown>;
  const holding = (given: string) => ({ ...whole, d: deflateSync(given) });
  const changed = (bytes: Uint8Array, at: number) =>
    bytes.map((byte, index) => (index === at ? byte ^ 0x55 : byte));

  test.each<[string, ReturnType<typeof written>]>([
    ["without data", { pk: whole.pk, sk: whole.sk, n: 4 }],
    ["whose data is a text", { ...whole, d: text }],
    ["that is empty", { ...whole, d: new Uint8Array() }],
    ["that is cut off", { ...whole, d: data(whole).slice(0, -7) }],
    ["with a changed byte", { ...whole, d: changed(data(whole), 100) }],
    ["whose checksum is wrong", { ...whole, d: changed(data(whole), data(whole).length - 1) }],
    ["that is not compressed", { ...whole, d: Buffer.from(text) }],
    ["that is not JSON", holding(text.slice(1))],
    ["without a column", holding(JSON.stringify({ ...columns(), names: undefined }))],
    ["with a short column", holding(JSON.stringify({ ...columns(), versions: [1] }))],
    [
      "with a place that is not there",
      holding(JSON.stringify({ ...columns(), traits: [9, 9, 9, 9, 9] })),
    ],
    ["with a name that is none", holding(JSON.stringify({ ...columns(), names: [1, 2, 3, 4, 5] }))],
    ["that grows beyond bounds", holding(" ".repeat(300_001))],
    ["of no number of pages", { ...whole, n: "4" }],
    ["of too many pages", { ...whole, n: MAX_PAGES + 1 }],
    ["of no pages", { ...whole, n: 0 }],
  ])("%s", (_, item) => {
    expect(profilePageOf(whole)).toBeDefined();
    expect(profilePageOf(item)).toBeUndefined();
  });
});

test("a page of another format is told by its key", () => {
  expect(shardOfPage(written([]))).toBe(SHARD);
  expect(shardOfPage({ pk: "PAGES#2#7", sk: "PAGE#0" })).toBeUndefined();
});

test("the next version is another one, however it is drawn", () => {
  for (const known of [0, 12_345, 2 ** 48 - 1, 2 ** 48 + 7]) {
    for (const fraction of [0, 0.5, 1 - 2 ** -53]) {
      const next = nextVersion({ fraction: () => fraction, uuid: random.uuid }, known);
      expect(next).not.toBe(known);
      expect(Number.isSafeInteger(next) && next >= 0 && next < 2 ** 48).toBe(true);
    }
  }
});
