import { Ajv, type ValidateFunction } from "ajv";
import schema from "../../schemas/request.schema.json" with { type: "json" };

/**
 * Built like the storyboard's validator, but it stops at the first mistake, as the service does. `strictTypes` is
 * off because the branches of an item leave its type to the item.
 */
const options = { verbose: true, strictTypes: false } as const;

/** Leaves its finding in `errors`. */
export const validateRequest: ValidateFunction = new Ajv(options).compile(schema);
