import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";

/** Files of this machine under loopback URLs, so that a rehearsal can be given clips and videos by link. */
export interface Share {
  urlOf(path: string): string;
  close(): Promise<void>;
}

/** Only what `urlOf` was asked for can be read, under a name that cannot be guessed. */
export async function openShare(): Promise<Share> {
  const paths = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = paths.get(request.url ?? "");
    if (path === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "video/mp4", "content-length": statSync(path).size });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const known = new Map<string, string>();
  return {
    urlOf: (path) => {
      const name = known.get(path) ?? `/${randomUUID()}.mp4`;
      known.set(path, name);
      paths.set(name, path);
      return `http://127.0.0.1:${port}${name}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
