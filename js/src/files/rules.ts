import { sizeOf } from "../elements/sizeOf.ts";
import type { UploadRules } from "../protocol.ts";

export const MEGABYTE = 1_000_000;

/** What some systems call other than the rest of the world does. */
const BY_ENDING: Readonly<Record<string, string>> = { ".csv": "text/csv", ".md": "text/markdown" };

/**
 * Why a file is not to be sent at all, if so: what can be told before it is read.
 *
 * The kernel looks at the bytes; what only they tell, it says.
 */
export function objection({ accept, max_size_mb }: UploadRules, file: File): string | undefined {
  if (file.size > max_size_mb * MEGABYTE)
    return `${file.name} has ${sizeOf(file.size)}, and a file may have ${sizeOf(max_size_mb * MEGABYTE)} here.`;
  if (!accept.some((pattern) => matches(pattern, file)))
    return `${file.name} is not of a kind that is taken here: ${accept.join(", ")}.`;
  return undefined;
}

/** What a file picker shows by itself; nothing means all. */
export function pickable({ accept }: UploadRules): string | undefined {
  return accept.some(isAny) ? undefined : accept.join(",");
}

function matches(pattern: string, { name, type }: File): boolean {
  if (pattern.startsWith(".")) return name.toLowerCase().endsWith(pattern);
  const known = BY_ENDING[/\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? ""] ?? type;
  // A browser that does not know a type says nothing.
  if (isAny(pattern) || known === "") return true;
  const [family, kind] = pattern.split("/");
  return kind === "*" ? known.startsWith(`${family}/`) : known === pattern;
}

export function isAny(pattern: string): boolean {
  return pattern === "*" || pattern === "*/*";
}
