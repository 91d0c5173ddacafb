/**
 * When a signed link stops working, in milliseconds since 1970, as far as it says so itself: in the manner of S3 and
 * of the store behind the service (`X-Amz-Date`, `X-Tos-Expires`), or as a moment (`Expires`). Undefined otherwise.
 */
export function linkExpiry(link: string): number | undefined {
  if (!URL.canParse(link)) return undefined;
  const query = new Map([...new URL(link).searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  for (const kind of ["amz", "tos", "goog", "oss"]) {
    const date = momentOf(query.get(`x-${kind}-date`) ?? "");
    const seconds = Number(query.get(`x-${kind}-expires`) ?? Number.NaN);
    if (date !== undefined && Number.isFinite(seconds)) return date + seconds * 1000;
  }
  const at = query.get("expires") ?? "";
  return /^\d{9,11}$/.test(at) ? Number(at) * 1000 : undefined;
}

/** `20260101T000000Z` */
function momentOf(text: string): number | undefined {
  const [, y, month, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  return y === undefined ? undefined : Date.parse(`${y}-${month}-${d}T${h}:${min}:${s}Z`);
}
