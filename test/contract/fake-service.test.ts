import { FakeService } from "../support/fake-service.ts";
import { serviceContract } from "./service-contract.ts";

/** Only what it does without being told: its faults are those that each test gives it. */
serviceContract(
  "the fake in memory",
  () => {
    const service = new FakeService();
    const close = () => service.close();
    return Promise.resolve({ service, body: (prompt) => prompt, showsExpired: true, key: "no key", close });
  },
  "good",
);
