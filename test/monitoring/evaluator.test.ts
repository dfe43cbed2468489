/** The evaluator of alarms, by the examples of CloudWatch's user guide. */
import { expect, test } from "vitest";
import { judge } from "../support/cloudwatch/alarm-state.ts";
import { matchesPattern } from "../support/cloudwatch/filter-pattern.ts";
import { evaluate } from "../support/cloudwatch/metric-math.ts";

const VERDICTS = { "0": false, X: true, "-": undefined } as const;

const verdictsOf = (text: string) =>
  text.split(" ").map((letter) => VERDICTS[letter as keyof typeof VERDICTS]);

// "How alarm state is evaluated when data is missing": 5 values, old to new, of which 3 are needed.
test.each([
  ["0 - X - X", 3, "OK", "OK", "OK"],
  ["0 - - - -", 3, "OK", "OK", "OK"],
  ["- - - - -", 3, "kept", "ALARM", "OK"],
  ["0 X X - X", 3, "ALARM", "ALARM", "ALARM"],
  ["- - X - -", 3, "kept", "ALARM", "OK"],
  ["0 - X - X", 2, "ALARM", "ALARM", "ALARM"],
  ["0 0 X 0 X", 2, "ALARM", "ALARM", "ALARM"],
  ["0 - X - -", 2, "OK", "ALARM", "OK"],
  ["- - - - 0", 2, "OK", "ALARM", "OK"],
  ["- - - X -", 2, "kept", "ALARM", "OK"],
] as const)("%s, %i of 3", (text, datapoints, ignore, breaching, notBreaching) => {
  for (const before of ["OK", "ALARM"] as const) {
    const state = (missing: "ignore" | "breaching" | "notBreaching") =>
      judge(verdictsOf(text), { periods: 3, datapoints, missing, before });
    expect(state("ignore")).toBe(ignore === "kept" ? before : ignore);
    expect(state("breaching")).toBe(breaching);
    expect(state("notBreaching")).toBe(notBreaching);
  }
});

test.each([
  ["m0 + m1", [undefined, 7, undefined, undefined]],
  ["m1 - m0 * 2", [undefined, 1, undefined, undefined]],
  ["(m0 + m1) / 2", [undefined, 3.5, undefined, undefined]],
  ["m0 / m1", [undefined, 0.4, undefined, undefined]],
  ["FILL(m0, 0) + FILL(m1, 0)", [1, 7, 4, 0]],
  ["FILL(m2, 0)", [undefined, undefined, undefined, undefined]],
  ["SUM([m0, m1, m2])", [1, 7, 4, undefined]],
  ["SUM([m0, 0 - m1])", [1, -3, -4, undefined]],
  ["MAX([m0, m1, m2])", [1, 5, 4, undefined]],
  ["100 * m0 / 50", [2, 4, undefined, undefined]],
])("metric math: %s", (text, wanted) => {
  const series = {
    m0: { values: [1, 2, undefined, undefined], known: true },
    m1: { values: [undefined, 5, 4, undefined], known: true },
    m2: { values: [undefined, undefined, undefined, undefined], known: false },
  } as const;
  expect(evaluate(text, (id) => series[id as keyof typeof series]).values).toEqual(wanted);
});

test("metric math that it does not know is refused", () => {
  const lookup = () => ({ values: [1], known: true });
  for (const text of ["SEARCH(m0)", "m0 m0", "MAX(m0)", "1 + 1", "FILL(m0, REPEAT)"]) {
    expect(() => evaluate(text, lookup)).toThrow();
  }
});

test("patterns of filters compare a text", () => {
  const pattern = '{ $.status = "429" }';
  expect(matchesPattern(pattern, '{"status":"429"}')).toBe(true);
  for (const line of ['{"status":"200","path":"/429"}', '{"status":429}', "[]"]) {
    expect(matchesPattern(pattern, line)).toBe(false);
  }
  expect(() => matchesPattern('{ $.status = "4*" }', "{}")).toThrow();
});
