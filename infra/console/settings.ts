/** The setting `console`: what `props.ts` describes, with ARNs in place of constructs. */
import * as z from "zod";
import { isOrigin } from "../../lib/api/console/config.ts";

export const MAX_CONNECT = 10;
export const MAX_SCOPES = 20;

/** RFC 6749, 3.3. */
const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, "a scope without spaces");

export const consoleSchema = z.strictObject({
  endpoint: z.enum(["keystone", "jwt"]).optional(),
  clientId: z.string().min(1).max(255).optional(),
  scopes: z.array(scope).min(1).max(MAX_SCOPES).optional(),
  connect: z
    .array(z.string().refine(isOrigin, "an origin like https://HOST:PORT"))
    .max(MAX_CONNECT)
    .optional(),
  domainName: z
    .string()
    .regex(/^([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/, "a domain name in lower case")
    .optional(),
  certificateArn: z
    .string()
    .regex(/^arn:[a-z-]+:acm:us-east-1:\d{12}:\S+$/, "the ARN of a certificate in us-east-1")
    .optional(),
});

export type ConsoleSettings = z.infer<typeof consoleSchema>;
