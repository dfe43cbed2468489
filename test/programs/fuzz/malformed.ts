/** Ways to spoil a request: its body, its headers, its path, its query. */
import type { Chance } from "../../support/chance.ts";
import type { Draft } from "./requests.ts";

type Spoil = (draft: Draft, chance: Chance) => void;

/** Values that are rarely valid. */
const ODD: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  -1e300,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  1e-7,
  "",
  " ",
  "a",
  "x".repeat(256),
  "y".repeat(3_000),
  "\u0000",
  "\ud800",
  "😀".repeat(50),
  "%(x)s",
  "<b>&amp;</b>",
  "line\nbreak",
  "' OR 1=1 --",
  "../../etc",
  "__proto__",
  "constructor",
  "CUSTOM_",
  "custom_x",
  "123E4567E89B12D3A456426614174000",
  "{123e4567-e89b-12d3-a456-426614174000}",
  "------------------------------------",
  [],
  {},
  [[]],
  [null],
  ["a", "a"],
  { a: 1 },
  { "": {} },
];

/** Odd values, mostly of the expected type, which get further. */
function likeness(value: unknown, chance: Chance): readonly unknown[] {
  if (typeof value === "object" || chance.fraction() < 0.3) return ODD;
  return ODD.filter((each) => typeof each === typeof value);
}

const KEYS = ["", "extra", "__proto__", "constructor", "toString", "é", "k".repeat(300), "a b"];

/** A random place inside `value`: its holder and its key. */
function place(value: unknown, chance: Chance): [Record<string, unknown>, string] | undefined {
  let found: [Record<string, unknown>, string] | undefined;
  let here: unknown = value;
  for (let depth = 0; depth < 6 && typeof here === "object" && here !== null; depth += 1) {
    const keys = Object.keys(here);
    if (keys.length === 0) break;
    const key = chance.pick(keys);
    found = [here as Record<string, unknown>, key];
    if (chance.fraction() < 0.35) break;
    here = found[0][key];
  }
  return found;
}

const bodies: Readonly<Record<string, Spoil>> = {
  "odd value": (draft, chance) => {
    const at = place(draft.body, chance);
    if (at === undefined) draft.body = JSON.stringify(chance.pick(ODD));
    else at[0][at[1]] = chance.pick(likeness(at[0][at[1]], chance));
  },
  "missing key": (draft, chance) => {
    const at = place(draft.body, chance);
    if (at !== undefined) delete at[0][at[1]];
  },
  "further key": (draft, chance) => {
    const at = place(draft.body, chance);
    const holder = at?.[0] ?? (draft.body as Record<string, unknown>);
    const key = chance.pick(KEYS);
    const value = chance.pick(ODD);
    // An assignment to __proto__ would set no key.
    if (typeof holder === "object" && holder !== null && !Array.isArray(holder)) {
      Object.defineProperty(holder, key, { value, enumerable: true, configurable: true });
    }
  },
  "odd body": (draft, chance) => {
    draft.body = JSON.stringify(chance.pick(ODD));
  },
  "no JSON": (draft, chance) => {
    const text = JSON.stringify(draft.body ?? {});
    draft.body = chance.pick<string | Uint8Array>([
      text.slice(0, chance.below(text.length)),
      `${text}}`,
      `\ufeff${text}`,
      "NaN",
      "{'a': 1}",
      "[".repeat(5_000),
      `${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}`,
      `[${"1,".repeat(20_000)}1]`,
      "1e999",
      '{"a": 1, "a": 2}',
      '"\\ud800"',
      new Uint8Array([0xff, 0xfe, 0x00]),
      new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
      "",
    ]);
  },
  "unexpected body": (draft, chance) => {
    draft.body = chance.pick(["{}", "[]", "text", "null"]);
    draft.headers["content-type"] = "application/json";
  },
};

