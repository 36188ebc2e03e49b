// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const IMPORT = /(?:from|import)\s*\(?\s*"([^"]+)"/g;

function filesUnder(folder: string): string[] {
  return readdirSync(join(SRC, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What a file imports: paths relative to src, or names of packages. */
function importsOf(path: string): string[] {
  return [...readFileSync(path, "utf8").matchAll(IMPORT)].map(([, name = ""]) =>
    name.startsWith(".") ? relative(SRC, join(path, "..", name)) : name,
  );
}

function trespasses(folder: string, isForbidden: (name: string) => boolean): string[] {
  return filesUnder(folder).flatMap((path) =>
    importsOf(path)
      .filter(isForbidden)
      .map((name) => `${relative(SRC, path)} imports ${name}`),
  );
}

describe("walls", () => {
  test("views know the store and never the comm", () => {
    const behind = ["comm.ts", "packet.ts", "model.ts", "sync.ts", "registry.ts"];
    const lazy = [
      "editing",
      "elements",
      "feedback",
      "files",
      "icons",
      "inspector",
      "offers",
      "outputs",
      "steps",
      "window",
    ];
    for (const folder of ["view", ...lazy])
      expect(trespasses(folder, (name) => behind.includes(name))).toEqual([]);
  });

  test("markdown knows neither views nor store", () => {
    const isOutside = (name: string) => !name.startsWith("markdown/") && name !== "frame.ts";
    expect(trespasses("markdown", (name) => name.endsWith(".ts") && isOutside(name))).toEqual([]);
    expect(trespasses("markdown", (name) => name.startsWith("view/"))).toEqual([]);
  });

  test("the transcript knows no signals", () => {
    const path = join(SRC, "transcript.ts");
    expect(
      importsOf(path).filter((name) => !name.startsWith("assertNever") && name !== "protocol.ts"),
    ).toEqual([]);
  });

  test("the loader stays small: it takes nothing but types from the core", () => {
    const text = readFileSync(join(SRC, "loader.ts"), "utf8");
    expect(text).toContain('import type * as Core from "./core.ts"');
    expect(importsOf(join(SRC, "loader.ts")).sort()).toEqual(["core.ts", "model.ts", "registry.ts"]);
  });
});
