/** Which lines of the log `npm start` prints. */
import { describe, expect, test } from "vitest";
import { fromLevel, LOG_LEVELS } from "../../lib/local/log-level.ts";
import { parseOptions } from "../../lib/local/options.ts";
import { Program } from "../support/program.ts";

describe("the level", () => {
  const printed = (level: (typeof LOG_LEVELS)[number]) => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const log = fromLevel(level, (entry) => lines.push(entry));
    for (const each of [...LOG_LEVELS, undefined]) log({ level: each });
    return lines.map((entry) => entry["level"]);
  };

  test("is the least that is printed", () => {
    expect(printed("INFO")).toEqual(["INFO", "WARN", "ERROR", undefined]);
    expect(printed("WARN")).toEqual(["WARN", "ERROR", undefined]);
    expect(printed("ERROR")).toEqual(["ERROR", undefined]);
  });

  test("of npm start is WARN, or what is set", () => {
    expect(parseOptions([], {})?.logLevel).toBe("WARN");
    expect(parseOptions([], { PLACEMENT_LOG_LEVEL: "INFO" })?.logLevel).toBe("INFO");
    for (const level of ["info", "DEBUG", "0"]) {
      expect(() => parseOptions([], { PLACEMENT_LOG_LEVEL: level })).toThrow(
        `PLACEMENT_LOG_LEVEL must be INFO, WARN or ERROR, not '${level}'`,
      );
    }
  });

  test("decides whether npm start prints its requests", async () => {
    for (const [environment, count] of [
      [{}, 0],
      [{ PLACEMENT_LOG_LEVEL: "INFO" }, 1],
    ] as const) {
      const program = new Program({ args: ["--memory", "--port", "0"], environment });
      const url = await program.ready();
      await fetch(`${url}/traits`, { headers: { "x-auth-token": "nobody" } });
      expect(await program.stop()).toBe(0);
      expect(program.stdout.match(/"message":"request"/g) ?? []).toHaveLength(count);
    }
  });
});
