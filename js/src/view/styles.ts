import markdown from "../markdown/markdown.css";
import base from "./base.css";
import composer from "./composer.css";
import message from "./message.css";
import thread from "./thread.css";

const texts = [base, thread, message, markdown, composer];

let shared: CSSStyleSheet | undefined;

/** Adds to the styles of all chats, also of those that are shown already: a part of the bundle came later. */
export function addStyles(text: string): void {
  texts.push(text);
  shared?.replaceSync(texts.join("\n"));
}

/** Gives a shadow root the chat's styles; all roots of a page share one sheet where the browser can. */
export function adoptStyles(root: ShadowRoot): void {
  try {
    shared ??= makeSheet();
    root.adoptedStyleSheets = [shared];
  } catch {
    const style = document.createElement("style");
    style.textContent = texts.join("\n");
    root.append(style);
  }
}

function makeSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(texts.join("\n"));
  return sheet;
}
