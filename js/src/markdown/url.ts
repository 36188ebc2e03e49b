/**
 * What a link or an image in a model's text may point at: an allow-list, never a deny-list.
 *
 * Relative addresses are refused because they would resolve against the notebook server, where the reader is
 * logged in; images because fetching one tells its host whatever the text put in the address.
 */

/** Control and format characters (zero width, direction): invisible to the reader, dropped or obeyed by browsers. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const RASTER = /^data:image\/(?:png|gif|jpeg|webp|avif);base64,[A-Za-z0-9+/=]+$/i;
const LARGEST_IMAGE = 3_000_000;
const NO_HOSTS: ReadonlySet<string> = new Set();

/** The address to open for a link, or null if it must not be one. */
export function linkUrl(address: string): string | null {
  const clean = address.replace(INVISIBLE, "").trim();
  if (/^mailto:[^\s@]+@[^\s@]+$/i.test(clean)) return parse(clean)?.href ?? null;
  return webUrl(clean)?.href ?? null;
}

/** The address to show an image from without asking the reader, or null if it must not be shown. */
export function imageUrl(address: string, hosts: ReadonlySet<string> = NO_HOSTS): string | null {
  if (address.length < LARGEST_IMAGE && RASTER.test(address)) return address;
  const url = webUrl(address.replace(INVISIBLE, "").trim());
  return url?.protocol === "https:" && hosts.has(url.host) ? url.href : null;
}

export function hostOf(url: string): string {
  return parse(url)?.host ?? "";
}

/** Absolute http and https addresses without a user name, which serves only to disguise the host. */
function webUrl(clean: string): URL | null {
  const url = /^https?:\/\//i.test(clean) ? parse(clean) : null;
  return url && url.username === "" && url.password === "" && url.host !== "" ? url : null;
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
