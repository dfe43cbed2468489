/** Several servers on one table, each with its own connection and its own caches. */
import { type Api, type ApiOptions, startApi } from "./api.ts";

export interface Servers {
  readonly first: Api;
  readonly all: readonly Api[];
  /** The server for number `index`, in turn. */
  of(index: number): Api;
  items: Api["items"];
  close(): Promise<void>;
}

export async function startServers(count: number, options: ApiOptions = {}): Promise<Servers> {
  const first = await startApi(options);
  const { tableName } = first;
  const others = await Promise.all(
    Array.from({ length: count - 1 }, () => startApi({ ...options, tableName })),
  );
  const all = [first, ...others];
  return {
    first,
    all,
    of: (index) => all[index % all.length] as Api,
    items: () => first.items(),
    close: async () => {
      await Promise.all(others.map((api) => api.close()));
      await first.close();
    },
  };
}
