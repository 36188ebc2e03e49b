import { useEffect, useState } from "preact/hooks";
import type { ElementItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { useAsset } from "../view/useAsset.ts";

/** What an element says: it has it with it, or the kernel has. Undefined until it is there, null when it never is. */
export function useText(store: Store, { content, asset }: ElementItem): string | null | undefined {
  const [text, setText] = useState<string | null>();
  const fetched = useAsset(store, asset, "text/plain");
  useEffect(() => {
    if (fetched.kind !== "here") return setText(fetched.kind === "missing" ? null : undefined);
    let isGone = false;
    fetched.file.text().then((read) => isGone || setText(read));
    return () => {
      isGone = true;
    };
  }, [fetched]);
  return asset === null ? content : text;
}
