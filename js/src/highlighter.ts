import { type ReadonlySignal, signal } from "@preact/signals";
import type { Assets } from "./assets.ts";
import type { Highlight } from "./markdown/engines.ts";

declare const HIGHLIGHT_HASH: string;

/** Code colours, fetched when code is first shown. Until they are there, and without them, code is plain. */
export class Highlighter {
  readonly #highlight = signal<Highlight | undefined>(undefined);
  #isWanted = false;

  constructor(private readonly assets: Assets) {}

  get highlight(): ReadonlySignal<Highlight | undefined> {
    return this.#highlight;
  }

  want(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.assets
      .module(HIGHLIGHT_HASH)
      .then((module) => {
        if (hasHighlight(module)) this.#highlight.value = module.highlight;
      })
      .catch(() => {});
  }
}

function hasHighlight(module: unknown): module is { readonly highlight: Highlight } {
  return typeof module === "object" && module !== null && "highlight" in module;
}
