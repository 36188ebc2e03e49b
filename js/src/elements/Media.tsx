import { useEffect, useState } from "preact/hooks";
import type { BodyProps } from "./Body.tsx";
import { Download } from "./Download.tsx";
import { Fetched } from "./Fetched.tsx";
import { isNew } from "./isNew.ts";
import { Remote } from "./Remote.tsx";

interface Props extends BodyProps {
  readonly kind: "audio" | "video";
}

/** Something to hear or watch; what the browser cannot play can be saved. */
export function Media({ kind, ...props }: Props) {
  const { element } = props;
  const { asset, mime, name, auto_play } = element;
  const [isBroken, setIsBroken] = useState(false);
  const [startsItself] = useState(() => auto_play && isNew(props.store, element));
  useEffect(() => setIsBroken(false), [asset]);
  if (isBroken) return <Download {...props} />;
  const play = (source: string, isWanted: boolean) => {
    const player = { class: `element-${kind}`, src: source, "aria-label": name || kind, controls: true };
    const fail = () => setIsBroken(true);
    // biome-ignore-start lint/a11y/useMediaCaption: there are none
    if (kind === "audio") return <audio {...player} autoplay={isWanted} onError={fail} />;
    return <video {...player} autoplay={isWanted} playsInline onError={fail} />;
    // biome-ignore-end lint/a11y/useMediaCaption: there are none
  };
  if (asset === null) {
    return (
      <Remote element={element} action="Play">
        {(address) => play(address, true)}
      </Remote>
    );
  }
  const type = mime?.startsWith(`${kind}/`) ? mime : "";
  return (
    <Fetched {...props} type={type} action="Load">
      {(url) => play(url, startsItself)}
    </Fetched>
  );
}
