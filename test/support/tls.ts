/** TLS before a server on this machine, under a certificate for `localhost` of the tests' own authority. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import { fileURLToPath } from "node:url";

const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** The file of the authority's certificate, which no system trusts. */
export const AUTHORITY = fixture("ca.pem");

export interface TlsFront {
  /** By the name in the certificate, or by an address that it does not hold. */
  url(host?: "localhost" | "127.0.0.1"): string;
  close(): void;
}

/** @param target the URL of a server that speaks HTTP */
export async function startTls(target: string): Promise<TlsFront> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer(
    { cert: readFileSync(fixture("server.pem")), key: readFileSync(fixture("server-key.pem")) },
    (client) => {
      const behind = connect(Number(port), hostname);
      for (const socket of [client, behind]) {
        sockets.add(socket);
        socket.on("error", () => socket.destroy());
      }
      client.pipe(behind).pipe(client);
    },
  );
  // A client that does not trust the certificate ends the handshake.
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = (server.address() as AddressInfo).port;
  return {
    url: (host = "localhost") => `https://${host}:${own}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
