import { readServerAddress } from "../base/server-address.ts";

/** Where a provider keeps its tasks. Data, since gateways of one family differ in nothing else. */
export interface Routes {
  /** Path to which tasks are posted, and under which each is found by its id; begins with `/`. */
  readonly tasks: string;
  /** Whether the tasks can be listed there, and cancelled as long as they wait. */
  readonly isOpen?: boolean;
}

export const ROUTES = {
  anyfast: { tasks: "/v1/video/generations" },
  ark: { tasks: "/api/v3/contents/generations/tasks", isOpen: true },
} as const satisfies Readonly<Record<string, Routes>>;

export const BASE_URLS = {
  anyfast: "https://www.anyfast.ai",
  ark: "https://ark.cn-beijing.volces.com",
} as const satisfies Readonly<Record<keyof typeof ROUTES, string>>;

export type BaseUrl =
  { readonly kind: "ok"; readonly url: URL } | { readonly kind: "wrong"; readonly message: string };

/**
 * Checks a base URL that a person wrote. Never throws. `http` is for loopback only: elsewhere the key
 * would travel in the clear. A version at the end (`/v1`) is taken off, since many documents print it so.
 */
export function readBaseUrl(text: string): BaseUrl {
  const read = readServerAddress(text.trim(), "the key would travel in the clear");
  if (read.kind === "wrong") return { kind: "wrong", message: `the base URL ${read.why}` };
  const { url } = read;
  url.pathname = url.pathname.replace(/\/+$/, "").replace(/\/(v1|api\/v3)$/, "");
  return { kind: "ok", url };
}

/** The address of one task, or of all. */
export function taskUrl(base: URL, routes: Routes, taskId?: string): URL {
  const url = new URL(base);
  const end = taskId === undefined ? "" : `/${encodeURIComponent(taskId)}`;
  url.pathname = base.pathname.replace(/\/$/, "") + routes.tasks + end;
  return url;
}
