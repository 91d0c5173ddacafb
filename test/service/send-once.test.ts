import type { Dispatcher } from "undici";
import { expect, test } from "vitest";
import type { OnceWay } from "../../src/service/network.ts";
import { sendOnce } from "../../src/service/send-once.ts";
import { Wire } from "../../src/service/wire.ts";

const request = { url: new URL("http://127.0.0.1/x"), body: "{}", headers: {} };
const timeouts = { connectMs: 1000, answerMs: 1000, uploadMsPerMegabyte: 0 };

/** Stands for the library; `act` is what it does with the request. */
function dispatcherThat(act: (handler: Dispatcher.DispatchHandler) => void): OnceWay {
  const fake = {
    dispatch: (_: unknown, handler: Dispatcher.DispatchHandler) => (act(handler), true),
    destroy: () => Promise.resolve(),
  };
  return { dispatcher: fake as unknown as Dispatcher, wire: new Wire() };
}

const controller = {} as Dispatcher.DispatchController;

test("a library that begins the request a second time is stopped before it writes", async () => {
  let written = 0;
  const dispatcher = dispatcherThat((handler) => {
    for (let time = 0; time < 2; time++) {
      try {
        handler.onRequestStart?.(controller, {});
        written++;
      } catch (error) {
        handler.onResponseError?.(controller, error as Error);
      }
    }
  });
  const sent = await sendOnce(dispatcher, request, timeouts, new AbortController().signal);
  expect(sent.kind).toBe("unknown");
  expect(written).toBe(1);
});

test("after it was called not sent, it cannot begin any more", async () => {
  let begin: () => void = () => undefined;
  const dispatcher = dispatcherThat((handler) => {
    begin = () => handler.onRequestStart?.(controller, {});
    handler.onResponseError?.(controller, new Error("no connection"));
  });
  const sent = await sendOnce(dispatcher, request, timeouts, new AbortController().signal);
  expect(sent).toEqual({ kind: "not-sent", reason: "no connection" });
  expect(begin).toThrow("begun before");
});
