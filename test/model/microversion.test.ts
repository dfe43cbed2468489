/** The header `OpenStack-API-Version`, as Placement reads it. */
import { describe, expect, it } from "vitest";
import {
  MAX_MINOR,
  minor,
  requestedVersion,
  type VersionText,
  versionText,
} from "../../lib/model/microversion.ts";

describe("a requested version", () => {
  it.each([
    [undefined, 0],
    ["", 0],
    ["compute 2.1", 0],
    ["placement", 0],
    ["placement 1.0", 0],
    ["placement 1.39", MAX_MINOR],
    ["placement latest", MAX_MINOR],
    ["PlaceMent 1.5", 5],
    ["  placement   1.5  ", 5],
    ["compute 2.1, placement 1.7", 7],
    ["placement 1.7, compute 2.1", 7],
    ["placement 1.7,placement 1.8", 8],
    ["placement 1.+5", 5],
    ["placement +1.0_5", 5],
    ["placement 01.005", 5],
    ["placement 1.-0", 0],
    ["placement\u00851.6", 6],
  ])("of %j is served as 1.%d", (header, value) => {
    expect(requestedVersion(header)).toEqual({ kind: "served", minor: value });
  });

  it.each(["1.40", "1.-1", "0.5", "2.0", "-1.0", `1.${"9".repeat(400)}`])(
    "%s is not served",
    (text) => {
      expect(requestedVersion(`placement ${text}`)).toEqual({ kind: "unserved", text });
    },
  );

  it.each(["1", "1.", ".5", "1.x", "1.5.2", "1.5 2", "LATEST", "1._5", "1.5_", "1.0x5"])(
    "%s is malformed",
    (text) => {
      expect(requestedVersion(`placement ${text}`)).toEqual({ kind: "malformed", text });
    },
  );

  it("is malformed with more digits than Python reads", () => {
    const long = "0".repeat(4_300);
    expect(requestedVersion(`placement 1.${long}`)).toEqual({ kind: "served", minor: 0 });
    expect(requestedVersion(`placement 1.0${long}`).kind).toBe("malformed");
  });

  it("keeps no negative zero", () => {
    const requested = requestedVersion("placement 1.-0");
    expect(requested.kind === "served" && Object.is(requested.minor, 0)).toBe(true);
  });
});

describe("a version in the code", () => {
  it("is its minor number, and back", () => {
    for (let value = 0; value <= MAX_MINOR; value += 1) {
      expect(minor(versionText(value))).toBe(value);
    }
  });

  it.each(["1.40", "1.-1", "1.5x", "1.0.5"])("%s is refused", (text) => {
    expect(() => minor(text as VersionText)).toThrow(RangeError);
  });
});
