import type { Command } from "./protocol.ts";
import { fetchFile, importFile } from "./registry.ts";

const PATIENCE_MS = 120_000;

/** Files of this chat's kernel, by hash. */
export class Assets {
  readonly #closing = new AbortController();

  constructor(private readonly send: (command: Command) => void) {}

  /** The file, with the type that the page needs it to have. Rejects when it cannot be had. */
  async file(hash: string, type: string): Promise<Blob> {
    const file = await fetchFile(hash, () => this.#ask(hash), this.#patience());
    return file.slice(0, file.size, type);
  }

  /** A file as a module: a lazy part of this bundle, or what draws a custom element. Rejects when it cannot be had. */
  module(hash: string): Promise<unknown> {
    return importFile(hash, () => this.#ask(hash), this.#patience());
  }

  close(): void {
    this.#closing.abort(new Error("The chat was closed."));
  }

  #patience(): AbortSignal {
    return AbortSignal.any([this.#closing.signal, AbortSignal.timeout(PATIENCE_MS)]);
  }

  #ask(hash: string): void {
    this.send({ type: "get_asset", hash });
  }
}
