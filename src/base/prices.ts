/**
 * What the service costs, as far as it is published: the one place with figures of money. These are list prices of
 * the model's maker; Anyfast does not publish its own. A person's own prices stand above them, see `PriceTable`.
 */

/** Currency units per million tokens. */
export interface Rate {
  readonly plain: number;
  readonly withVideo: number;
}

export interface PriceTable {
  /** ISO 4217, such as `USD`. */
  readonly currency: string;
  /** Month or day in ISO form at which the prices were true. */
  readonly asOf: string;
  /** The file that they stand in; absent for the list below. */
  readonly from?: string;
  /** By model. */
  readonly rates: Readonly<Record<string, Rate>>;
}

/** By currency. */
export const LIST_PRICES: Readonly<Record<string, PriceTable>> = {
  USD: {
    currency: "USD",
    asOf: "2026-08",
    rates: { "seedance-2.0-mini": { plain: 3.5, withVideo: 2.1 } },
  },
  CNY: {
    currency: "CNY",
    asOf: "2026-08",
    rates: { "seedance-2.0-mini": { plain: 23, withVideo: 14 } },
  },
};

export const DEFAULT_PRICES: PriceTable = LIST_PRICES["USD"] as PriceTable;

/** After so many months a list is old enough to be told. */
const OLD_MONTHS = 6;

/** Whether prices are older than half a year. `now`: milliseconds since 1970. */
export function areOld({ asOf }: PriceTable, now: number): boolean {
  const [year = 0, month = 1, day = 1] = asOf.split("-").map(Number);
  return now > Date.UTC(year, month - 1 + OLD_MONTHS, day);
}
