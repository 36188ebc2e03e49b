const UNITS = ["bytes", "kB", "MB", "GB"];

/** A number of bytes, as people say it. */
export function sizeOf(bytes: number | null): string {
  if (bytes === null) return "";
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  if (bytes === 1) return "1 byte";
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
