import { Markdown } from "../markdown/Markdown.tsx";
import type { Store } from "../store.ts";

interface Props {
  readonly store: Store;
  readonly content: string;
  readonly edition: number;
  readonly streaming: boolean;
}

/** A text in Markdown; with the parts of the bundle that help its reader, once they are there. */
export function Prose({ store, content, edition, streaming }: Props) {
  const hasCode = content.includes("```") || content.includes("~~~");
  const highlight = hasCode ? store.chunks.get("highlight")?.highlight : undefined;
  const heal = store.chunks.get("healing")?.heal;
  return <Markdown {...{ content, edition, streaming, heal, highlight }} />;
}