const protocol: Readonly<Record<string, Spoil>> = {
  version: (draft, chance) => {
    draft.headers["openstack-api-version"] = chance.pick([
      "placement 1.40",
      "placement 2.0",
      "placement 0.9",
      "placement 1.x",
      "placement 1",
      "placement",
      "compute 2.1",
      "compute 2.1, placement 1.5",
      "placement latest",
      "placement 99999999999999999999.1",
      "placement 1.1 1.2",
      ",,,",
      "",
    ]);
  },
  "content type": (draft, chance) => {
    draft.headers["content-type"] = chance.pick([
      "text/plain",
      "application/xml",
      "application/json; charset=utf-8",
      "Application/JSON",
      ";;",
      "",
      "multipart/form-data; boundary=x",
    ]);
  },
  "no content type": (draft) => {
    delete draft.headers["content-type"];
  },
  accept: (draft, chance) => {
    draft.headers["accept"] = chance.pick([
      "text/html",
      "text/plain",
      "application/xml;q=0.5, */*;q=0.1",
      "application/json;q=0",
      "x",
      ";;q=x,,",
      "image/*",
      "*/*",
      "",
    ]);
  },
  identity: (draft, chance) => {
    const spoil = chance.pick<() => void>([
      () => delete draft.headers["x-auth-token"],
      () => {
        draft.headers["x-auth-token"] = "";
      },
      () => {
        draft.headers["x-roles"] = "reader";
      },
      () => {
        draft.headers["x-roles"] = ",,é,";
      },
      () => {
        draft.headers["openstack-system-scope"] = "all";
      },
      () => {
        draft.headers["x-auth-token"] = ":::";
      },
    ]);
    spoil();
  },
  "further header": (draft, chance) => {
    const name = chance.pick(["x-openstack-request-id", "origin", "__proto__", "idempotency-key"]);
    draft.headers[name] = chance.pick(["req-1", "x".repeat(2_000), "é", "a,b", " "]);
  },
  method: (draft, chance) => {
    draft.method = chance.pick(["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"]);
  },
};

const paths: Readonly<Record<string, Spoil>> = {
  "path segment": (draft, chance) => {
    const segments = draft.path.split("/");
    const index = 1 + chance.below(Math.max(1, segments.length - 1));
    segments[index] = chance.pick([
      "",
      "x",
      "%00",
      "%2F",
      "%ff",
      "%",
      "%E0%A4%A",
      "..",
      ".",
      "CUSTOM_é".replace("é", "%C3%A9"),
      "a".repeat(2_100),
      "A".repeat(256),
      "__proto__",
      "constructor",
      "123E4567E89B12D3A456426614174000",
      "not-a-uuid",
      "x%20y",
      "x+y",
      "{uuid}".replace(/[{}]/g, "'"),
    ]);
    draft.path = segments.join("/");
  },
  "further segment": (draft, chance) => {
    draft.path += chance.pick(["/", "/x", "//", "/inventories", "/%20", ";a=b"]);
  },
  "unknown path": (draft, chance) => {
    draft.path = chance.pick(["/x", "/resource_provider", "//", "/%2e%2e", "/index.html", "/*"]);
  },
};

const queries: Readonly<Record<string, Spoil>> = {
  "odd parameter": (draft, chance) => {
    const names = ["name", "uuid", "member_of", "resources", "required", "in_tree", "limit"];
    const more = ["project_id", "user_id", "consumer_type", "marker", "generation", "idle_for"];
    const name = chance.pick([...names, ...more, "associated", "x", "", "__proto__", "resources1"]);
    const odd = chance.pick(ODD);
    draft.query.push([name, typeof odd === "string" ? odd.toWellFormed() : String(odd)]);
  },
  "spoilt value": (draft, chance) => {
    const pair = draft.query.length === 0 ? undefined : chance.pick(draft.query);
    if (pair === undefined) return;
    pair[1] = chance.pick([
      "",
      ":",
      ",",
      "in:",
      "!",
      "!!",
      "!in:",
      "in:!a",
      `${pair[1]},`,
      `,${pair[1]}`,
      `${pair[1]}:`,
      `${pair[1]}:${pair[1]}`,
      pair[1].toLowerCase(),
      pair[1].toUpperCase(),
      "VCPU:0",
      "VCPU:-1",
      "VCPU:1.5",
      `VCPU:${"9".repeat(40)}`,
      "VCPU:1,VCPU:2",
      "VCPU",
      "\u0000",
    ]);
  },
  "repeated parameter": (draft, chance) => {
    const pair = draft.query.length === 0 ? undefined : chance.pick(draft.query);
    if (pair !== undefined) draft.query.push([pair[0], chance.pick([pair[1], "", "x"])]);
  },
  "broken query": (draft, chance) => {
    draft.path += chance.pick(["?", "?&&", "?=", "?%zz=1", "?a=%", "?name=%ff", "?name", "?a;b=1"]);
    draft.query = [];
  },
};

/** Spoils `draft` in one way; says which. */
export function malformed(draft: Draft, chance: Chance): string {
  const families =
    draft.body === undefined ? [protocol, paths, queries] : [bodies, bodies, protocol, paths];
  if (draft.query.length > 0) families.push(queries);
  const family = chance.pick(families);
  // An odd value reaches more of the code than any other fault.
  const kinds = Object.keys(family);
  const kind = chance.pick(family === bodies ? [...kinds, "odd value", "odd value"] : kinds);
  family[kind]?.(draft, chance);
  return kind;
}
