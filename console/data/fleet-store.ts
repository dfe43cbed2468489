/** The providers of the service, read in pages, and again where events say that they changed. */
import { type Signal, signal } from "@preact/signals";
import type { PlacementClient } from "../../lib/client/client.ts";
import { Fleet } from "../model/fleet.ts";
import { INCLUDED, providerOf } from "../model/provider.ts";
import type { Loaded } from "./loaded.ts";

/** The first page is small, so that something is seen at once. */
const [FIRST_PAGE, PAGE] = [200, 1_000] as const;
/** A million providers; a page may be shorter than asked for. */
const MAX_PAGES = 2_000;
/** Uuids of one request. */
const AT_ONCE = 200;

export class FleetStore {
  readonly fleet = new Fleet();
  /** Rises with each change of `fleet`. */
  readonly version: Signal<number> = signal(0);
  readonly load$: Signal<Loaded<null>> = signal({ state: "loading" });
  readonly #client: PlacementClient<"1.39">;
  #run = 0;

  constructor(client: PlacementClient<"1.39">) {
    this.#client = client;
  }

  /** Reads all; a later call ends an earlier one. Does not throw. */
  async load(): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    this.load$.value = { state: "loading" };
    const seen = new Set<string>();
    try {
      let marker: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const limit = String(page === 0 ? FIRST_PAGE : PAGE);
        const { body } = await this.#client.call("resource-providers/list", {
          parameters: { include: INCLUDED, limit, marker },
        });
        if (run !== this.#run) return;
        const providers = body.resource_providers.map(providerOf);
        for (const { uuid } of providers) seen.add(uuid);
        this.fleet.put(providers);
        this.version.value += 1;
        marker = body.next_marker ?? undefined;
        if (marker === undefined) break;
      }
      this.#keepOnly(seen);
      this.load$.value = { state: "ready", value: null };
    } catch (error) {
      if (run === this.#run) this.load$.value = { state: "failed", error };
    }
  }

  /** Reads these again; those that are gone are forgotten. @throws what `call` throws */
  async refresh(uuids: readonly string[]): Promise<void> {
    for (let from = 0; from < uuids.length; from += AT_ONCE) {
      const some = uuids.slice(from, from + AT_ONCE);
      const { body } = await this.#client.call("resource-providers/list", {
        parameters: { uuid: `in:${some.join(",")}`, include: INCLUDED },
      });
      const found = new Set(body.resource_providers.map(({ uuid }) => uuid));
      for (const uuid of some) if (!found.has(uuid)) this.fleet.remove(uuid);
      this.fleet.put(body.resource_providers.map(providerOf));
    }
    if (uuids.length > 0) this.version.value += 1;
  }

  nameOf(uuid: string): string {
    return this.fleet.get(uuid)?.name ?? uuid;
  }

  /** What an earlier reading found and this one did not, is gone. */
  #keepOnly(seen: ReadonlySet<string>): void {
    const gone = [...this.fleet.providers()].filter(({ uuid }) => !seen.has(uuid));
    for (const { uuid } of gone) this.fleet.remove(uuid);
    if (gone.length > 0) this.version.value += 1;
  }
}
