/**
 * How each kind of item is stored, name by name and type by type: tables that earlier
 * releases have written must stay readable, and theirs must be able to read what this one
 * writes. After a deliberate change of the form, which is a new format of the table, write
 * the expectation anew and review its difference:
 *
 *   WRITE_STORED_FORMS=1 npx vitest run test/table/stored-forms.test.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { canonical, type Form } from "../support/stored-forms.ts";
import {
  attempts,
  feed,
  large,
  leases,
  locked,
  maintenance,
  ordinary,
  pages,
  verification,
} from "../support/stored-scenes.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/stored-forms.json", import.meta.url));

// What a dead function would say is of no interest.
vi.spyOn(console, "error").mockImplementation(() => undefined);

const SCENES: Readonly<Record<string, () => Promise<Form[]>>> = {
  ordinary,
  leases,
  feed,
  maintenance,
  verification,
  pages,
  "large change, pending": () => large("before"),
  "large change, committed": () => large("after"),
  "large change, locked item": locked,
  attempts,
};

type Forms = Readonly<Record<string, readonly Form[]>>;

const found: Record<string, readonly Form[]> = {};

beforeAll(async () => {
  for (const [name, scene] of Object.entries(SCENES)) found[name] = await scene();
  if (process.env["WRITE_STORED_FORMS"] === "1") writeFileSync(FIXTURE, canonical(found));
});

const expected = () => JSON.parse(readFileSync(FIXTURE, "utf8")) as Forms;

test.each(Object.keys(SCENES))("%s: items are stored as they always were", (name) => {
  expect(JSON.parse(canonical(found[name]))).toEqual(expected()[name]);
});

test("the expectation is canonical", () => {
  expect(canonical(found)).toBe(readFileSync(FIXTURE, "utf8"));
});

/** Attributes that one of the items under such a key has, all of them. */
const KINDS: readonly (readonly [kind: string, pk: RegExp, sk: RegExp, attributes: string])[] = [
  ["provider, hot", /^SHARD#\d+$/, /^H#/, "g r v i n c w"],
  ["provider, profile of a child", /^SHARD#\d+$/, /^P#/, "v n p o w"],
  ["provider, profile with traits and aggregates", /^SHARD#\d+$/, /^P#/, "v n o t a s w"],
  ["page of profiles", /^PAGES#1#\d+$/, /^PAGE#0$/, "n d"],
  ["tree", /^TREE#/, /^TREE$/, "v t"],
  ["provider's name", /^NAME#/, /^NAME$/, "p"],
  ["consumer", /^CONSUMER#/, /^CONSUMER$/, "g o l p u t a c w"],
  ["consumer with an order", /^CONSUMER#/, /^CONSUMER$/, "g o l p u t a h c w"],
  ["consumer that was made anew", /^CONSUMER#/, /^CONSUMER$/, "g o l p u t a h c w rebuilt"],
  ["consumer with a lease", /^CONSUMER#/, /^CONSUMER$/, "g o l p u t a c w x y z"],
  ["consumer whose lease was confirmed", /^CONSUMER#/, /^CONSUMER$/, "g o l p u t a c w z"],
  ["consumer among the leases", /^LEASE#\d+$/, /^\d{15}#/, ""],
  ["consumer under a provider", /^ALLOCATIONS#/, /^CONSUMER#/, "g a w"],
  ["consumer under a provider, changed since", /^ALLOCATIONS#/, /^CONSUMER#/, "g a w d"],
  ["consumer under a provider, not the first", /^ALLOCATIONS#/, /^CONSUMER#/, "g a w s"],
  ["consumer under a project", /^PROJECT#/, /^[0-9a-f]{32}#/, "u t a"],
  ["consumer under a project, idle", /^PROJECT#/, /^[0-9a-f]{32}#/, "u t"],
  ["idle consumer", /^IDLE#\d+$/, /^\d{15}#/, ""],
  ["custom class", /^CLASSES$/, /^CUSTOM_/, "id users created updated"],
  ["custom class in use", /^CLASSES$/, /^CUSTOM_/, "id users created updated version"],
  ["custom trait", /^TRAITS$/, /^CUSTOM_/, "id users created updated"],
  ["names", /^NAMES$/, /^NAMES$/, "version next"],
  ["shard log", /^LOG#\d+$/, /^LOG$/, "n b m"],
  ["large change", /^CHANGES$/, /^CHANGE#/, "s e p b i"],
  ["its keys", /^CHANGE#/, /^PAGE#\d{4}$/, "k"],
  ["commit index", /^CHANGES$/, /^COMMITTED$/, "n (change)"],
  ["placeholder", /^CONSUMER#/, /^CONSUMER$/, "mark"],
  [
    "idempotency record",
    /^IDEMPOTENCY#/,
    /^IDEMPOTENCY$/,
    "attempt request status headers providers ttl",
  ],
  [
    "idempotency record with a body",
    /^IDEMPOTENCY#/,
    /^IDEMPOTENCY$/,
    "attempt request status headers body modified providers ttl",
  ],
  ["event of a provider's creation", /^EVENT#/, /^\d{16}#[^#]+$/, "e g d k u r w ttl"],
  ["event of a provider", /^EVENT#/, /^\d{16}#[^#]+$/, "e b g d k u r w ttl"],
  ["event of a consumer", /^EVENT#/, /^\d{16}#[^#]+#\d{16}$/, "e b g d p k u r w ttl"],
  ["event of a change of several", /^EVENT#/, /^\d{16}#[^#]+#\d{16}$/, "e g d p k u r w i n ttl"],
  ["event of a life's end", /^EVENT#/, /#\d{16}#end$/, "e b d p k u r w ttl"],
  ["event of a confirmed lease", /^EVENT#/, /#\d{16}#confirmed#\d+$/, "e b g d p k u r w ttl"],
  ["what is in the feed", /^FEED#\d$/, /^\d{16}$/, "e a ttl"],
  ["counter of the feed", /^FEED#\d$/, /^COUNTER$/, "n a x"],
  ["events that wait for the feed", /^PENDING$/, /^\d{16}#\d{16}#/, "e x"],
  ["feed that was off", /^META#FEED$/, /^META$/, "era off"],
  ["event of a repair", /^EVENT#/, /#\d{16}$/, "e g d p w c ttl"],
  ["completeness of the history", /^META#HISTORY$/, /^META$/, "since seen"],
  ["attempt", /^ATTEMPTS$/, /#\d+$/, "n"],
  ["table", /^META#TABLE$/, /^META$/, "format"],
  ["walk of the rebuild", /^META#REBUILD$/, /^META$/, "phase after"],
  ["sweep of the leases", /^META#LEASES$/, /^META$/, "swept held"],
  ["walk of the verifier", /^META#VERIFY$/, /^META$/, "repair place tally"],
  [
    "what the last verification has found",
    /^META#VERIFIED$/,
    /^META$/,
    "at since checked rules repaired unsettled",
  ],
];

describe("the expectation has", () => {
  test.each(KINDS)("a %s", (_, pk, sk, attributes) => {
    const wanted = ["pk", "sk", ...attributes.split(" ").filter((name) => name !== "")].sort();
    const matching = Object.values(expected())
      .flat()
      .filter((form) => pk.test(form["pk"]?.S ?? "") && sk.test(form["sk"]?.S ?? ""));
    const names = matching.map((form) =>
      Object.keys(form)
        .map((name) => (name.startsWith("(uuid") ? "(change)" : name))
        .sort(),
    );
    expect(names).toContainEqual(wanted);
  });
});
