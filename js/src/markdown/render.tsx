/**
 * Tokens to virtual nodes. No HTML string is ever made or read, and no id, class or style comes from the text:
 * whatever the text says, the only elements that exist are those named in these files.
 */
import type { Tokens } from "marked";
import { type ComponentChild, h } from "preact";
import { useContext } from "preact/hooks";
import { CodeBlock, firstWord, OpenCodeBlock } from "./CodeBlock.tsx";
import { EnginesContext, type ReadText, TextContext } from "./engines.ts";
import { decode } from "./entities.ts";
import type { Block } from "./incremental.ts";
import { InlineNodes } from "./inlineHtml.ts";
import { Image, Link } from "./Link.tsx";
import { type ChatToken, narrow } from "./lexer.ts";
import { isSameList, pieces } from "./lists.ts";
import { memo } from "./memo.ts";

/** A message is a section of a page that has headings of its own. */
const HEADING_DEMOTION = 2;
const LONG_TEXT = 2_000;
/** Items and rows are compared by such numbers at a time when a long list or table grows. */
const BATCH = 32;

/** What the component that is being rendered makes of a piece of text. */
let readText: ReadText;

/** A component in whose texts something may be found. */
function reading<Props>(view: (props: Props) => ComponentChild): (props: Props) => ComponentChild {
  return (props) => {
    readText = useContext(TextContext);
    return view(props);
  };
}

/** One top level block; rendered again only when it is another one. */
export const BlockView = memo(
  reading(({ block }: { block: Block }) => blockNode(block)),
  (before, after) => before.block === after.block,
);

function blockNode(block: Block): ComponentChild {
  switch (block.type) {
    case "heading":
      return h(`h${Math.min(6, block.depth + HEADING_DEMOTION)}`, null, inlineNodes(narrow(block.tokens)));
    case "paragraph":
      return <p>{inlineNodes(narrow(block.tokens))}</p>;
    case "text":
      return <p>{textNodes(block)}</p>;
    case "code":
      return <CodeBlock text={block.text} lang={firstWord(decode(block.lang ?? ""))} />;
    case "openFence":
      return <OpenCodeBlock fence={block} />;
    case "blockquote":
      return <blockquote>{blockNodes(narrow(block.tokens))}</blockquote>;
    case "list":
      return <List list={block} />;
    case "table":
      return <Table table={block} />;
    case "hr":
      return <hr />;
    case "html":
      return <p class="raw">{htmlNodes(block.raw.replace(/\n+$/, ""))}</p>;
    case "mathBlock":
      return <MathBlock tex={block.text} />;
    case "space":
    case "def":
    case "checkbox":
      return null;
    default:
      return <p>{inlineNodes([block])}</p>;
  }
}

const blockNodes = (tokens: readonly ChatToken[]): ComponentChild[] => tokens.map(blockNode);

function List({ list }: { list: Tokens.List }) {
  const items = pieces(list.items, BATCH).map((batch, index) => (
    <ListItems key={index} items={batch} loose={list.loose} />
  ));
  if (!list.ordered) return <ul>{items}</ul>;
  return list.start === 1 ? <ol>{items}</ol> : <ol start={Number(list.start)}>{items}</ol>;
}

const ListItems = memo(
  reading(({ items, loose }: { items: readonly Tokens.ListItem[]; loose: boolean }) =>
    items.map((item) => (
      <li class={item.task ? "task" : undefined}>
        {item.task ? <TaskBox checked={item.checked ?? false} /> : null}
        {narrow(item.tokens).map((token) =>
          token.type === "text" && !loose ? textNodes(token) : blockNode(token),
        )}
      </li>
    )),
  ),
  (before, after) => before.loose === after.loose && isSameList(before.items, after.items),
);

function TaskBox({ checked }: { checked: boolean }) {
  return <input type="checkbox" disabled checked={checked} aria-label={checked ? "done" : "to do"} />;
}

type Row = Tokens.TableCell[];

const Table = reading(({ table }: { table: Tokens.Table }) => {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div class="table" tabIndex={0}>
      <table>
        <thead>
          <tr>{table.header.map((cell) => cellNode("th", cell))}</tr>
        </thead>
        {table.rows.length > 0 ? <tbody>{tableRows(table.rows)}</tbody> : null}
      </table>
    </div>
  );
});

