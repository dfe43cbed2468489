/** What an error document must say, from its first sentence to its code. */
import { expect } from "vitest";
import type { HttpAnswer } from "./http-client.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  410: "Gone",
  415: "Unsupported Media Type",
};

const SENTENCES: Readonly<Record<number, string>> = {
  400: "The server could not comply with the request since it is either malformed or otherwise incorrect.",
  403: "Access was denied to this resource.",
  404: "The resource could not be found.",
  409: "There was a conflict when trying to complete your request.",
  410: "The resource is no longer available.",
};

export interface Expected {
  readonly status: number;
  /** The whole message, or a pattern that it matches. */
  readonly message?: string | RegExp;
  /** Default `placement.undefined_code`; null: none, as below 1.23. */
  readonly code?: string | null;
}

/** The message of an error document, without the sentence of its status. */
export function messageOf(answer: HttpAnswer): string {
  const [error] = answer.body.errors;
  const start = `${SENTENCES[answer.status]}\n\n `;
  expect(error.detail.slice(0, start.length)).toBe(start);
  expect(error.detail.slice(-2)).toBe("  ");
  return error.detail.slice(start.length, -2);
}

/** `answer` is an error document of JSON, 400, 403, 404, 409 or 410, and says what is expected. */
export function expectRefusal(answer: HttpAnswer, expected: Expected): void {
  const { code = "placement.undefined_code" } = expected;
  expect([answer.status, answer.body]).toEqual([expected.status, expect.anything()]);
  expect(answer.headers["content-type"]).toBe("application/json");
  expect(Object.keys(answer.body)).toEqual(["errors"]);
  expect(answer.body.errors).toEqual([
    {
      status: expected.status,
      title: TITLES[expected.status],
      detail: expect.any(String),
      request_id: answer.headers["x-openstack-request-id"],
      ...(code === null ? {} : { code }),
    },
  ]);
  const message = messageOf(answer);
  if (typeof expected.message === "string") expect(message).toBe(expected.message);
  else if (expected.message !== undefined) expect(message).toMatch(expected.message);
}
