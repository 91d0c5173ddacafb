import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** A proxy as companies have it: it opens tunnels, and says what it was asked for. */
export interface ConnectProxy {
  readonly url: string;
  /** Each `host:port` for which a tunnel was asked, in order. */
  readonly tunnels: readonly string[];
  /** All that went through it, in both directions, as far as a proxy can read it. */
  seen(): string;
  close(): Promise<void>;
}

/** `places`: the local port behind each `host:port`; a tunnel to anything else is refused. */
export async function startConnectProxy(places: Readonly<Record<string, number>>): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket =>
    socket
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("error", () => undefined)
      .on("close", () => sockets.delete(socket));
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on("connect", ({ url = "", rawHeaders }: IncomingMessage, near: Socket) => {
    tunnels.push(url);
    chunks.push(Buffer.from(rawHeaders.join("\n")));
    const port = places[url];
    if (port === undefined) return near.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const far = connect(port, "127.0.0.1", () => {
      near.write("HTTP/1.1 200 Connection established\r\n\r\n");
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) sockets.add(keep(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    seen: () => Buffer.concat(chunks).toString("latin1"),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
