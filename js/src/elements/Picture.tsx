import { useEffect, useState } from "preact/hooks";
import type { Store } from "../store.ts";
import { useAsset, useBlobUrl } from "../view/useAsset.ts";
import type { BodyProps } from "./Body.tsx";
import { Download } from "./Download.tsx";
import { Loading, Missing } from "./Notes.tsx";
import { Remote } from "./Remote.tsx";

const RASTER = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/avif",
  "image/bmp",
  "image/x-icon",
];
const SVG = "image/svg+xml";

/** A picture; what the browser cannot show as one can be saved. */
export function Picture(props: BodyProps) {
  const { store, element } = props;
  const { asset, mime, name } = element;
  const [isBroken, setIsBroken] = useState(false);
  useEffect(() => setIsBroken(false), [asset]);
  const show = (source: string) => (
    <img
      class="element-picture"
      src={source}
      alt={name || "Picture"}
      referrerpolicy="no-referrer"
      onError={() => setIsBroken(true)}
    />
  );
  if (asset === null) {
    return (
      <Remote element={element} action="Show">
        {show}
      </Remote>
    );
  }
  if (isBroken) return <Download {...props} />;
  if (mime === SVG) return <Drawing store={store} hash={asset} name={name} show={show} />;
  if (mime === null || !RASTER.includes(mime)) return <Download {...props} />;
  return <Pixels store={store} hash={asset} type={mime} name={name} show={show} />;
}

interface SourceProps {
  readonly store: Store;
  readonly hash: string;
  readonly name: string;
  readonly show: (source: string) => preact.JSX.Element;
}

function Pixels({ store, hash, type, name, show }: SourceProps & { readonly type: string }) {
  const asset = useAsset(store, hash, type);
  const url = useBlobUrl(asset.kind === "here" ? asset.file : undefined);
  if (url) return show(url);
  return asset.kind === "missing" ? <Missing name={name} /> : <Loading />;
}

/** In an address of its own kind: opened alone, a drawing from a blob could run scripts as this page. */
function Drawing({ store, hash, name, show }: SourceProps) {
  const asset = useAsset(store, hash, SVG);
  const [source, setSource] = useState<string>();
  useEffect(() => {
    if (asset.kind !== "here") return undefined;
    const reader = new FileReader();
    reader.onload = () => setSource(String(reader.result));
    reader.readAsDataURL(asset.file);
    return () => reader.abort();
  }, [asset]);
  if (source) return show(source);
  return asset.kind === "missing" ? <Missing name={name} /> : <Loading />;
}
