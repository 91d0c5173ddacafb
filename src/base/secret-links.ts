/** Names of what lets one in, as the stores and gateways write them in links; alternatives of a pattern. */
export const SECRET_NAMES = String.raw`x-(?:amz|tos|oss|goog|cos)-[a-z-]+|(?:aws|oss)?accesskeyid|googleaccessid|key-pair-id|signature|sig|sign|q-(?:ak|signature|sign-[a-z-]+|key-time|[a-z]+-list)|(?:security-?)?token|access_?token|auth_key|api_?key`;
const SECRET = new RegExp(`^(${SECRET_NAMES})$`, "i");

/** What stands beside a signature and means nothing without it, in links of Amazon, Azure and others. */
const BESIDE = /^(expires|policy|se|sp|spr|sr|st|sv|sip|ss|srt|sk[a-z]+)$/i;

/**
 * The address of what a link leads to, without what lets one in: a link that is signed anew tomorrow leads to the
 * same bytes. What carries no secret comes back as it was written.
 */
export function withoutSecrets(link: string): string {
  if (!URL.canParse(link)) return link;
  const url = new URL(link);
  const names = [...new Set(url.searchParams.keys())];
  const isSigned = names.some((name) => SECRET.test(name));
  if (!isSigned && url.username === "" && url.password === "") return link;
  url.username = "";
  url.password = "";
  for (const name of isSigned ? names : [])
    if (SECRET.test(name) || BESIDE.test(name)) url.searchParams.delete(name);
  return url.href;
}