const tableRows = (rows: readonly Row[]): ComponentChild[] =>
  pieces(rows, BATCH).map((batch, index) => <TableRows key={index} rows={batch} />);

const TableRows = memo(
  reading(({ rows }: { rows: readonly Row[] }) =>
    rows.map((row) => <tr>{row.map((cell) => cellNode("td", cell))}</tr>),
  ),
  (before, after) => isSameList(before.rows, after.rows),
);

const cellNode = (tag: "th" | "td", { align, tokens }: Tokens.TableCell): ComponentChild =>
  h(tag, align ? { class: `align-${align}` } : null, inlineNodes(narrow(tokens)));

function MathBlock({ tex }: { tex: string }) {
  const set = useContext(EnginesContext).math?.(tex, true);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div class="math-block" tabIndex={0}>
      {set ?? <code class="tex">{tex}</code>}
    </div>
  );
}

function InlineMath({ tex, display }: { tex: string; display: boolean }) {
  const { math } = useContext(EnginesContext);
  return <>{math?.(tex, display) ?? <code class="tex">{tex}</code>}</>;
}

function inlineNodes(tokens: readonly ChatToken[], inLink = false): ComponentChild[] {
  const nodes = new InlineNodes();
  for (const token of tokens) {
    if (token.type === "html") nodes.addHtml(token.raw);
    else nodes.add(inlineNode(token, inLink));
  }
  return nodes.finish();
}

function inlineNode(token: ChatToken, inLink: boolean): ComponentChild {
  switch (token.type) {
    case "text":
      return textNodes(token, inLink);
    case "strong":
    case "em":
    case "del":
      return h(token.type, null, inlineNodes(narrow(token.tokens), inLink));
    case "codespan":
      return <code>{token.text}</code>;
    case "br":
      return <br />;
    case "math":
      return <InlineMath tex={token.text} display={token.display} />;
    case "link":
      return linkNode(token);
    case "image":
      return imageNode(token, inLink);
    case "escape":
      return token.text;
    case "checkbox":
      return null;
    default:
      return token.raw;
  }
}

function textNodes(token: Tokens.Text, inLink = false): ComponentChild {
  if (token.tokens) return inlineNodes(narrow(token.tokens), inLink);
  const text = decode(token.text);
  const read = inLink ? text : readText(text);
  return typeof read === "string" ? shortTexts(read) : read;
}

/** A long text in pieces that stay as they are while it grows: the browser lays out anew only what changed. */
function shortTexts(text: string): ComponentChild {
  if (text.length <= LONG_TEXT) return text;
  const texts: string[] = [];
  let start = 0;
  for (; text.length - start > LONG_TEXT; start += texts.at(-1)?.length ?? 0)
    texts.push(text.slice(start, endOfPiece(text, start + LONG_TEXT)));
  return [...texts, text.slice(start)];
}

/** After a word, or where there is none at least between two characters. */
function endOfPiece(text: string, end: number): number {
  const word = text.lastIndexOf(" ", end) + 1;
  if (word > end - LONG_TEXT / 2) return word;
  return /[\uDC00-\uDFFF]/.test(text.charAt(end)) ? end + 1 : end;
}

function linkNode(token: Tokens.Link): ComponentChild {
  const read = token.autolink ? (text: string) => text : decode;
  const tokens = narrow(token.tokens);
  return (
    <Link address={read(token.href)} title={decode(token.title ?? "")} label={plainText(tokens)}>
      {token.autolink ? token.text : inlineNodes(tokens, true)}
    </Link>
  );
}

function imageNode(token: Tokens.Image, inLink: boolean): ComponentChild {
  const title = decode(token.title ?? "") || undefined;
  return (
    <Image address={decode(token.href)} alt={plainText(narrow(token.tokens))} title={title} inLink={inLink} />
  );
}

const htmlNodes = (html: string): ComponentChild[] => {
  const nodes = new InlineNodes();
  nodes.addHtml(html);
  return nodes.finish();
};

/** What remains of inline tokens without their formatting. */
function plainText(tokens: readonly ChatToken[]): string {
  return tokens
    .map((token) => {
      if ("tokens" in token && token.tokens) return plainText(narrow(token.tokens));
      if (token.type === "text") return decode(token.text);
      if (token.type === "br") return "\n";
      return "text" in token ? token.text : token.raw;
    })
    .join("");
}
