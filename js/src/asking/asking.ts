// Lazy chunk: buttons, and questions that wait for an answer.

import { addStyles } from "../view/styles.ts";
import css from "./asking.css";

addStyles(css);

export { Question } from "./Question.tsx";
export { View } from "./View.tsx";
