/** Secrets Manager, with the secrets that a deployment's operator has stored. */
import * as z from "zod";
import { refuse, type Service } from "./services.ts";

const inputSchema = z.object({ SecretId: z.string() });

/** @param secrets their text by ARN */
export function secretsManager(secrets: ReadonlyMap<string, string>): Service {
  const idOf = (body: Buffer) => inputSchema.parse(JSON.parse(body.toString("utf8"))).SecretId;
  return {
    target: "secretsmanager",
    needs: ({ operation, body }) => [
      { action: `secretsmanager:${operation}`, resource: idOf(body) },
    ],
    answer: async ({ operation, body }, response) => {
      const arn = idOf(body);
      const text = secrets.get(arn);
      if (operation !== "GetSecretValue" || text === undefined) {
        return refuse(response, 400, "ResourceNotFoundException", `there is no secret ${arn}`);
      }
      const answer = { ARN: arn, Name: arn, VersionId: "1", SecretString: text };
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer));
    },
  };
}
