import { Ajv, type ValidateFunction } from "ajv";
import schema from "../../schemas/lock.schema.json" with { type: "json" };

/** Built like the storyboard's validator. A branch of a take leaves types and keys to the take. */
const options = { allErrors: true, verbose: true, strictRequired: false, strictTypes: false } as const;

/** Leaves its findings in `errors`. */
export const validateLock: ValidateFunction = new Ajv(options).compile(schema);
