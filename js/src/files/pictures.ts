const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"];
const MOST_BYTES = 8_000_000;

/** Whether a file is shown as a picture, without being asked for. */
export function isPicture(type: string | null, bytes: number | null): boolean {
  return type !== null && PICTURES.includes(type) && (bytes ?? 0) <= MOST_BYTES;
}
