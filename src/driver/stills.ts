import { join } from "node:path";
import type { Digest } from "../base/digest.ts";
import type { Codec } from "../media/codec.ts";
import type { ObjectStore } from "../store/objects.ts";
import type { Machine } from "./machine.ts";
import type { Project } from "./project.ts";

/** Stills of the clips in the store, each taken once. The codec starts with the first one that is missing. */
export class Stills {
  readonly #project: Project;
  readonly #store: ObjectStore;
  readonly #machine: Pick<Machine, "files" | "openCodec">;
  readonly #taken = new Map<string, Promise<Uint8Array>>();
  #codec: Promise<Codec> | undefined;

  constructor(project: Project, store: ObjectStore, machine: Pick<Machine, "files" | "openCodec">) {
    this.#project = project;
    this.#store = store;
    this.#machine = machine;
  }

  take(digest: Digest, which: "first" | "last"): Promise<Uint8Array> {
    const path = join(this.#project.hidden, "stills", `${digest}.${which}.png`);
    const taken = this.#taken.get(path) ?? this.#read(digest, which, path);
    this.#taken.set(path, taken);
    return taken;
  }

  async close(): Promise<void> {
    const codec = await this.#codec?.catch(() => undefined);
    await codec?.close();
  }

  async #read(digest: Digest, which: "first" | "last", path: string): Promise<Uint8Array> {
    const { files, openCodec } = this.#machine;
    if (!files.existsSync(path)) {
      files.mkdirSync(join(this.#project.hidden, "stills"), { recursive: true });
      this.#codec ??= openOrExplain(openCodec);
      try {
        await (await this.#codec).still(this.#store.pathOf(digest), which, path);
      } catch (error) {
        files.rmSync(path, { force: true });
        throw error;
      }
    }
    return files.readFileSync(path);
  }
}

async function openOrExplain(openCodec: Machine["openCodec"]): Promise<Codec> {
  const opened = await openCodec();
  if (opened.kind === "codec") return opened.codec;
  throw new Error(
    `a still cannot be taken, since this machine has no codec (${opened.reason}); see \`storyc doctor\``,
  );
}
