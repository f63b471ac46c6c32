/** What the variables of a dashboard stand for, for whoever draws it. How they are read is in `variables.ts`. */
import type { JsonObject } from "./json";

export interface VariableOption {
  readonly text: string;
  readonly value: string;
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  /** `text` is typed, `choice` is chosen; `fixed` is neither, and not shown. */
  readonly kind: "choice" | "text" | "fixed";
  readonly options: readonly VariableOption[];
  readonly multi: boolean;
  /** What holds where the viewer has chosen nothing. */
  readonly stored: readonly string[];
}

export interface Scope {
  readonly variables: readonly Variable[];
  readonly valuesOf: (name: string) => readonly string[];
  /** A text with the values of variables; what is no variable stays as it is. */
  readonly fillText: (text: string) => string;
  /** A widget with its texts and queries filled in; the same object where there is nothing to fill. */
  readonly fillWidget: (widget: JsonObject) => JsonObject;
}
