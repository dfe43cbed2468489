/** Texts of times to the second. */
import { expect, test } from "vitest";
import { bySecond } from "../../lib/local/by-second.ts";

test("a second's text is made once, whenever another one was not asked for", () => {
  const asked: number[] = [];
  const text = bySecond((time) => {
    asked.push(time);
    return new Date(time).toUTCString();
  });
  const first = Date.UTC(2026, 0, 31, 12, 0, 0, 998);
  expect(text(first)).toBe("Sat, 31 Jan 2026 12:00:00 GMT");
  expect(text(first + 1)).toBe("Sat, 31 Jan 2026 12:00:00 GMT");
  expect(text(first + 2)).toBe("Sat, 31 Jan 2026 12:00:01 GMT");
  expect(text(first)).toBe("Sat, 31 Jan 2026 12:00:00 GMT");
  expect(asked).toEqual([first, first + 2, first]);
});
