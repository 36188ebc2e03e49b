import { useEffect, useState } from "preact/hooks";
import type { Store } from "../store.ts";
import { useAsset } from "../view/useAsset.ts";
import type { BodyProps } from "./Body.tsx";
import { Download } from "./Download.tsx";
import { Fetched } from "./Fetched.tsx";
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
  if (mime === SVG && !isBroken) return <Drawing store={store} hash={asset} name={name} show={show} />;
  if (mime === null || !RASTER.includes(mime) || isBroken) return <Download {...props} />;
  return (
    <Fetched {...props} type={mime} action="Show">
      {show}
    </Fetched>
  );
}

interface DrawingProps {
  readonly store: Store;
  readonly hash: string;
  readonly name: string;
  readonly show: (source: string) => preact.JSX.Element;
}

/** In an address of its own kind: opened alone, a drawing from a blob could run scripts as this page. */
function Drawing({ store, hash, name, show }: DrawingProps) {
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
