// The lazy parts of the bundle: each is fetched when it is first used, and shares preact and all else with the core.

import { type Signal, signal } from "@preact/signals";
import type { Assets } from "./assets.ts";
import { type Parts, parts } from "./parts.ts";

/** What each chunk exports. */
export interface ChunkExports {
  readonly asking: typeof import("./asking/asking.ts");
  readonly editing: typeof import("./editing/editing.ts");
  readonly elements: typeof import("./elements/elements.ts");
  readonly healing: typeof import("./markdown/healing.ts");
  readonly feedback: typeof import("./feedback/feedback.ts");
  readonly files: typeof import("./files/files.ts");
  readonly highlight: typeof import("./highlighting.ts");
  readonly inspector: typeof import("./inspector/inspector.ts");
  readonly offers: typeof import("./offers/offers.ts");
  readonly outputs: typeof import("./outputs/outputs.ts");
  readonly steps: typeof import("./steps/steps.ts");
  readonly window: typeof import("./window/window.ts");
}

export type ChunkName = keyof ChunkExports;

/** Their SHA-256 hashes; the build knows them. */
declare const CHUNK_HASHES: Readonly<Record<ChunkName, string>>;

/** A built chunk: makes its exports from parts of the core. */
type Chunk = (parts: Parts) => unknown;

/** Whatever uses a chunk shows something simpler until it is there, and when it cannot be had. */
export class Chunks {
  readonly #here = new Map<ChunkName, Signal<unknown>>();
  readonly #asked = new Set<ChunkName>();

  /** @param load fetches what a chunk exports. */
  constructor(private readonly load: (name: ChunkName) => Promise<unknown>) {}

  /** The chunk, once it is there. The first to ask fetches it; reading it in a component subscribes the component. */
  get<Name extends ChunkName>(name: Name): ChunkExports[Name] | undefined {
    if (!this.#asked.has(name)) {
      this.#asked.add(name);
      this.load(name)
        .then((exports) => {
          this.#place(name).value = exports;
        })
        .catch(() => this.#asked.delete(name)); // whoever asks next tries again
    }
    return this.peek(name);
  }

  /** The same, but nobody fetches it for this: where it is used, others have asked for it. */
  peek<Name extends ChunkName>(name: Name): ChunkExports[Name] | undefined {
    return this.#place(name).value as ChunkExports[Name] | undefined;
  }

  #place(name: ChunkName): Signal<unknown> {
    const here = this.#here.get(name) ?? signal<unknown>(undefined);
    this.#here.set(name, here);
    return here;
  }
}

/** Fetches chunks from the kernel. */
export function loadChunks(assets: Assets): (name: ChunkName) => Promise<unknown> {
  return async (name) => exportsOf(await assets.module(CHUNK_HASHES[name]));
}

const made = new WeakMap<Chunk, unknown>();

/** A chunk runs once per page, however many chats use it. */
function exportsOf(module: unknown): unknown {
  const { default: chunk } = module as { readonly default: Chunk };
  if (!made.has(chunk)) made.set(chunk, chunk(parts));
  return made.get(chunk);
}
