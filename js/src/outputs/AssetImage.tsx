import type { Store } from "../store.ts";
import { Later } from "../view/Later.tsx";
import { useAsset, useBlobUrl } from "../view/useAsset.ts";

const LOADING_SHOWS_MS = 600;

interface Props {
  readonly store: Store;
  readonly hash: string;
  readonly type: string;
  readonly alt: string;
}

/** An image whose bytes the kernel has. */
export function AssetImage({ store, hash, type, alt }: Props) {
  const asset = useAsset(store, hash, type);
  const url = useBlobUrl(asset.kind === "here" ? asset.file : undefined);
  if (url) return <img class="picture" src={url} alt={alt} />;
  if (asset.kind === "missing") return <div class="placeholder">The kernel does not give this image.</div>;
  return (
    <Later ms={LOADING_SHOWS_MS}>
      <div class="placeholder">Loading image…</div>
    </Later>
  );
}
