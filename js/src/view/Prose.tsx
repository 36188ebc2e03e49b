import { Markdown } from "../markdown/Markdown.tsx";
import type { Store } from "../store.ts";

interface Props {
  readonly store: Store;
  readonly content: string;
  readonly edition: number;
  readonly streaming: boolean;
}

/** A text in Markdown, with colours in its code once they are there. */
export function Prose({ store, content, edition, streaming }: Props) {
  const hasCode = content.includes("```") || content.includes("~~~");
  const highlight = hasCode ? store.chunks.get("highlight")?.highlight : undefined;
  return <Markdown content={content} edition={edition} streaming={streaming} highlight={highlight} />;
}
