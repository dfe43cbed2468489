/** UUIDs as the API shows them, whichever of the spellings it takes somebody has. */

const SPELLED = /^\{*([0-9a-f-]{32,})\}*$/;
const PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** Undefined: the text is no UUID. */
export function uuidIn(text: string): string | undefined {
  const [, digits = ""] =
    SPELLED.exec(
      text
        .trim()
        .toLowerCase()
        .replace(/^urn:uuid:/, ""),
    ) ?? [];
  const parts = PARTS.exec(digits.replaceAll("-", ""));
  return parts?.slice(1).join("-");
}
