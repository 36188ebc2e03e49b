/**
 * Markdown text to tokens: marked's lexer with GFM, math, and one correction.
 *
 * Nothing here makes HTML. Two passes are offered: `lex` gives finished tokens, `structure` only the top
 * level blocks (no inline work), which is all one needs to decide where a text may be cut.
 */
import {
  getDefaults,
  Hooks,
  Lexer,
  type MarkedOptions,
  type MarkedToken,
  type Token,
  Tokenizer,
  type Tokens,
  type TokensList,
} from "marked";
import {
  BLOCK_MATH_START,
  INLINE_MATH_START,
  inlineMath,
  type MathBlock,
  type MathToken,
  mathBlock,
  openMathBlock,
} from "./math.ts";

export type ChatToken = MarkedToken | MathToken | MathBlock;
export type Links = Record<string, { href: string; title: string | null }>;

/** Tokens of a whole text, knowing the link definitions in `links` besides its own. */
export function lex(source: string, links?: Links): ChatToken[] {
  const lexer = new ChatLexer(false);
  // marked reads own keys only, so a map inherited by prototype would go unseen.
  Object.assign(lexer.tokens.links, links);
  return narrow(lexer.lex(source));
}

/** The top level blocks of a text, without inline tokens; an unclosed math block is one block. */
export function structure(source: string): ChatToken[] {
  return narrow(new ChatLexer(true).blockTokens(source, []));
}

/** Link definitions anywhere in the tokens: quotes and lists may hold some. */
export function definitions(tokens: readonly ChatToken[]): Tokens.Def[] {
  return tokens.flatMap((token): Tokens.Def[] => {
    if (token.type === "def") return [token];
    if (token.type === "list") return token.items.flatMap((item) => definitions(narrow(item.tokens)));
    if (token.type === "blockquote") return definitions(narrow(token.tokens));
    return [];
  });
}

/** marked's `Token` admits any shape; with our own extensions known, only these occur. */
export const narrow = (tokens: readonly Token[] | undefined): ChatToken[] => (tokens ?? []) as ChatToken[];

export const isVisible = (token: ChatToken): boolean => token.type !== "space" && token.type !== "def";

/** marked's own normalisation of link labels, which it does not export. */
export const normalizeLabel = (label: string): string =>
  label.trim().replace(/\s+/g, " ").toLowerCase().toUpperCase().toLowerCase();

/**
 * Finds the next match at or after a position, for positions that only grow.
 *
 * marked asks "where might math begin?" again before each text token; searching the rest of the text each
 * time is quadratic, remembering the answer is not.
 */
class Lookahead {
  #next = -1;

  constructor(
    readonly source: string,
    private readonly pattern: RegExp,
  ) {}

  /** Index relative to `rest`, which must be an ending of the source. */
  in(rest: string): number | undefined {
    const from = this.source.length - rest.length;
    if (this.#next < from) this.#next = this.#search(from);
    return this.#next === Number.POSITIVE_INFINITY ? undefined : this.#next - from;
  }

  #search(from: number): number {
    this.pattern.lastIndex = from;
    return this.pattern.exec(this.source)?.index ?? Number.POSITIVE_INFINITY;
  }
}

class InlineRun extends Lookahead {
  /** No `\(` after this is worth looking for its end. */
  readonly lastFormulaEnd: number;

  constructor(source: string) {
    super(source, INLINE_MATH_START);
    this.lastFormulaEnd = source.lastIndexOf("\\)");
  }
}

class ChatTokenizer extends Tokenizer {
  /** A raw `<a>` or `<pre>` is only text here, so it must not change how what follows it is read. */
  override tag(source: string): Tokens.Tag | undefined {
    const { inLink, inRawBlock } = this.lexer.state;
    const token = super.tag(source);
    Object.assign(this.lexer.state, { inLink, inRawBlock });
    return token;
  }

