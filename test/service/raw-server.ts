import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from "./test-certificate.ts";

/** One connection as a raw server sees it. */
export interface Seen {
  readonly socket: Socket;
  /** All that came so far. */
  text: string;
  /** True for the chunk with which the head of a request became complete. */
  readonly headDone: boolean;
  /** True for the chunk with which the announced body became complete. */
  readonly bodyDone: boolean;
}

export interface RawServer {
  readonly port: number;
  readonly url: string;
  /** Everything that each connection sent, in order of connecting. */
  readonly heard: string[];
  /** How often the beginning of a request was seen, over all connections. */
  requests(): number;
  close(): Promise<void>;
}

export interface RawBehaviour {
  readonly onConnect?: (socket: Socket) => void;
  readonly onData?: (seen: Seen) => void;
}

/** A server that does to sockets what the test wants, on a free port of 127.0.0.1. */
export async function startRawServer(behaviour: RawBehaviour, tls = false): Promise<RawServer> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    const index = heard.push("") - 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    behaviour.onConnect?.(socket);
    socket.on("data", (chunk: Buffer) => {
      const before = heard[index] ?? "";
      const text = before + chunk.toString("latin1");
      heard[index] = text;
      const headDone = text.includes("\r\n\r\n") && !before.includes("\r\n\r\n");
      behaviour.onData?.({ socket, text, headDone, bodyDone: isWhole(text) && !isWhole(before) });
    });
  };
  const server: Server = tls
    ? createTlsServer({ cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY }, onSocket).on(
        "tlsClientError",
        () => undefined,
      )
    : createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    heard,
    requests: () => heard.join("\n").match(/(POST|GET) \//g)?.length ?? 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A whole answer with its length, closing the connection unless told otherwise. */
export function answer(status: string, body: string, headers: readonly string[] = []): string {
  const lines = [`HTTP/1.1 ${status}`, `content-length: ${Buffer.byteLength(body)}`, ...headers, "", body];
  return lines.join("\r\n");
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await startRawServer({});
  await server.close();
  return server.port;
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  return text.length - end - 4 >= length;
}
