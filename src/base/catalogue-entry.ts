/** What a code means, wherever it is reported. `docs/diagnostics.md` is made from this. */
export interface CatalogueEntry {
  readonly severity: "error" | "warning" | "info";
  readonly what: string;
  readonly why: string;
  readonly repair: string;
}

export const error = (what: string, why: string, repair: string): CatalogueEntry => ({
  severity: "error",
  what,
  why,
  repair,
});
export const warning = (what: string, why: string, repair: string): CatalogueEntry => ({
  severity: "warning",
  what,
  why,
  repair,
});
