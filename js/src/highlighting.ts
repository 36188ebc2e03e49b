// Lazy chunk: code in colours.

import css from "./markdown/highlight.css";
import { addStyles } from "./view/styles.ts";

addStyles(css);

export { highlight } from "./markdown/highlight.ts";
