const VERSION_BYTE = 6;
const VARIANT_BYTE = 8;

/** A random UUID. Plain http pages (a Jupyter server in a local network) have no `crypto.randomUUID`. */
export function randomId(): string {
  return crypto.randomUUID?.() ?? uuidFrom(crypto.getRandomValues(new Uint8Array(16)));
}

/** Sixteen random bytes, written as a version 4 UUID. */
export function uuidFrom(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte, index) => marked(byte, index).toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function marked(byte: number, index: number): number {
  if (index === VERSION_BYTE) return (byte & 0x0f) | 0x40;
  if (index === VARIANT_BYTE) return (byte & 0x3f) | 0x80;
  return byte;
}
