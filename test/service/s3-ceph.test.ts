import { AwsClient } from "aws4fetch";
import { describe, expect, test } from "vitest";
import { S3_KEYS } from "../support/s3-stub.ts";
import { describeBucket } from "./s3-contract.ts";

/** The address of a Ceph object gateway, as `scripts/ceph-gateway.sh` starts one. */
const endpoint = process.env["STORYC_TEST_S3"];

if (endpoint) {
  describeBucket(`Ceph's gateway at ${endpoint}`, async () => {
    const bucket = `films-${Date.now()}`;
    const client = new AwsClient({ ...S3_KEYS, service: "s3", region: "us-east-1" });
    const made = await client.fetch(`${endpoint}/${bucket}`, { method: "PUT" });
    expect(made.status).toBe(200);
    const at = { endpoint: new URL(endpoint), bucket, region: "us-east-1", pathStyle: true };
    const settings = { ...at, prefix: "acts/one/", keys: S3_KEYS, env: {} };
    return { settings, close: () => Promise.resolve() };
  });
} else {
  describe("Ceph's gateway", () => {
    test.skip("is not tested: STORYC_TEST_S3 names none", () => undefined);
  });
}
