import { type Uuid, uuidOrItself } from "../../lib/model/uuid.ts";

type Params = Readonly<Record<string, string>>;

/** The provider in the path; what is no UUID stands for itself, and is not found. */
export function providerIn(params: Params): Uuid {
  return uuidOrItself(params["uuid"] ?? "");
}

/** The consumer in the path. */
export function consumerIn(params: Params): Uuid {
  return uuidOrItself(params["consumer_uuid"] ?? "");
}
