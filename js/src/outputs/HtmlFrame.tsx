import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { frameDocument, guessHeight, type Theme, themeOf } from "./frameDocument.ts";

/** HTML of a displayed object, where it can reach nothing: no scripts, no network, not this page. */
export function HtmlFrame({ html, label }: { html: string; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useTheme(box);
  return (
    <div class="html-frame" ref={box} style={{ height: `${guessHeight(html)}px` }}>
      {theme && <iframe sandbox="" title={label} srcdoc={frameDocument(html, theme)} />}
    </div>
  );
}

/** The frame does not inherit the notebook's colours, so they are copied, and again when the theme changes. */
function useTheme(box: { readonly current: HTMLElement | null }): Theme | undefined {
  const [theme, setTheme] = useState<Theme>();
  useLayoutEffect(() => {
    const read = () => box.current && setTheme(themeOf(box.current));
    // JupyterLab names the new theme on the body when its sheet is loaded.
    const observer = new MutationObserver(() => requestAnimationFrame(read));
    observer.observe(document.body, {
      attributeFilter: ["class", "data-jp-theme-name", "data-jp-theme-light"],
    });
    read();
    return () => observer.disconnect();
  }, [box]);
  return theme;
}
