import { useLayoutEffect, useRef } from "preact/hooks";
import { parseAnsi } from "./ansi.ts";

interface Props {
  readonly class: string;
  readonly label: string;
  readonly text: string;
  /** Where reading begins: at the end, and there it stays while the text grows, or at the start. */
  readonly from?: "end" | "start";
}

/** Terminal text with its colours, in a box of bounded height. */
export function AnsiText({ class: className, label, text, from = "end" }: Props) {
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(from === "end");
  useLayoutEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const scroll = ({ currentTarget }: { currentTarget: HTMLElement }) => {
    const { scrollTop, scrollHeight, clientHeight } = currentTarget;
    isAtEnd.current = scrollHeight - clientHeight - scrollTop < 8;
  };
  return (
    // biome-ignore-start lint/a11y: a scrollable region must be reachable by keyboard, and have a name.
    <pre class={className} role="group" aria-label={label} tabIndex={0} ref={box} onScroll={scroll}>
      {parseAnsi(text).map(({ text, style }) => (style === "" ? text : <span class={style}>{text}</span>))}
    </pre>
    // biome-ignore-end lint/a11y: a scrollable region must be reachable by keyboard, and have a name.
  );
}
