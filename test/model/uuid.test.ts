/** UUIDs in every form that clients send, and as bytes. */
import { describe, expect, it } from "vitest";
import { writtenAggregates } from "../../lib/model/aggregates.ts";
import {
  bytesToUuid,
  isCanonicalUuid,
  isUuidLike,
  parseUuid,
  uuidOrItself,
  uuidToBytes,
} from "../../lib/model/uuid.ts";
import { uuidOf } from "../support/uuids.ts";

const UUID = "0123abcd-4567-89ef-0123-456789abcdef";
const HEX = UUID.replaceAll("-", "");

describe("a uuid", () => {
  it.each([
    UUID,
    UUID.toUpperCase(),
    HEX,
    `{${UUID}}`,
    `{{${HEX}}`,
    `}${UUID}{`,
    `urn:uuid:${UUID}`,
    `uuid:${UUID}`,
    `-${HEX}-`,
    HEX.match(/../g)?.join("-") ?? "",
  ])("is read from %s", (text) => {
    expect(parseUuid(text)).toBe(UUID);
    expect(isUuidLike(text)).toBe(true);
    expect(uuidOrItself(text)).toBe(UUID);
  });

  it.each([
    "",
    HEX.slice(1),
    `${HEX}0`,
    `g${HEX.slice(1)}`,
    ` ${UUID}`,
    `${UUID}\n`,
    `urn:urn:uuid:${UUID}`,
    `URN:UUID:${UUID}`,
    `${HEX.slice(0, 16)}{}${HEX.slice(16)}`,
    `${"-".repeat(40)}${HEX}`,
  ])("is not read from %j", (text) => {
    expect(parseUuid(text)).toBeUndefined();
    expect(isUuidLike(text)).toBe(false);
    expect(uuidOrItself(text)).toBe(text);
  });

  it("is canonical in lower case with its dashes alone", () => {
    expect(isCanonicalUuid(UUID)).toBe(true);
    for (const text of [UUID.toUpperCase(), HEX, `{${UUID}}`, `${UUID}\n`, ""]) {
      expect(isCanonicalUuid(text)).toBe(false);
    }
  });

  it("is the same after it was bytes", () => {
    const bytes = uuidToBytes(uuidOf(UUID));
    expect([...bytes.slice(0, 5), bytes.length]).toEqual([0x01, 0x23, 0xab, 0xcd, 0x45, 16]);
    expect(bytesToUuid(bytes)).toBe(UUID);
    expect(bytesToUuid(new Uint8Array(16))).toBe("00000000-0000-0000-0000-000000000000");
  });
});

describe("aggregates", () => {
  it("are compared as uuids and shown as they were written first", () => {
    const other = uuidOf(HEX.replace("0", "f"));
    const written = writtenAggregates([UUID.toUpperCase(), other, UUID, "none", HEX]);
    expect([...written]).toEqual([
      [UUID, UUID.toUpperCase()],
      [other, other],
    ]);
  });
});
