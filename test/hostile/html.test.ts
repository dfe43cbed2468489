/** Errors in HTML repeat what a client sent, and none of it is markup. */
import { expect, test } from "vitest";
import { errorDocument } from "../../lib/api/error-document.ts";
import { InvalidBody } from "../../lib/api/refusals.ts";
import { useApi } from "../support/frame.ts";

/** Without an end: what looks like a whole tag is taken out of every form of an error. */
const MARKUP = "<img src=x onerror=alert(1) x=&";
const ESCAPED = "&lt;img src=x onerror=alert(1) x=&amp;";

const api = useApi();

test("each character that HTML knows is escaped once", () => {
  const context = { requestId: "req-1", accept: "text/html", version: 39 };
  const { contentType, body } = errorDocument(new InvalidBody("4 > 3 and 1 < 2 & 3 &lt;"), context);
  expect(contentType).toBe("text/html; charset=UTF-8");
  expect(body).toContain("4 &gt; 3 and 1 &lt; 2 &amp; 3 &amp;lt;");
});

test.each([
  ["a name in a body", "POST", "/resource_providers", { [MARKUP]: 1 }, {}],
  ["a value in a body", "POST", "/resource_providers", { name: [MARKUP] }, {}],
  ["a content type", "POST", "/resource_providers", "{}", { "content-type": MARKUP }],
  ["what is accepted", "GET", "/traits", undefined, { accept: `text/html, ${MARKUP}` }],
  [
    "a query",
    "DELETE",
    `/consumers/a?${new URLSearchParams({ [MARKUP]: "1", generation: "1" })}`,
    undefined,
    {},
  ],
])("%s is text", async (_, method, path, body, headers) => {
  const answer = await api.request(method, path, {
    ...(body === undefined ? {} : { body }),
    headers: { accept: "text/html", ...headers },
  });
  expect(answer.headers["content-type"]).toBe("text/html; charset=UTF-8");
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.body).toContain(ESCAPED);
  expect(answer.body).not.toContain("<img");
});
