/** EventBridge: a bus that keeps what is put on it. */
import * as z from "zod";
import { ACCOUNT, REGION } from "../assembly/resolver.ts";
import type { Service } from "./services.ts";

const inputSchema = z.object({
  Entries: z.array(
    z.object({
      EventBusName: z.string(),
      Source: z.string(),
      DetailType: z.string(),
      Detail: z.string(),
    }),
  ),
});

export type BusEntry = z.infer<typeof inputSchema>["Entries"][number];

/** @param bus gets all entries */
export function eventBridge(bus: BusEntry[]): Service {
  const entriesOf = (body: Buffer) => inputSchema.parse(JSON.parse(body.toString("utf8"))).Entries;
  return {
    target: "AWSEvents",
    needs: ({ operation, body }) =>
      entriesOf(body).map(({ EventBusName: name }) => ({
        action: `events:${operation}`,
        resource: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`,
      })),
    answer: async ({ body }, response) => {
      const entries = entriesOf(body);
      bus.push(...entries);
      const Entries = entries.map((_, index) => ({ EventId: String(bus.length - index) }));
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify({ FailedEntryCount: 0, Entries }));
    },
  };
}
