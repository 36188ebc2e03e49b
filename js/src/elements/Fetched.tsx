import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import { useAsset, useBlobUrl } from "../view/useAsset.ts";
import type { BodyProps } from "./Body.tsx";
import { Loading, Missing } from "./Notes.tsx";
import { sizeOf } from "./sizeOf.ts";

/** What has more bytes than this is fetched when the reader wants it. */
const MOST_UNASKED = 10_000_000;

interface Props extends BodyProps {
  /** The type that the page needs the file to have. */
  readonly type: string;
  /** What the reader does with a large one, such as "Play". */
  readonly action: string;
  readonly children: (url: string) => ComponentChild;
}

/** Something made from an element's bytes, once they are here. */
export function Fetched({ store, element, type, action, children }: Props) {
  const { asset, bytes, name } = element;
  const [wanted, setWanted] = useState<string | null>(null);
  const isDue = wanted === asset || (bytes ?? 0) <= MOST_UNASKED;
  const state = useAsset(store, isDue ? asset : null, type);
  const url = useBlobUrl(state.kind === "here" ? state.file : undefined);
  if (url) return <>{children(url)}</>;
  if (state.kind === "missing") return <Missing name={name} />;
  if (isDue) return <Loading />;
  return (
    <button type="button" class="text-button" onClick={() => setWanted(asset)}>
      {action} {name} ({sizeOf(bytes)})
    </button>
  );
}
