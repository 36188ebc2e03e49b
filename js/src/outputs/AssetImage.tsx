import { useEffect, useState } from "preact/hooks";
import type { Store } from "../store.ts";
import { Later } from "../view/Later.tsx";

const LOADING_SHOWS_MS = 600;

interface Props {
  readonly store: Store;
  readonly hash: string;
  readonly type: string;
  readonly alt: string;
}

type State =
  | { readonly kind: "loading" }
  | { readonly kind: "missing" }
  | { readonly kind: "here"; readonly url: string };

/** An image whose bytes the kernel has. */
export function AssetImage({ store, hash, type, alt }: Props) {
  const [state, setState] = useState<State>({ kind: "loading" });
  useEffect(() => {
    let url: string | undefined;
    let isGone = false;
    store.assets
      .file(hash, type)
      .then((file) => {
        if (isGone) return;
        url = URL.createObjectURL(file);
        setState({ kind: "here", url });
      })
      .catch(() => isGone || setState({ kind: "missing" }));
    return () => {
      isGone = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [store, hash, type]);

  if (state.kind === "here") return <img class="picture" src={state.url} alt={alt} />;
  if (state.kind === "missing") return <div class="placeholder">The kernel does not give this image.</div>;
  return (
    <Later ms={LOADING_SHOWS_MS}>
      <div class="placeholder">Loading image…</div>
    </Later>
  );
}
