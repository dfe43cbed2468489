/** Leases in a dump with pseudonyms: the loaded table goes on with them. */
import { expect, test } from "vitest";
import { Pseudonyms } from "../../lib/store/maintenance/dump/pseudonyms.ts";
import { dump, load } from "../support/dumps.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { leaseRequests, MARGIN } from "../support/leases.ts";
import { randomUuid } from "../support/uuids.ts";
import { makeProvider, readUsages } from "../support/world.ts";

const names = new Pseudonyms("a secret of the owner");
const clock = fastClock();
const source = useApi({ clock });
const target = useApi({ clock, verified: "never" });
const from = leaseRequests(() => source);
const to = leaseRequests(() => target);

test("leases keep their ends and versions, and are renewed and released under the pseudonyms", async () => {
  const host = await makeProvider(source, { VCPU: 8 });
  const uuids = [randomUuid(), randomUuid(), randomUuid()] as const;
  for (const uuid of uuids) await from.hold(uuid, { [host]: { VCPU: 1 } }, 600);
  await from.renew(uuids[0], 900);
  await from.confirm(uuids[2]);
  const { lines, unreadable } = await dump(source, { pseudonyms: names });
  expect(unreadable).toEqual([]);
  for (const uuid of uuids) expect(lines.join()).not.toContain(uuid);
  await load(target, lines);

  for (const uuid of uuids) {
    const { expires_at: end, lease_version: version } = (await from.show(uuid)).body;
    const shown = (await to.show(names.uuid(uuid))).body;
    expect([shown.expires_at, shown.lease_version]).toEqual([end, version]);
    expect(await to.listed(names.uuid(uuid))).toEqual(await from.listed(uuid));
  }
  expect((await to.renew(names.uuid(uuids[0]), 1_200)).status).toBe(200);
  // A sweep knows that it was not held up by an outage only from the one before.
  for (let seconds = 0; seconds < 600; seconds += 60) {
    await to.sweep();
    clock.pass(60_000);
  }
  clock.pass(MARGIN);
  expect(await to.sweep()).toMatchObject({ done: 1 });
  expect((await to.show(names.uuid(uuids[1]))).status).toBe(404);
  expect(await readUsages(target, names.uuid(host))).toEqual({ VCPU: 2 });
});
