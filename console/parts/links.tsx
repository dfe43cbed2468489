/** Links to the views of things. */
import { useApp } from "../data/app.ts";
import { consumerHash, providerHash } from "../model/route.ts";
import { ago, clockTime, shortId } from "../model/units.ts";

export function ProviderLink({ uuid, name }: { readonly uuid: string; readonly name?: string }) {
  const { fleet } = useApp();
  // So that names appear when they are known.
  fleet.version.value;
  return (
    <a href={providerHash(uuid)} title={uuid}>
      {name ?? fleet.nameOf(uuid)}
    </a>
  );
}

export function ConsumerLink({ uuid, isShort = false }: { uuid: string; isShort?: boolean }) {
  return (
    <a class="id" href={consumerHash(uuid)} title={uuid}>
      {isShort ? shortId(uuid) : uuid}
    </a>
  );
}

/** How long ago, and exactly on demand. */
export function When({ time }: { readonly time: string | undefined }) {
  const { now } = useApp();
  if (time === undefined) return <span class="faint">–</span>;
  return (
    <time dateTime={time} title={clockTime(time)}>
      {ago(time, now.value)}
    </time>
  );
}
