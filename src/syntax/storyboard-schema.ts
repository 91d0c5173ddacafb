import schema from "../../schemas/storyboard.schema.json" with { type: "json" };

/** The published JSON Schema of a storyboard. */
export const storyboardSchema: object = schema;
