/** The parameters of a path: declared with a parser each, parsed once for each request. */
import { type Uuid, uuidOrItself } from "../model/uuid.ts";

/** Parses the decoded text of a parameter, or throws the refusal of what it does not accept. */
export type ParserOf<T> = (text: string) => T;

export type Parsers = Readonly<Record<string, ParserOf<unknown>>>;
export type ParsedParams = Readonly<Record<string, unknown>>;

/** What parsers make of the parameters of a path. */
export type ParsedBy<Given extends Parsers> = {
  readonly [Name in keyof Given]: ReturnType<Given[Name]>;
};

/** A UUID; any other text is kept as it is, since Placement looks that up too. */
export const uuidParameter: ParserOf<Uuid> = uuidOrItself;

/** A name, as it is. */
export const nameParameter: ParserOf<string> = (text) => text;

/** @throws what the parsers throw */
export function parseParams(
  given: Readonly<Record<string, string>>,
  parsers: Parsers = {},
): ParsedParams {
  const parsed = Object.entries(parsers).map(
    ([name, parse]) => [name, parse(given[name] ?? "")] as const,
  );
  return Object.fromEntries(parsed);
}
