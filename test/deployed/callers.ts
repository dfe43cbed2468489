/** Requests to a played endpoint, with each kind of credential. */
import { SignatureV4 } from "@smithy/signature-v4";
import { REGION } from "../programs/deployed/assembly/resolver.ts";
import { type Principal, Sha256 } from "../programs/deployed/gateway/signature.ts";
import { tokenOf } from "../programs/deployed/shim.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of every form
  readonly body: any;
}

interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Send = (method: string, path: string, options?: RequestOptions) => Promise<Answer>;

const VERSION = { accept: "application/json", "openstack-api-version": "placement 1.39" };

/** @param url without a slash at the end; with its base path */
export function sender(url: string, own: Readonly<Record<string, string>> = {}): Send {
  return async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...VERSION, ...typed(body), ...own, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answerOf(response);
  };
}

/** Signs each request. */
export function signer(url: string, { accessKey, secretKey }: Omit<Principal, "userId">): Send {
  const signature = new SignatureV4({
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    region: REGION,
    service: "execute-api",
    sha256: Sha256,
  });
  return async (method, path, { body, headers = {} } = {}) => {
    const { host, hostname, pathname, searchParams } = new URL(`${url}${path}`);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const signed = await signature.sign({
      method,
      protocol: "http:",
      hostname,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: { host, ...VERSION, ...typed(body), ...headers },
      body: text,
    });
    const response = await fetch(`${url}${path}`, {
      method,
      headers: signed.headers,
      ...(text === undefined ? {} : { body: text }),
    });
    return answerOf(response);
  };
}

/** A token that the stub Keystone knows. */
export const keystoneToken = (user: string, project: string, ...roles: string[]) => ({
  "x-auth-token": tokenOf({ user, project, roles, system: false }),
});

function typed(body: unknown): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  const body = isJson && text !== "" ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}
