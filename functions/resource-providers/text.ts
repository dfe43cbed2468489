/** A list of providers as the API shows it, as JSON text joined from parts. */
import type { BodyText } from "../../lib/api/answer.ts";
import { LIMITS } from "../../lib/api/limits.ts";
import { AnswerTooLarge } from "../../lib/api/refusals.ts";
import { jsonNumber, jsonString } from "../../lib/model/json-text.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { Provider } from "../../lib/model/provider.ts";
import { relationsAt } from "./document.ts";

/** The same as `providerDocument` says of each. */
export function providersText(providers: readonly Provider[], version: Minor): BodyText {
  return (basePath) => {
    const textOf = providerText(basePath, version);
    let text = "";
    for (const provider of providers) {
      text += text === "" ? textOf(provider) : `,${textOf(provider)}`;
      if (text.length > LIMITS.answerLength) throw new AnswerTooLarge(false);
    }
    return `{"resource_providers":[${text}]}`;
  };
}

function providerText(basePath: string, version: Minor): (provider: Provider) => string {
  const nested = version >= minor("1.14");
  const start = `,"links":[{"rel":"self","href":"${inside(basePath)}/resource_providers/`;
  const relations = relationsAt(version).map((rel) => ({
    before: `"},{"rel":"${rel}","href":"${inside(basePath)}/resource_providers/`,
    after: `/${rel}`,
  }));
  return ({ state, profile }) => {
    const uuid = jsonString(state.uuid);
    const within = uuid.slice(1, -1);
    let text = `{"uuid":${uuid},"name":${jsonString(profile.name)}`;
    text += `,"generation":${jsonNumber(state.generation)}`;
    if (nested) {
      const { parent, root } = profile;
      const above = parent === undefined ? "null" : jsonString(parent);
      text += `,"parent_provider_uuid":${above},"root_provider_uuid":${jsonString(root)}`;
    }
    text += start + within;
    for (const { before, after } of relations) text += before + within + after;
    return `${text}"}]}`;
  };
}

/** A text as it stands between the quotes of another. */
function inside(text: string): string {
  return jsonString(text).slice(1, -1);
}
