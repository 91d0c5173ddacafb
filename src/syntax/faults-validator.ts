import { Ajv, type ValidateFunction } from "ajv";
import schema from "../../schemas/faults.schema.json" with { type: "json" };

/** Built like the storyboard's validator: all mistakes at once. */
const options = { allErrors: true, allowUnionTypes: true, verbose: true } as const;

/** Leaves its findings in `errors`. */
export const validateFaults: ValidateFunction = new Ajv(options).compile(schema);
