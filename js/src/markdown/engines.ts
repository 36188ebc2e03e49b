import { type ComponentChild, createContext } from "preact";

/** A piece of highlighted code: text, or text within a class of the highlighter's own choice. */
export type Highlighted = string | { readonly className: string; readonly children: readonly Highlighted[] };

/** Makes an unfinished text render as what it is about to become (see heal.ts). */
export type Heal = (source: string) => string;

/** Colours code; null if the language is not known. Plain trees, so that the highlighter needs no preact. */
export type Highlight = (code: string, lang: string) => readonly Highlighted[] | null;

/** Sets TeX; null if it cannot. */
export type MathEngine = (tex: string, display: boolean) => ComponentChild | null;

/** What may come later than the text, or not at all: without it code and TeX are shown plain. */
export interface Engines {
  readonly highlight?: Highlight | undefined;
  readonly math?: MathEngine | undefined;
  /** Hosts whose images are loaded without asking. */
  readonly imageHosts?: ReadonlySet<string> | undefined;
}

/** Makes nodes of a piece of text, such as links of the names in it. */
export type ReadText = (text: string) => ComponentChild;

export const asItIs: ReadText = (text) => text;

export const TextContext = createContext<ReadText>(asItIs);

export const EnginesContext = createContext<Engines>({});
