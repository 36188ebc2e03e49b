// Lazy chunk: what users think of answers.

import { addStyles } from "../view/styles.ts";
import css from "./feedback.css";

addStyles(css);

export { Thumbs } from "./Thumbs.tsx";
