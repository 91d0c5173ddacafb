import type { Digest } from "../base/digest.ts";

/** Bytes in a bucket, by their SHA-256; the format ends the name, for whoever reads a kind from a link. */
export interface RemoteObject {
  readonly digest: Digest;
  /** Such as `mp4`. */
  readonly format: string;
  readonly bytes: number;
}

/** What is put there; read again from its beginning for each try. */
export interface Content {
  chunks(): Iterable<Uint8Array>;
}

export interface RemoteFailure {
  readonly kind: "failed";
  /** For people: no key, no signature. */
  readonly message: string;
  /** A moment later it may go well. */
  readonly mayPass: boolean;
}

/**
 * An S3-compatible bucket that machines share. Implemented by `service/`. No method throws for anything that a
 * network or a server can do, and none writes over what is there: names are digests, so what is there is right.
 */
export interface RemoteStore {
  /** Bucket and host, for messages. */
  readonly name: string;
  putIfAbsent(
    object: RemoteObject,
    content: Content,
    signal: AbortSignal,
  ): Promise<{ readonly kind: "put" | "there" } | RemoteFailure>;
  /** `unsure`: the keys may not ask; `other`: what is there has another length, so it is damaged. */
  has(
    object: RemoteObject,
    signal: AbortSignal,
  ): Promise<{ readonly kind: "there" | "absent" | "unsure" | "other" } | RemoteFailure>;
  /** The bytes, unverified: who takes them compares their digest. */
  get(
    object: Pick<RemoteObject, "digest" | "format">,
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: "open"; readonly body: AsyncIterable<Uint8Array> }
    | { readonly kind: "absent" }
    | RemoteFailure
  >;
  /**
   * A link with which anyone can GET the bytes for so many seconds: a password for one file, for nobody's eyes. It
   * answers GET alone; a HEAD on it is refused.
   */
  presign(object: Pick<RemoteObject, "digest" | "format">, seconds: number): Promise<string>;
  /** Whether it answers these keys; costs nothing. */
  probe(signal: AbortSignal): Promise<{ readonly kind: "answers"; readonly note: string } | RemoteFailure>;
  close(): Promise<void>;
}

/** The name of an object below the bucket's prefix. */
export function objectName({ digest, format }: Pick<RemoteObject, "digest" | "format">): string {
  return `${digest}.${format}`;
}
