declare const STORYC_VERSION: string | undefined;

/** The version of a program that runs from its sources: they change without it, so nothing is kept under its name. */
export const SOURCE_VERSION = "source";

/** Put in by the build. */
export const VERSION: string = typeof STORYC_VERSION === "string" ? STORYC_VERSION : SOURCE_VERSION;
