import { useState } from "preact/hooks";
import type { BodyProps } from "./Body.tsx";
import { FileIcon } from "./icons.tsx";
import { RemoteLink } from "./Remote.tsx";
import { saveFile } from "./saveFile.ts";
import { sizeOf } from "./sizeOf.ts";

type State = "idle" | "fetching" | "missing";

/** A file that is fetched from the kernel when the user saves it. */
export function Download({ store, element }: BodyProps) {
  const [state, setState] = useState<State>("idle");
  const { asset, bytes } = element;
  if (asset === null) return <RemoteLink element={element} />;
  const name = element.name || "file";
  const save = async () => {
    setState("fetching");
    try {
      saveFile(await store.assets.file(asset, "application/octet-stream"), name);
      setState("idle");
    } catch {
      setState("missing");
    }
  };
  return (
    <div class="element-file">
      <button
        type="button"
        class="file-button"
        title={`Save ${name}`}
        aria-busy={state === "fetching"}
        onClick={save}
      >
        <FileIcon />
        <span class="file-name" dir="auto">
          {name}
        </span>{" "}
        <span class="file-size">{state === "fetching" ? "Loading…" : sizeOf(bytes)}</span>
      </button>
      {state === "missing" && (
        <div class="element-note" role="status">
          The kernel does not give this file any more.
        </div>
      )}
    </div>
  );
}
