import { expect, test } from "vitest";
import { readStore } from "../../src/driver/store-settings.ts";
import type { StorePlace } from "../../src/storyboard/types.ts";
import { memoryFiles } from "../support/memory-files.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "secret" };

function read(
  written: StorePlace | undefined,
  environment: Record<string, string> = KEYS,
  credentials = "",
): ReturnType<typeof readStore> {
  const files = memoryFiles();
  files.mkdirSync("/home", { recursive: true });
  const fd = files.openSync("/home/credentials", "w");
  files.writeSync(fd, Buffer.from(credentials));
  files.closeSync(fd);
  return readStore(written, { AWS_SHARED_CREDENTIALS_FILE: "/home/credentials", ...environment }, "/", files);
}

test("without a bucket's name there is none, whatever keys there are", () => {
  expect(read(undefined)).toEqual({ store: { kind: "none" }, diagnostics: [] });
});

test("Amazon's own store is meant where no endpoint is named", () => {
  const { store } = read({ bucket: "films", region: "eu-central-1", prefix: "a/b" });
  expect(store).toMatchObject({
    kind: "store",
    keysFrom: "AWS_ACCESS_KEY_ID",
    settings: { bucket: "films", region: "eu-central-1", prefix: "a/b/", pathStyle: false },
  });
  expect(store.kind === "store" && store.settings.endpoint.href).toBe(
    "https://s3.eu-central-1.amazonaws.com/",
  );
});

test("a bucket with a point in its name stands in the path at Amazon, whose certificates do not name it", () => {
  expect(read({ bucket: "my.films" }).store).toMatchObject({ settings: { pathStyle: true } });
});

test("the environment stands above the storyboard, entry by entry", () => {
  const environment = { ...KEYS, STORYC_S3_BUCKET: "other", STORYC_S3_ENDPOINT: "https://s3.example.com" };
  expect(read({ bucket: "films", prefix: "p" }, environment).store).toMatchObject({
    settings: { bucket: "other", prefix: "p/", pathStyle: true },
  });
  const styled = { ...environment, STORYC_S3_PATH_STYLE: "false" };
  expect(read({ bucket: "films" }, styled).store).toMatchObject({ settings: { pathStyle: false } });
});

test("keys are read from the profile of the shared file where the environment has none", () => {
  const ini =
    "[default]\naws_access_key_id = A\naws_secret_access_key=B\n\n[film]\r\naws_access_key_id=C\naws_secret_access_key = D = E\naws_session_token = T\n";
  expect(read({ bucket: "films" }, {}, ini).store).toMatchObject({
    settings: { keys: { accessKeyId: "A" } },
  });
  expect(read({ bucket: "films" }, { AWS_PROFILE: "film" }, ini).store).toMatchObject({
    settings: { keys: { accessKeyId: "C", secretAccessKey: "D = E", sessionToken: "T" } },
  });
});

test("why there are no keys is said, and is no error until a medium needs them", () => {
  expect(read({ bucket: "films" }, { AWS_PROFILE: "film" }, "[default]\n")).toEqual({
    store: { kind: "no-keys", why: "/home/credentials has no profile `film`" },
    diagnostics: [],
  });
  expect(read({ bucket: "films" }, { AWS_ACCESS_KEY_ID: "A" }).store).toEqual({
    kind: "no-keys",
    why: "AWS_SECRET_ACCESS_KEY is not set",
  });
});

test.each([
  ["STORYC_S3_ENDPOINT", "http://s3.example.com"],
  ["STORYC_S3_ENDPOINT", "nonsense"],
  ["STORYC_S3_ENDPOINT", "https://key:secret@s3.example.com"],
  ["STORYC_S3_BUCKET", "my films"],
  ["STORYC_S3_PREFIX", "../up?"],
  ["STORYC_S3_PATH_STYLE", "perhaps"],
])("%s that is `%s` is told, and the secret in it is not", (name, value) => {
  const { store, diagnostics } = read({ bucket: "films" }, { ...KEYS, [name]: value });
  expect(store.kind).toBe("none");
  expect(diagnostics).toMatchObject([{ code: "store/bad-setting" }]);
  expect(diagnostics[0]?.message).toContain(name);
  expect(diagnostics[0]?.message).not.toContain("secret@");
});
