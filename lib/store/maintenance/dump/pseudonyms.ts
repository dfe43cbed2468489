/**
 * Pseudonyms for what a dump would tell about its owner: ids and names. The same secret gives
 * the same pseudonyms, so that two dumps can be compared; without it no pseudonym can be
 * computed from what it stands for.
 */
import { createHmac } from "node:crypto";
import {
  bytesToUuid,
  isCanonicalUuid,
  parseUuid,
  storedUuid,
  type Uuid,
} from "../../../model/uuid.ts";
import { userHash } from "../../items/project-consumer.ts";

const UUID_BYTES = 16;
/** Characters of a text's pseudonym, in hex. */
const LENGTH = 16;

export class Pseudonyms {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** An earlier release may have stored a UUID in capitals: its pseudonym is in capitals too. */
  uuid(given: Uuid): Uuid {
    if (isCanonicalUuid(given)) return this.#uuid(given);
    const canonical = parseUuid(given);
    return canonical === undefined ? this.#uuid(given) : storedUuid(this.#spelt(canonical));
  }

  /** A text of a UUID that is not in its canonical form, as clients wrote it. */
  spelling(written: string): string {
    return isCanonicalUuid(written)
      ? this.#uuid(written)
      : this.#spelt(parseUuid(written) ?? written);
  }

  provider(name: string): string {
    return `provider-${this.#text("name", name)}`;
  }

  /** Of a custom resource class or trait. */
  custom(name: string): string {
    return `CUSTOM_${this.#text("custom", name).toUpperCase()}`;
  }

  project(project: string): string {
    return `project-${this.#text("project", project)}`;
  }

  user(user: string): string {
    return this.userOf(userHash(user));
  }

  /** From the hash of the user, since some keys have nothing else. */
  userOf(hash: string): string {
    return `user-${this.#text("user", hash)}`;
  }

  #uuid(given: string): Uuid {
    return bytesToUuid(this.#bytes("uuid", given).subarray(0, UUID_BYTES));
  }

  #spelt(given: string): string {
    return this.#uuid(given).toUpperCase();
  }

  #text(kind: string, given: string): string {
    return this.#bytes(kind, given).toString("hex").slice(0, LENGTH);
  }

  #bytes(kind: string, given: string): Buffer {
    return createHmac("sha256", this.#secret).update(`${kind}\n${given}`).digest();
  }
}
