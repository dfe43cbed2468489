/** The spellings of a UUID that Python's `uuid.UUID` reads. */
export const SPELLINGS = {
  lower: (uuid: string) => uuid,
  upper: (uuid: string) => uuid.toUpperCase(),
  mixed: (uuid: string) =>
    [...uuid].map((each, index) => (index % 2 === 0 ? each.toUpperCase() : each)).join(""),
  undashed: (uuid: string) => uuid.replaceAll("-", ""),
  "undashed upper": (uuid: string) => uuid.replaceAll("-", "").toUpperCase(),
  braces: (uuid: string) => `{${uuid}}`,
  urn: (uuid: string) => `urn:uuid:${uuid}`,
} as const;

export type Spelling = keyof typeof SPELLINGS;

export type Spell = (uuid: string) => string;

/** Keys of bodies and some queries take 36 characters only: the spelling, or the UUID itself. */
export const dashed =
  (spell: Spell): Spell =>
  (uuid) =>
    spell(uuid).length === uuid.length ? spell(uuid) : uuid;
