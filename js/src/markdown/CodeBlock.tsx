import type { ComponentChild } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { EnginesContext, type Highlighted } from "./engines.ts";
import type { OpenFence } from "./fence.ts";
import { whenIdle } from "./idle.ts";
import { useCopy } from "./useCopy.ts";

/**
 * Longer code (about 400 lines) is not coloured: reading it, and styling its thousands of pieces, would each block
 * the page. Coloured in parts it would be wrong wherever a string or a comment goes from one into the next.
 */
const LONGEST_COLOURED = 16_000;
/** Text nodes of about this size: a longer one is laid out again, whole, with each addition. */
const NODE_LENGTH = 2_000;

/** A finished code block. */
export function CodeBlock({ text, lang }: { text: string; lang: string }) {
  return (
    <CodeFrame lang={lang} source={() => text}>
      <ColouredCode key="closed" text={text} lang={lang} />
    </CodeFrame>
  );
}

/** A code block that is still being written. */
export function OpenCodeBlock({ fence }: { fence: OpenFence }) {
  return (
    <CodeFrame lang={firstWord(fence.lang)} source={() => fence.pieces.join("")}>
      <GrowingCode key="open" pieces={fence.pieces} />
    </CodeFrame>
  );
}

/** The language is the first word after the fence. */
export const firstWord = (label: string): string => /^\S{1,40}/.exec(label)?.[0] ?? "";

function CodeFrame(props: { lang: string; source: () => string; children: ComponentChild }) {
  return (
    <div class="code">
      <div class="bar" data-chat-chrome>
        <span class="lang">{props.lang}</span>
        <CopyButton source={props.source} />
      </div>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <pre tabIndex={0}>{props.children}</pre>
    </div>
  );
}

/** Plain at first: colours come when the page has time. */
function ColouredCode({ text, lang }: { text: string; lang: string }) {
  const { highlight } = useContext(EnginesContext);
  const [coloured, setColoured] = useState<{ text: string; nodes: ComponentChild }>();
  useEffect(() => {
    if (!highlight || !lang || text.length > LONGEST_COLOURED) return undefined;
    return whenIdle(() => {
      const nodes = highlight(text, lang)?.map(colouredNode);
      if (nodes) setColoured({ text, nodes });
    });
  }, [text, lang, highlight]);
  return <code>{coloured?.text === text ? coloured.nodes : text}</code>;
}

function colouredNode(node: Highlighted): ComponentChild {
  if (typeof node === "string") return node;
  return <span class={node.className}>{node.children.map(colouredNode)}</span>;
}

/** Appends text nodes past the virtual tree, so that a frame costs what is new in it. */
function GrowingCode({ pieces }: { pieces: readonly string[] }) {
  const element = useRef<HTMLElement>(null);
  const shown = useRef<{ pieces: readonly string[]; count: number }>({ pieces, count: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    if (shown.current.pieces !== pieces) {
      current.replaceChildren();
      shown.current = { pieces, count: 0 };
    }
    for (; shown.current.count < pieces.length; shown.current.count++) {
      appendText(current, pieces[shown.current.count] ?? "");
    }
  });
  return <code ref={element} />;
}

function appendText(element: HTMLElement, text: string): void {
  const { lastChild } = element;
  if (lastChild instanceof Text && lastChild.length < NODE_LENGTH) lastChild.appendData(text);
  else element.append(text);
}

function CopyButton({ source }: { source: () => string }) {
  const [isCopied, copy] = useCopy(source);
  return (
    <button type="button" class="copy" onClick={copy}>
      {isCopied ? "Copied" : "Copy"}
    </button>
  );
}
