import markdown from "../markdown/markdown.css";
import base from "./base.css";
import composer from "./composer.css";
import message from "./message.css";
import output from "./output.css";
import thread from "./thread.css";

const TEXT = [base, thread, message, markdown, output, composer].join("\n");

let shared: CSSStyleSheet | undefined;

/** Gives a shadow root the chat's styles; all roots of a page share one sheet where the browser can. */
export function adoptStyles(root: ShadowRoot): void {
  try {
    shared ??= makeSheet();
    root.adoptedStyleSheets = [shared];
  } catch {
    const style = document.createElement("style");
    style.textContent = TEXT;
    root.append(style);
  }
}

function makeSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(TEXT);
  return sheet;
}
