/**
 * Headers for an engine that requires them and checks none: signing costs more than a tenth of
 * the local server's processor time, and protects nothing between two processes of one machine.
 */
import type { Clock } from "../../../model/clock.ts";
import type { Operation } from "../connection.ts";
import type { Signed, Signer } from "./signing.ts";

/** In the form of Signature Version 4, by which engines tell tables of accounts apart. */
const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=local/20000101/us-east-1/dynamodb/aws4_request, " +
  "SignedHeaders=host, Signature=none";

export class UnsignedRequests implements Signer {
  readonly #clock: Pick<Clock, "now">;
  readonly #host: string;

  constructor(endpoint: URL, clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#host = endpoint.host;
  }

  async sign(operation: Operation, body: string): Promise<Signed> {
    const headers = {
      host: this.#host,
      "content-type": "application/x-amz-json-1.0",
      "content-length": String(Buffer.byteLength(body)),
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20000101T000000Z",
      authorization: AUTHORIZATION,
    };
    return { headers, at: this.#clock.now() };
  }

  corrects(): boolean {
    return false;
  }
}
