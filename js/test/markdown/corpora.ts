import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Public test data kept beside the repository, not in it. */
const folder = process.env.ANYCHAT_CORPORA ?? join(import.meta.dirname, "../../../../shared/corpora");

export const hasCorpora = existsSync(folder);

/** Why the tests that read the corpora are skipped, for the test's title. */
export const whyNot = hasCorpora ? "" : ` (skipped: no corpora in ${folder}; set ANYCHAT_CORPORA)`;

export interface Example {
  readonly markdown: string;
  readonly html: string;
  readonly example: number;
}

export function examples(name: "cm" | "gfm"): Example[] {
  return hasCorpora ? JSON.parse(readFileSync(join(folder, "markdown", `${name}.json`), "utf8")) : [];
}

export function payloads(name: "bigxss" | "mdxss" | "renwa"): string[] {
  if (!hasCorpora) return [];
  const lines = readFileSync(join(folder, "xss", `${name}.txt`), "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "" && !(name === "renwa" && line.startsWith("#")));
}
