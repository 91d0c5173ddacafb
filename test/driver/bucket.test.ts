import { expect, test } from "vitest";
import { findBucket } from "../../src/driver/bucket.ts";
import { memoryFiles } from "../support/memory-files.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "secret" };
const find = (
  written: Parameters<typeof findBucket>[0],
  environment: Record<string, string> = KEYS,
  credentials = "",
): ReturnType<typeof findBucket> => {
  const files = memoryFiles();
  files.mkdirSync("/home", { recursive: true });
  const fd = files.openSync("/home/credentials", "w");
  files.writeSync(fd, Buffer.from(credentials));
  files.closeSync(fd);
  return findBucket(written, { AWS_SHARED_CREDENTIALS_FILE: "/home/credentials", ...environment }, files);
};

test("without a bucket's name there is none, whatever keys there are", () => {
  expect(find(undefined)).toEqual({ kind: "none" });
});

test("Amazon's own store is meant where no endpoint is named", () => {
  expect(find({ bucket: "films", region: "eu-central-1", prefix: "/a/b/" })).toEqual({
    kind: "bucket",
    settings: {
      bucket: "films",
      region: "eu-central-1",
      endpoint: "https://s3.eu-central-1.amazonaws.com",
      prefix: "a/b/",
      pathStyle: false,
      keys: { accessKeyId: "AKID", secretAccessKey: "secret" },
    },
  });
});

test("the environment stands above the storyboard", () => {
  const environment = { ...KEYS, STORYC_S3_BUCKET: "other", STORYC_S3_ENDPOINT: "https://s3.example.com" };
  expect(find({ bucket: "films", path_style: true }, environment)).toMatchObject({
    settings: { bucket: "other", endpoint: "https://s3.example.com", pathStyle: true },
  });
  expect(find({ bucket: "films" }, { ...environment, STORYC_S3_PATH_STYLE: "false" })).toMatchObject({
    settings: { pathStyle: false },
  });
});

test("keys are read from the profile of the shared file where the environment has none", () => {
  const ini =
    "[default]\naws_access_key_id = A\naws_secret_access_key=B\n\n[film]\r\naws_access_key_id=C\naws_secret_access_key = D = E\naws_session_token = T\n";
  expect(find({ bucket: "films" }, {}, ini)).toMatchObject({ settings: { keys: { accessKeyId: "A" } } });
  expect(find({ bucket: "films" }, { AWS_PROFILE: "film" }, ini)).toMatchObject({
    settings: { keys: { accessKeyId: "C", secretAccessKey: "D = E", sessionToken: "T" } },
  });
  expect(find({ bucket: "films" }, { AWS_PROFILE: "none" }, ini).kind).toBe("wrong");
});

test.each(["http://s3.example.com", "nonsense", "https://key:secret@s3.example.com"])(
  "an endpoint that is %s is refused",
  (endpoint) => {
    expect(find({ bucket: "films", endpoint }).kind).toBe("wrong");
  },
);
