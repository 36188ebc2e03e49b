import { render } from "preact";
import { heal } from "../../src/markdown/heal.ts";
import { type Block, IncrementalMarkdown } from "../../src/markdown/incremental.ts";
import { Markdown } from "../../src/markdown/Markdown.tsx";
import { BlockView } from "../../src/markdown/render.tsx";

/** Numbers in [0, 1), the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The text in pieces of random length, from 1 to `longest`. */
export function randomPieces(text: string, seed: number, longest = 12): string[] {
  const random = randomNumbers(seed);
  const result: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * longest);
    result.push(text.slice(at, at + length));
    at += length;
  }
  return result;
}

/** What is shown of a text given in pieces: the blocks after each piece, and at the end. */
export function* frames(pieces: readonly string[]): Generator<readonly Block[], IncrementalMarkdown> {
  const markdown = new IncrementalMarkdown(heal);
  for (const piece of pieces) {
    markdown.append(piece);
    markdown.update();
    yield blocksOf(markdown);
  }
  markdown.update(true);
  yield blocksOf(markdown);
  return markdown;
}

export const blocksOf = ({ frozen, tail }: IncrementalMarkdown): Block[] => [...frozen, ...tail];

export function streamed(pieces: readonly string[]): readonly Block[] {
  return [...frames(pieces)].at(-1) ?? [];
}

/** Draws blocks without the component around them. */
export function drawBlocks(blocks: readonly Block[], into: HTMLElement): HTMLElement {
  render(
    blocks.map((block, index) => <BlockView key={String(index)} block={block} />),
    into,
  );
  return into;
}

/** Draws a whole message. */
export function drawWhole(content: string): HTMLElement {
  const host = document.createElement("div");
  render(<Markdown content={content} edition={0} streaming={false} heal={heal} clock={() => 0} />, host);
  return host;
}

/** Draws a message piece by piece into the same elements; `look` sees each frame. */
export function drawStreamed(
  pieces: readonly string[],
  look: (host: HTMLElement) => void = () => {},
): HTMLElement {
  const host = document.createElement("div");
  let content = "";
  for (const piece of pieces) {
    content += piece;
    render(<Markdown content={content} edition={0} streaming={true} heal={heal} clock={() => 0} />, host);
    look(host);
  }
  render(<Markdown content={content} edition={0} streaming={false} clock={() => 0} />, host);
  return host;
}