  /** A formula ends a paragraph, hence also one that would be a heading; marked clips only the former. */
  override lheading(source: string): Tokens.Heading | undefined {
    const formula = chatLexer(this).blockRun.in(source);
    return super.lheading(formula === undefined ? source : source.slice(0, formula + 1));
  }
}

class ChatLexer extends Lexer {
  inlineRun = new InlineRun("");
  blockRun = new Lookahead("", BLOCK_MATH_START);

  constructor(readonly keepsOpenMath: boolean) {
    super(PLAIN);
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    const { inlineRun, options } = this;
    this.inlineRun = new InlineRun(source);
    // The mask makes marked prepare every run, so it is on only where it has something to hide.
    this.options = this.inlineRun.in(source) === undefined ? PLAIN : MASKING;
    try {
      return super.inlineTokens(source, tokens);
    } finally {
      Object.assign(this, { inlineRun, options });
    }
  }

  override blockTokens(source: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[];
  override blockTokens(source: string, tokens?: TokensList, lastParagraphClipped?: boolean): TokensList;
  override blockTokens(source: string, tokens: Token[] = [], lastParagraphClipped?: boolean): Token[] {
    const { blockRun } = this;
    this.blockRun = new Lookahead(source, BLOCK_MATH_START);
    try {
      return super.blockTokens(source, tokens, lastParagraphClipped);
    } finally {
      this.blockRun = blockRun;
    }
  }

  inlineMathAt(rest: string): MathToken | undefined {
    const { source, lastFormulaEnd } = this.inlineRun;
    const at = source.length - rest.length;
    if (rest.startsWith("\\(") && at > lastFormulaEnd) return undefined;
    return inlineMath(rest, source.charAt(at - 1));
  }

  blockMathAt(rest: string): MathBlock | undefined {
    return mathBlock(rest) ?? (this.keepsOpenMath ? openMathBlock(rest) : undefined);
  }

  /** Hides math from the search for `*` and `_`, as marked itself does for code and links. */
  maskMath(masked: string): string {
    const { source } = this.inlineRun;
    let result = "";
    for (let at = 0; at < masked.length; ) {
      const token = this.#maskable(masked, at) ? this.inlineMathAt(source.slice(at)) : undefined;
      const length = token?.raw.length ?? 1;
      result += token ? "+".repeat(length) : masked.charAt(at);
      at += length;
    }
    return result;
  }

  /** marked has masked code already, and turned the escape that opens `\(` into `++`. */
  #maskable(masked: string, at: number): boolean {
    return masked[at] === "$" || (masked.startsWith("++", at) && this.inlineRun.source.startsWith("\\(", at));
  }
}

const chatLexer = (self: { lexer: Lexer }): ChatLexer => {
  if (self.lexer instanceof ChatLexer) return self.lexer;
  throw new TypeError("Chat Markdown extensions need a ChatLexer, got a plain marked Lexer.");
};

const EXTENSIONS: NonNullable<MarkedOptions["extensions"]> = {
  renderers: {},
  childTokens: {},
  inline: [
    function (source) {
      return chatLexer(this).inlineMathAt(source);
    },
  ],
  startInline: [
    function (rest) {
      return chatLexer(this).inlineRun.in(rest);
    },
  ],
  block: [
    function (source) {
      return chatLexer(this).blockMathAt(source);
    },
  ],
  startBlock: [
    function (rest) {
      return chatLexer(this).blockRun.in(rest);
    },
  ],
};

class MathMask extends Hooks {
  override emStrongMask(masked: string): string {
    // marked calls the hook on `{ lexer }`, not on the hooks object its types promise.
    return chatLexer(this as unknown as { lexer: Lexer }).maskMath(masked);
  }
}

const PLAIN: MarkedOptions = {
  ...getDefaults(),
  gfm: true,
  tokenizer: new ChatTokenizer(),
  extensions: EXTENSIONS,
};
const MASKING: MarkedOptions = { ...PLAIN, hooks: new MathMask() };
