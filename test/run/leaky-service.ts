// A service that repeats everything that it was told in everything that it says: the key, links and signatures.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

const CLIP = readFileSync(fileURLToPath(new URL("../fixtures/media/reordered.mp4", import.meta.url)));

/** Marks of every signature that this service gives, and of nothing else. */
export const SIGNATURES = ["5ig0ne", "5igtw0", "5igthr3e", "5igf0ur"] as const;
const [HOP, FILE, REASON, HINT] = SIGNATURES;

export class LeakyService {
  readonly #server: Server;
  /** Looks at each task. */
  readonly #looks = new Map<string, number>();
  #files = 0;
  /** How many requests for tasks came that were never answered. */
  hung = 0;
  /** The bodies of all creates, which do hold the links that they need. */
  readonly bodies: string[] = [];

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this.#url;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const key = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const { pathname } = new URL(request.url ?? "", this.#url);
    if (pathname === "/hop") return this.#redirect(response);
    if (pathname === "/clip.mp4") return this.#file(response);
    if (request.method === "POST")
      this.#create(String(request.headers["x-client-request-id"]), key, body, response);
    else this.#look(pathname.split("/").at(-1) ?? "", key, response);
  }

  #create(label: string, key: string, body: string, response: ServerResponse): void {
    this.bodies.push(body);
    const echo = `see ${this.#link(HINT)}, key ${key} sent ${body}`;
    const json = (status: number, value: object): void => {
      response.writeHead(status, { "content-type": "application/json", "x-request-id": key });
      response.end(JSON.stringify(value));
    };
    switch (label) {
      case "refused":
      case "chain":
        return json(400, { error: { code: "InvalidParameter", message: echo } });
      case "nested": {
        const inner = JSON.stringify({ error: { code: "InvalidParameter.Url", message: echo } }).replaceAll(
          "&",
          "\\u0026",
        );
        return json(400, { code: "fail_to_fetch", message: inner, data: null });
      }
      case "moved":
        response.writeHead(302, { location: this.#link(HOP) });
        return void response.end();
      case "broken":
        response.writeHead(200, { "content-type": "application/json", "content-length": "9000" });
        // As PHP and Go write JSON, and cut where nobody can read it as JSON any more.
        response.write(
          `{"message":${JSON.stringify(echo).replaceAll("/", "\\/").replaceAll("&", "\\u0026")},`,
        );
        return void setTimeout(() => response.destroy(), 50);
      case "hung":
        this.hung++;
        return;
      case "denied":
        return json(401, { error: { code: "AuthenticationError", message: echo } });
      default:
        return json(200, { id: label, task_id: label, status: "", message: echo });
    }
  }

  #look(task: string, key: string, response: ServerResponse): void {
    const look = (this.#looks.get(task) ?? 0) + 1;
    this.#looks.set(task, look);
    const echo = `key ${key}, see ${this.#link(REASON)}`;
    const send = (status: number, type: string, text: string): void => {
      response.writeHead(status, { "content-type": type });
      response.end(text);
    };
    if (look === 1) return send(500, "application/json", JSON.stringify({ error: { message: echo } }));
    if (look === 2) return send(502, "text/html", `<html><body>Bad gateway ${echo}</body></html>`);
    const failed = { task_id: task, status: "FAILURE", fail_reason: echo, result_url: this.#link(REASON) };
    const done = { task_id: task, status: "SUCCESS", result_url: this.#link(HOP), fail_reason: "" };
    const data = task === "failed" ? failed : done;
    const text = JSON.stringify({ code: "success", message: "", data }).replaceAll("&", "\\u0026");
    send(200, "application/json", text);
  }

  #redirect(response: ServerResponse): void {
    response.writeHead(302, { location: `${this.#url}/clip.mp4?X-Amz-Expires=9&X-Amz-Signature=${FILE}` });
    response.end();
  }

  /** Expired at first, then cut short, then whole. */
  #file(response: ServerResponse): void {
    const nth = this.#files++;
    if (nth === 0) {
      response.writeHead(403, { "content-type": "application/xml" });
      return void response.end(`<Error><SignatureProvided>${FILE}</SignatureProvided></Error>`);
    }
    response.writeHead(200, { "content-length": String(CLIP.length), "content-type": "video/mp4" });
    if (nth > 1) return void response.end(CLIP);
    response.write(CLIP.subarray(0, 1000));
    setTimeout(() => response.destroy(), 50);
  }

  #link(signature: string): string {
    return `${this.#url}/hop?X-Amz-Algorithm=A&X-Amz-Signature=${signature}&X-Amz-Security-Token=${signature}`;
  }
}
