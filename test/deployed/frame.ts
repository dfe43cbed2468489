/** The frame of a test file: one deployment, played from the start to the end of its tests. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type AssemblySettings, synthesised } from "../programs/deployed/assembly/synthesise.ts";
import type { Refused } from "../programs/deployed/aws/services.ts";
import {
  type Deployment,
  type DeploymentOptions,
  type Kind,
  playDeployment,
} from "../programs/deployed/deployment.ts";
import { keystoneToken, type Send, sender, signer } from "./callers.ts";

/** Milliseconds: the assembly may have to be made first. */
const START = 300_000;

export interface Played {
  readonly deployment: Deployment;
  /** Calls to AWS that a role did not allow, since the test began. */
  readonly refused: Refused[];
  url(kind: Kind): string;
  /** Of an administrator. */
  admin(kind: Kind): Promise<Send>;
}

export interface FrameOptions extends Pick<DeploymentOptions, "change"> {
  readonly settings?: AssemblySettings;
  /** Before all paths: the stage of a REST API. */
  readonly basePath?: string;
}

/** Its members exist from the next `beforeAll` of the file on. */
export function useDeployment({ settings, basePath = "", change }: FrameOptions = {}): Played {
  const played = {} as Played;
  beforeAll(async () => Object.assign(played, await start({ settings, basePath, change })), START);
  beforeEach(() => {
    played.refused.length = 0;
  });
  afterAll(() => played.deployment?.close());
  return played;
}

async function start({
  settings,
  basePath,
  change,
}: {
  readonly settings: AssemblySettings | undefined;
  readonly basePath: string;
  readonly change: DeploymentOptions["change"] | undefined;
}): Promise<Played> {
  const refused: Refused[] = [];
  const deployment = await playDeployment({
    folder: await synthesised(settings),
    onRefused: (each) => refused.push(each),
    ...(change === undefined ? {} : { change }),
  });
  const urls = new Map<Kind, string>();
  for (const kind of ["iam", "keystone", "jwt"] as const) {
    urls.set(kind, `${(await deployment.serve(kind)).url}${basePath}`);
  }
  const url = (kind: Kind) => urls.get(kind) ?? "";
  const admin = async (kind: Kind) => {
    if (kind === "keystone") return sender(url(kind), keystoneToken("u", "p", "admin"));
    if (kind === "iam") return signer(url(kind), principalOf(deployment, "admin"));
    const token = await deployment.issuer.sign({ sub: "u", project_id: "p", roles: ["admin"] });
    return sender(url(kind), { authorization: `Bearer ${token}` });
  };
  return { deployment, refused, url, admin };
}

/** @throws Error if there is none */
export function principalOf({ principals }: Deployment, name: string) {
  const found = principals.get(name);
  if (found === undefined) throw new Error(`there is no principal ${name}`);
  return found;
}
