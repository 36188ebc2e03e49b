// Lazy chunk: what the user is offered beside writing.

import { addStyles } from "../view/styles.ts";
import css from "./offers.css";

addStyles(css);

export { Place } from "./Place.tsx";
