import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Store } from "../store.ts";
import { useAsset } from "../view/useAsset.ts";
import type { BodyProps } from "./Body.tsx";
import { FIGURE_DOCUMENT, type FromFrame, type ToFrame } from "./figureFrame.ts";
import { Loading, Missing } from "./Notes.tsx";
import { useSeen } from "./useSeen.ts";
import { useText } from "./useText.ts";

const HEIGHTS = { small: 240, medium: 360, large: 520 } as const;
const MOST_HEIGHT = 1200;

/** A figure of plotly, once it comes near what the reader sees: the script is large. */
export function Figure({ store, element }: BodyProps) {
  const box = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(box);
  const text = useText(store, element);
  const height = useMemo(
    () => heightOf(text ?? "") ?? HEIGHTS[element.size ?? "medium"],
    [text, element.size],
  );
  return (
    <div class="element-figure" ref={box} style={{ height: `${height}px` }}>
      {text === null ? <Missing name={element.name} /> : null}
      {isSeen && text ? <Frame store={store} code={element.code} figure={text} name={element.name} /> : null}
    </div>
  );
}

/** How high the figure wants to be, if it says so. */
function heightOf(figure: string): number | undefined {
  try {
    const height: unknown = JSON.parse(figure).layout?.height;
    return typeof height === "number" && height > 0 ? Math.min(height, MOST_HEIGHT) : undefined;
  } catch {
    return undefined;
  }
}

interface FrameProps {
  readonly store: Store;
  readonly code: string | null;
  readonly figure: string;
  readonly name: string;
}

function Frame({ store, code, figure, name }: FrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [said, setSaid] = useState<FromFrame>();
  const [loads, setLoads] = useState(0);
  const script = useAsset(store, code, "text/javascript");
  const file = script.kind === "here" ? script.file : undefined;
  // Before the frame can say anything. It says that it is ready once each time it is loaded: anew where the notebook
  // moves its cell.
  useLayoutEffect(() => {
    const hear = ({ source, data }: MessageEvent) => {
      if (source === null || source !== frame.current?.contentWindow) return;
      setSaid(data);
      if (data === "ready") setLoads((count) => count + 1);
    };
    addEventListener("message", hear);
    return () => removeEventListener("message", hear);
  }, []);
  useTold(
    frame,
    loads,
    useMemo(() => file && { code: file }, [file]),
  );
  useTold(
    frame,
    file ? loads : 0,
    useMemo(() => ({ figure }), [figure]),
  );
  if (code === null || script.kind === "missing")
    return <Missing name={`what draws ${name || "this figure"}`} />;
  return (
    <>
      {said !== "drawn" && said !== "failed" && <Loading />}
      {said === "failed" && <div class="element-note">{name || "This figure"} could not be drawn.</div>}
      <iframe
        sandbox="allow-scripts"
        title={name || "Figure"}
        srcdoc={FIGURE_DOCUMENT}
        hidden={!file || said === "failed"}
        ref={frame}
      />
    </>
  );
}

/** Tells the frame something once it is loaded, each time, and again what is new. */
function useTold(
  frame: { readonly current: HTMLIFrameElement | null },
  loads: number,
  what: ToFrame | undefined,
): void {
  useEffect(() => {
    // The frame has an origin of its own that cannot be named; nobody else hears what is said to its window.
    if (loads > 0 && what) frame.current?.contentWindow?.postMessage(what, "*");
  }, [frame, loads, what]);
}
