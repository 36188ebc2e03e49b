// Terminal text: colours become classes, other escape sequences vanish, a carriage return overwrites its line.

/** A piece of text and the classes that it is shown with. */
export interface AnsiSpan {
  readonly text: string;
  readonly style: string;
}

interface Pen {
  readonly color: string;
  readonly isBold: boolean;
}

const COLORS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
const PLAIN: Pen = { color: "", isBold: false };

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character.
const ESCAPE = /\u001b(?:\[([0-9;?]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;

export function parseAnsi(text: string): readonly AnsiSpan[] {
  const source = overwritten(text);
  const spans: AnsiSpan[] = [];
  let pen = PLAIN;
  let end = 0;
  for (const sequence of source.matchAll(ESCAPE)) {
    addSpan(spans, source.slice(end, sequence.index), pen);
    if (sequence[2] === "m") pen = drawWith(pen, sequence[1] ?? "");
    end = sequence.index + sequence[0].length;
  }
  addSpan(spans, source.slice(end), pen);
  return spans;
}

/** What a terminal shows of lines that were written over, as progress bars do. */
function overwritten(text: string): string {
  if (!text.includes("\r")) return text;
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.replace(/\r+$/, "").split("\r").at(-1))
    .join("\n");
}

function addSpan(spans: AnsiSpan[], text: string, { color, isBold }: Pen): void {
  if (text === "") return;
  const style = [color && `ansi-${color}`, isBold && "ansi-bold"].filter(Boolean).join(" ");
  spans.push({ text, style });
}

function drawWith(pen: Pen, codes: string): Pen {
  let next = pen;
  for (const code of codes.split(";").map(Number)) {
    // 256 and 24 bit colours take arguments, which must not be read as codes of their own.
    if (code === 38 || code === 48) break;
    next = changed(next, code);
  }
  return next;
}

function changed(pen: Pen, code: number): Pen {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...pen, isBold: true };
  if (code === 22) return { ...pen, isBold: false };
  if (code === 39) return { ...pen, color: "" };
  const color = COLORS[code >= 90 ? code - 90 : code - 30];
  return color === undefined ? pen : { ...pen, color };
}
