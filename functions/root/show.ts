import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { MAX_MINOR, MIN_MINOR, versionText } from "../../lib/model/microversion.ts";
import { rootAnswers } from "./answers.ts";

/** API reference, "List Versions". */
export const showRoot = defineOperation({
  id: "root/show",
  summary: "Show the versions of the service",
  route: "GET /",
  since: "1.0",
  access: [],
  ignoresAccept: true,
  answers: rootAnswers,
  refusals: [],
  async run(_request, { clock }) {
    const version = {
      id: "v1.0",
      min_version: versionText(MIN_MINOR),
      max_version: versionText(MAX_MINOR),
      status: "CURRENT",
      links: [{ rel: "self", href: "" }],
    };
    return { status: 200, body: { versions: [version] }, lastModified: clock.now() };
  },
});

export const handler = lambda(showRoot);
