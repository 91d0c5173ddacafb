import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo, Socket } from "node:net";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const PROGRAM = require.resolve("yaml-language-server/bin/yaml-language-server");
/** Far longer than any answer takes, so that a failure is one of the server and not of a busy machine. */
const PATIENCE = 20_000;

export interface Place {
  readonly line: number;
  readonly character: number;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  // Each method has its own shape, and a wrong path fails the test anyway.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly params?: any;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly result?: any;
  readonly error?: { readonly message: string };
}

/** What editors with the Red Hat extension run, spoken to over its standard input and output. */
export class LanguageServer {
  readonly #child: ChildProcess;
  readonly #waiting = new Set<(message: Message) => boolean>();
  readonly #settings: object;
  #unread = Buffer.alloc(0);
  #id = 0;
  #version = 0;

  private constructor(settings: object) {
    this.#settings = settings;
    this.#child = spawn(process.execPath, [PROGRAM, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout?.on("data", (bytes: Buffer) => this.#read(bytes));
  }

  /** `proxy` is asked for everything that the server would fetch. */
  static async start(proxy: string): Promise<LanguageServer> {
    const yaml = {
      schemaStore: { enable: false },
      kubernetesCRDStore: { enable: false },
      hoverSchemaSource: false,
    };
    const server = new LanguageServer({ yaml, http: { proxy, proxyStrictSSL: false } });
    const documentation = ["markdown", "plaintext"];
    await server.ask("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
        textDocument: {
          completion: { completionItem: { snippetSupport: true, documentationFormat: documentation } },
          hover: { contentFormat: documentation },
        },
      },
    });
    const configured = server.#wait((message) => message.method === "workspace/configuration" || undefined);
    server.#send({ method: "initialized", params: {} });
    await configured;
    return server;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    await this.ask("shutdown", null);
    this.#send({ method: "exit", params: null });
    await ended;
  }

  /** Opens a file with this text; answers what the server finds wrong with it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  open(path: string, text: string): Promise<any> {
    const { href: uri } = pathToFileURL(path);
    // The server keeps what it has parsed by version, also of a file that was closed.
    const textDocument = { uri, languageId: "yaml", version: ++this.#version, text };
    return this.#told(uri, { method: "textDocument/didOpen", params: { textDocument } });
  }

  /** The server takes its findings back, which must not be read as those of the next text. */
  async closeFile(path: string): Promise<void> {
    const { href: uri } = pathToFileURL(path);
    await this.#told(uri, { method: "textDocument/didClose", params: { textDocument: { uri } } });
  }

  #told(uri: string, message: object): Promise<unknown> {
    const told = this.#wait(({ method, params }) =>
      method === "textDocument/publishDiagnostics" && params.uri === uri ? params.diagnostics : undefined,
    );
    this.#send(message);
    return told;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  at(method: "completion" | "hover", path: string, position: Place): Promise<any> {
    return this.ask(`textDocument/${method}`, { textDocument: { uri: pathToFileURL(path).href }, position });
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async ask(method: string, params: unknown): Promise<any> {
    const id = ++this.#id;
    const answered = this.#wait((message) =>
      message.id === id && message.method === undefined ? message : undefined,
    );
    this.#send({ id, method, params });
    const { result, error } = (await answered) as Message;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** The first message of which `pick` makes something. */
  #wait(pick: (message: Message) => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`nothing came within ${PATIENCE} ms`)), PATIENCE);
      const look = (message: Message): boolean => {
        const picked = pick(message);
        if (picked === undefined) return false;
        clearTimeout(late);
        resolve(picked);
        return true;
      };
      this.#waiting.add(look);
    });
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const end = this.#unread.indexOf("\r\n\r\n");
      if (end === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#unread.toString("latin1", 0, end))?.[1]);
      if (this.#unread.length < end + 4 + length) return;
      const body = this.#unread.toString("utf8", end + 4, end + 4 + length);
      this.#unread = this.#unread.subarray(end + 4 + length);
      this.#take(JSON.parse(body) as Message);
    }
  }

  #take(message: Message): void {
    for (const look of this.#waiting) if (look(message)) this.#waiting.delete(look);
    if (message.id === undefined || message.method === undefined) return;
    this.#send({ id: message.id, result: this.#answer(message) });
  }

  /** The server asks for its settings and announces what it can do. */
  #answer({ method, params }: Message): unknown {
    if (method !== "workspace/configuration") return null;
    const sections = (params as { items: { section: string }[] }).items;
    return sections.map(({ section }) => (this.#settings as Record<string, unknown>)[section] ?? null);
  }
}

/** Stands where the network would begin: refuses everything, and counts it. */
export class ClosedNetwork {
  readonly asked: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.asked.push(`${request.method} ${request.url}`);
    response.writeHead(403).end();
  });

  async open(): Promise<string> {
    this.#server.on("connect", ({ url }, socket: Socket) => {
      this.asked.push(`CONNECT ${url}`);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
