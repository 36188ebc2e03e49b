import { useEffect, useState } from "preact/hooks";
import type { Store } from "../store.ts";

/** What has become of a file that the kernel has. */
export type AssetState =
  | { readonly kind: "loading" }
  | { readonly kind: "missing" }
  | { readonly kind: "here"; readonly file: Blob };

const LOADING: AssetState = { kind: "loading" };

/** A file of the kernel, with the type that the page needs it to have; nothing comes without a hash. */
export function useAsset(store: Store, hash: string | null, type: string): AssetState {
  const [state, setState] = useState(LOADING);
  const [tries, setTries] = useState(0);
  const isLive = store.connection.value === "live";
  useEffect(() => {
    if (isLive && state.kind === "missing") setTries(tries + 1); // the kernel was away, and is back
  }, [isLive]);
  useEffect(() => {
    let isGone = false;
    setState(LOADING);
    if (hash === null) return undefined;
    store.assets
      .file(hash, type)
      .then((file) => isGone || setState({ kind: "here", file }))
      .catch(() => isGone || setState({ kind: "missing" }));
    return () => {
      isGone = true;
    };
  }, [store, hash, type, tries]);
  return state;
}

/** An address of a file in this page, for as long as the component is there. */
export function useBlobUrl(file: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = file && URL.createObjectURL(file);
    setUrl(made);
    return () => {
      if (made) URL.revokeObjectURL(made);
    };
  }, [file]);
  return url;
}
