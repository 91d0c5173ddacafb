import fc from "fast-check";

/** Ways in which gateways put one answer into another, up to four deep. */
const layers: readonly ((body: unknown) => unknown)[] = [
  (body) => ({ code: "success", message: "", data: body }),
  (body) => ({ code: 0, msg: "ok", data: body }),
  (body) => ({ data: JSON.stringify(body) }),
  (body) => ({ success: true, result: body }),
  (body) => ({ response: [body] }),
  (body) => ({ status: "", progress: "0%", task: body, error: null }),
];

export const wrapped: fc.Arbitrary<(body: unknown) => unknown> = fc
  .array(fc.constantFrom(...layers), { maxLength: 4 })
  .map((chosen) => (body: unknown) => chosen.reduce((inner, layer) => layer(inner), body));
