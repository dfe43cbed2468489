/** Requests of a hostile client, and what every answer to them must satisfy. */
import { expect } from "vitest";
import type { Api } from "./api.ts";
import type { HttpAnswer } from "./http-client.ts";
import { withoutShardLogs } from "./keyed.ts";

/** JSON texts that stand in the place of any value. */
export const HOSTILE_JSON: readonly string[] = [
  "null",
  "true",
  '""',
  `"${"x".repeat(300)}"`,
  `"${"x".repeat(3_000)}"`,
  "0",
  "-0",
  "-0.0",
  "-1",
  "0.5",
  "1e-320",
  "2147483648",
  "9007199254740993",
  "1e38",
  "1e125",
  "9.9e126",
  "1e308",
  "1e400",
  "-1e400",
  "123456789012345678901234567890123456789012345",
  "[]",
  "{}",
  "[null]",
  '{"":""}',
  '{"__proto__":{"polluted":1}}',
  '{"\\u005f_proto__":1}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"toString":1,"hasOwnProperty":1,"valueOf":1}',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"__proto__"',
  '"constructor"',
  '"CUSTOM_\\u0130"',
  '"cafe\\u0301"',
  '"a\\r\\nX-Evil: 1"',
  '"</title><script>alert(1)</script>"',
  '"------------------------------------"',
  '"{00000000-0000-4000-8000-00000000000A}"',
  "[[[[[[[[[[[[[[]]]]]]]]]]]]]]",
];

/** A refusal of the client's, in a document of its own, and nothing that was not foreseen. */
export function expectForeseen(api: Api, answer: HttpAnswer, what: string): void {
  expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
  expect(api.logs.filter(({ level }) => level === "ERROR").length, what).toBe(0);
}

/** Refused with `status`, and nothing written. */
export async function expectRefused(
  api: Api,
  status: number,
  send: () => Promise<HttpAnswer>,
): Promise<string> {
  const before = withoutShardLogs(await api.items());
  const answer = await send();
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expect(withoutShardLogs(await api.items())).toEqual(before);
  expectForeseen(api, answer, "");
  return answer.body?.errors?.[0]?.detail ?? "";
}

/** `value` as JSON, once with each of its parts replaced by the text `by`, and once with each key. */
export function replacements(value: unknown, by: string): string[] {
  const found: string[] = [by];
  if (typeof value !== "object" || value === null) return found;
  const entries = Object.entries(value);
  const write = (parts: readonly (readonly [string, string])[]) =>
    Array.isArray(value)
      ? `[${parts.map(([, part]) => part).join()}]`
      : `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${part}`).join()}}`;
  for (const [index, [, part]] of entries.entries()) {
    for (const replaced of replacements(part, by)) {
      const parts = entries.map(([key, each], at) =>
        at === index ? ([key, replaced] as const) : ([key, JSON.stringify(each)] as const),
      );
      found.push(write(parts));
    }
    if (
      !Array.isArray(value) &&
      by.startsWith('"') &&
      !by.includes("\\ud") &&
      !by.includes("\\udc")
    ) {
      const parts = entries.map(([key, each], at) =>
        at === index
          ? ([JSON.parse(by) as string, JSON.stringify(each)] as const)
          : ([key, JSON.stringify(each)] as const),
      );
      found.push(write(parts));
    }
  }
  return found;
}
