// Lazy chunk: what is done on the way to an answer.

import { addStyles } from "../view/styles.ts";
import css from "./steps.css";

addStyles(css);

export { View } from "./View.tsx";
