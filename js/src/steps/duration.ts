/** How long it took, for a reader; nothing where that is not known, or not worth a word. */
export function duration(start: string | null, end: string | null): string {
  if (start === null || end === null) return "";
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  if (!(seconds >= 0.05)) return "";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return rest ? `${minutes} min ${rest} s` : `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
