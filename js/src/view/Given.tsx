import type { Store } from "../store.ts";

/** What the user gave with a message: what belongs to it in the transcript, or files on their way there. */
export function Given({ store, ids }: { store: Store; ids: readonly string[] }) {
  const files = ids.length > 0 ? store.chunks.get("files") : undefined;
  return files ? <files.GivenFiles store={store} ids={ids} /> : null;
}
