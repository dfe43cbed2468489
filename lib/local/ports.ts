/** TCP ports of this machine. */
import { createServer, connect as openSocket } from "node:net";

/** Where a program listens. */
export interface Listener {
  /** An address of version 4. */
  readonly host: string;
  readonly port: number;
}

/** Whether something listens there. */
export function accepts({ host, port }: Listener): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket({ port, host });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

/**
 * A TCP port of `host`, an address of this machine, that nobody uses at the moment.
 * @throws the system's error of `listen`, with `code` `EADDRNOTAVAIL` if there is no such address
 */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
