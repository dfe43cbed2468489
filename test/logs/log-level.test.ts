/** Which lines of the log `npm start` prints. */
import { describe, expect, test } from "vitest";
import { fromLevel, LOG_LEVELS } from "../../lib/local/log-level.ts";
import { parseOptions } from "../../lib/local/options.ts";
import { HttpClient } from "../support/http-client.ts";
import { Program } from "../support/program.ts";
import { until } from "../support/until.ts";

describe("the level", () => {
  const printed = (level: (typeof LOG_LEVELS)[number]) => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const log = fromLevel(level, (entry) => lines.push(entry));
    for (const each of [...LOG_LEVELS, undefined]) log({ level: each });
    return lines.map((entry) => entry["level"]);
  };

  test("is the least that is printed", () => {
    expect(printed("DEBUG")).toEqual(["DEBUG", "INFO", "WARN", "ERROR", undefined]);
    expect(printed("INFO")).toEqual(["INFO", "WARN", "ERROR", undefined]);
    expect(printed("WARN")).toEqual(["WARN", "ERROR", undefined]);
    expect(printed("ERROR")).toEqual(["ERROR", undefined]);
  });

  test("of npm start is WARN, or what is set", () => {
    expect(parseOptions([], {})?.logLevel).toBe("WARN");
    expect(parseOptions([], { PLACEMENT_LOG_LEVEL: "INFO" })?.logLevel).toBe("INFO");
    for (const level of ["info", "TRACE", "0"]) {
      expect(() => parseOptions([], { PLACEMENT_LOG_LEVEL: level })).toThrow(
        `PLACEMENT_LOG_LEVEL must be DEBUG, INFO, WARN or ERROR, not '${level}'`,
      );
    }
  });

  test.each([
    ["ERROR", 0, 0],
    [undefined, 0, 0],
    ["INFO", 1, 0],
    ["DEBUG", 1, 1],
  ] as const)("%s decides what npm start prints", async (level, requests, details) => {
    const environment = level === undefined ? {} : { PLACEMENT_LOG_LEVEL: level };
    const program = new Program({ args: ["--memory", "--port", "0"], environment });
    const http = new HttpClient(await program.ready());
    const headers = { "x-auth-token": "nobody" };
    await http.send({ method: "GET", path: "/traits", headers });
    await http.send({ method: "GET", path: "/healthz" });
    http.close();
    const count = (words: string) => program.stdout.split(`"message":"${words}"`).length - 1;
    if (details > 0) await until("a task has run", () => count("task") || undefined);
    expect(await program.stop()).toBe(0);
    expect(count("request")).toBe(requests);
    expect(count("stopping")).toBe(requests);
    expect(count("health check")).toBe(details);
    expect(count("task")).toBe(details);
  });
});
