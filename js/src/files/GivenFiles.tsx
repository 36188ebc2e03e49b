import { useState } from "preact/hooks";
import { FileIcon } from "../elements/icons.tsx";
import { saveFile } from "../elements/saveFile.ts";
import { sizeOf } from "../elements/sizeOf.ts";
import type { ElementItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { ItemView } from "../view/ItemView.tsx";
import { useAsset, useBlobUrl } from "../view/useAsset.ts";
import { isPicture } from "./pictures.ts";
import { fileOf, uploadsOf } from "./Uploads.ts";

const FILES: readonly ElementItem["type"][] = ["image", "file", "pdf", "audio", "video"];

interface Props {
  readonly store: Store;
  readonly ids: readonly string[];
}

/** What the user gave with a message: small, for who gave it knows it. */
export function GivenFiles({ store, ids }: Props) {
  return (
    <ul class="given" aria-label="Files">
      {ids.map((id) => (
        <li key={id}>
          <GivenFile store={store} id={id} />
        </li>
      ))}
    </ul>
  );
}

function GivenFile({ store, id }: { store: Store; id: string }) {
  const item = store.picture.item(id).value?.item;
  const file = uploadsOf(store).find(fileOf(id))?.file;
  if (item?.kind === "element" && FILES.includes(item.type) && item.asset !== null) {
    const { name, mime, bytes, asset } = item;
    const Look = isPicture(mime, bytes) ? GivenPicture : GivenChip;
    return <Look {...{ store, name, mime, bytes, asset, file }} />;
  }
  if (item) return <ItemView store={store} id={id} />;
  if (!file) return null;
  const { name, type: mime, size: bytes } = file;
  const Look = isPicture(mime, bytes) ? GivenPicture : GivenChip;
  return <Look {...{ store, name, mime, bytes, asset: null, file }} />;
}

interface FileProps {
  readonly store: Store;
  readonly name: string;
  readonly mime: string | null;
  readonly bytes: number | null;
  readonly asset: string | null;
  /** The file itself, in the page that it came from. */
  readonly file: File | undefined;
}

function GivenPicture(props: FileProps) {
  const { store, name, mime, asset, file } = props;
  const [isBroken, setIsBroken] = useState(false);
  const fetched = useAsset(store, file ? null : asset, mime ?? "");
  const url = useBlobUrl(file ?? (fetched.kind === "here" ? fetched.file : undefined));
  if (isBroken || fetched.kind === "missing") return <GivenChip {...props} />;
  return (
    <SaveButton class="given-picture" {...props}>
      {url && <img src={url} alt={name} onError={() => setIsBroken(true)} />}
    </SaveButton>
  );
}

function GivenChip(props: FileProps) {
  return (
    <SaveButton class="chip" {...props}>
      <FileIcon />
      <span class="chip-name" dir="auto">
        {props.name}
      </span>{" "}
      <span class="chip-size">{sizeOf(props.bytes)}</span>
    </SaveButton>
  );
}

type SaveProps = FileProps & { readonly class: string; readonly children: preact.ComponentChildren };

function SaveButton({ store, name, asset, file, class: look, children }: SaveProps) {
  const [isMissing, setIsMissing] = useState(false);
  const save = async () => {
    try {
      const blob = file ?? (asset && (await store.assets.file(asset, "application/octet-stream")));
      if (blob) saveFile(blob, name);
    } catch {
      setIsMissing(true);
    }
  };
  return (
    <button
      type="button"
      class={look}
      title={isMissing ? `The kernel does not give ${name} any more` : `Save ${name}`}
      disabled={isMissing}
      onClick={save}
    >
      {children}
    </button>
  );
}
