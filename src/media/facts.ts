export type { MediaFacts } from "../base/media-facts.ts";
