import { Ajv, type ValidateFunction } from "ajv";
import schema from "../../schemas/plan.schema.json" with { type: "json" };

/** Built like the storyboard's validator. Leaves its findings in `errors`. */
export const validatePlan: ValidateFunction = new Ajv({ allErrors: true }).compile(schema);
