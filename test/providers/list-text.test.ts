/** A list of providers is the text of their documents, at every version and behind every base path. */
import { expect, test } from "vitest";
import { providerDocument } from "../../functions/resource-providers/document.ts";
import { providersText } from "../../functions/resource-providers/text.ts";
import { MAX_MINOR } from "../../lib/model/microversion.ts";
import { fleetProvider, fleetUuid } from "../support/fleet.ts";

const NAMES = ["host", 'a "quoted" \\ name', "\u0000\ud800 ü", ""];
const providers = NAMES.map((name, index) => {
  const parent = index % 2 === 0 ? {} : { parent: fleetUuid(1, index - 1) };
  const made = fleetProvider({ uuid: fleetUuid(1, index), ...parent });
  return { state: made.state, profile: { ...made.profile, name } };
});

test("the text is that of the documents", () => {
  for (let version = 0; version <= MAX_MINOR; version += 1) {
    const documents = providers.map((provider) => providerDocument(provider, version));
    const text = JSON.stringify({ resource_providers: documents });
    expect(providersText(providers, version)("")).toBe(text);
    const behind = text.replaceAll('"href":"/', '"href":"/placement/v1/');
    expect(providersText(providers, version)("/placement/v1")).toBe(behind);
  }
  expect(providersText([], 39)("/x")).toBe('{"resource_providers":[]}');
});
