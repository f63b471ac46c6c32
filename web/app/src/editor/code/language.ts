/** The grammars of our editors, each fetched when it is first needed. */
import type { Extension } from "@codemirror/state";

export type Language = "markdown" | "json" | "sql" | "plain";

export async function languageOf(language: Language): Promise<Extension> {
  switch (language) {
    case "markdown":
      return (await import("@codemirror/lang-markdown")).markdown();
    case "json":
      return (await import("@codemirror/lang-json")).json();
    case "sql":
      return (await import("@codemirror/lang-sql")).sql();
    case "plain":
      return [];
  }
}
