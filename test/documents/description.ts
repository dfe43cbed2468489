/** What the OpenAPI document says of an answer. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { type Minor, minor, type VersionText } from "../../lib/model/microversion.ts";

type Json = Readonly<Record<string, unknown>>;

export interface DescribedAnswer {
  readonly method: string;
  /** The path of the document, for example `/traits/{name}`. */
  readonly path: string;
  /** The microversion that was asked for; undefined if it is none that is served. */
  readonly version: Minor | undefined;
  readonly status: number;
  readonly contentType: string | undefined;
  /** Parsed, if it is JSON. */
  readonly body: unknown;
}

export type UnroutedAnswer = Omit<DescribedAnswer, "method" | "path">;

/** What comes before routing, and what routing itself refuses. */
const UNROUTED: readonly number[] = [400, 401, 404, 405, 406];

interface VersionNote {
  readonly "min-ver": VersionText;
  readonly "max-ver"?: VersionText;
}

export class Description {
  readonly #document: Json;
  readonly #ajv = new Ajv2020({ strict: false });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: Json) {
    this.#document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ ...document, $id: "openapi" });
  }

  /** In words, what the document does not describe; undefined if it describes all of it. */
  fault(answer: DescribedAnswer): string | undefined {
    const { method, path, status, contentType } = answer;
    const pointer = ["paths", path, method.toLowerCase(), "responses", String(status)];
    const response = this.#at(pointer);
    if (response === undefined) return `${method} ${path} has no ${status}`;
    const note = response["x-openstack"] as VersionNote | undefined;
    if (answer.version !== undefined && !holds(note, answer.version)) {
      return `${method} ${path} has ${status} in other versions only`;
    }
    const media = contentType?.split(";")[0];
    const described = Object.keys((response["content"] as Json | undefined) ?? {});
    if (media === undefined || described.length === 0) {
      if (media === undefined && described.length === 0 && !answer.body) return undefined;
      return `${method} ${path} ${status}: content type ${media}, described: ${described.join()}`;
    }
    if (!described.includes(media)) return `${method} ${path} ${status}: content type ${media}`;
    return this.#bodyFault([...pointer, "content", media, "schema"], answer);
  }

  /** The same of an answer to what no route takes, which has no place in the document. */
  unroutedFault(method: string, answer: UnroutedAnswer): string | undefined {
    const { status, contentType = "", body } = answer;
    if (!UNROUTED.includes(status)) return `${status} to ${method} of no route`;
    if (method === "HEAD") return undefined;
    const [media] = contentType.split(";");
    if (media === "text/html" || media === "text/plain") return undefined;
    if (media !== "application/json") return `${status}: content type ${contentType}`;
    const name = status === 401 ? "Unauthorized" : "Errors";
    const validate = this.#validator(`openapi#/components/schemas/${name}`);
    return validate(body) ? undefined : `${status}: ${this.#ajv.errorsText(validate.errors)}`;
  }

  #bodyFault(pointer: readonly string[], answer: DescribedAnswer): string | undefined {
    const validate = this.#validator(this.#alternative(pointer, answer.version));
    if (validate(answer.body)) return undefined;
    const errors = this.#ajv.errorsText(validate.errors);
    return `${answer.method} ${answer.path} ${answer.status}: ${errors}: ${JSON.stringify(answer.body)}`;
  }

  /** The schema itself, or the one of the alternatives that the version chooses. */
  #alternative(pointer: readonly string[], version: Minor | undefined): string {
    const schema = this.#at(pointer);
    const note = schema?.["x-openstack"] as Json | undefined;
    if (note?.["discriminator"] !== "microversion" || version === undefined) {
      return `openapi#/${pointer.map(escaped).join("/")}`;
    }
    const alternatives = (schema?.["anyOf"] ?? []) as readonly { readonly $ref: string }[];
    const found = alternatives.find(({ $ref }) => {
      const named = this.#at($ref.slice(2).split("/"));
      return holds(named?.["x-openstack"] as VersionNote, version);
    });
    if (found === undefined) throw new Error(`no schema for 1.${version} at ${pointer.join(" ")}`);
    return `openapi${found.$ref}`;
  }

  #validator(reference: string): ValidateFunction {
    const made = this.#validators.get(reference) ?? this.#ajv.compile({ $ref: reference });
    this.#validators.set(reference, made);
    return made;
  }

  #at(pointer: readonly string[]): Json | undefined {
    let value: unknown = this.#document;
    for (const key of pointer) value = (value as Json | undefined)?.[key];
    return value as Json | undefined;
  }
}

function holds(note: VersionNote | undefined, version: Minor): boolean {
  if (note === undefined) return true;
  const { "min-ver": from, "max-ver": to } = note;
  return minor(from) <= version && (to === undefined || version <= minor(to));
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}
