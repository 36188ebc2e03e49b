import { render } from "preact";
import { heal } from "./heal.ts";
import { whenIdle } from "./idle.ts";
import { Markdown } from "./Markdown.tsx";

/** One of each block and mark that models use. */
const SAMPLES = [
  "# One\n\nSome *words* are **strong**, `code` is not; [a link](https://example.com) is ~~gone~~.\n\n",
  "- one\n- [ ] two\n  1. three\n\n> said\n\n",
  "| a | b |\n| --- | ---: |\n| 1 | `2` |\n\n",
  "```python\nx = 1\n```\n\n---\n\n$$\nx\n$$\n\nThe **end",
];

/**
 * Reads and draws some Markdown that nobody sees, while the page has time: what runs for the first time is compiled
 * first, and without this a page's first answer would wait for that, some 50 ms.
 */
export function warmUp(): void {
  // Who cannot tell when the page has time would take it while the chat opens.
  if (typeof requestIdleCallback === "undefined") return;
  const nowhere = document.createElement("div");
  let content = "";
  const show = (streaming: boolean) =>
    render(<Markdown content={content} edition={0} streaming={streaming} heal={heal} />, nowhere);
  for (const sample of SAMPLES)
    whenIdle(() => {
      content += sample;
      show(true);
    });
  whenIdle(() => show(false));
  whenIdle(() => render(null, nowhere));
}
