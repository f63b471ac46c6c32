/** Words: Markdown, HTML made safe, or plain text. */
import { TextIcon } from "lucide-react";
import { useMemo } from "react";
import { asString, at, type JsonObject } from "../data/json";
import { Message } from "./Message";
import { renderHtml, renderMarkdown } from "./markdown";
import styles from "./TextWidget.module.css";

export default function TextWidget({ json }: { readonly json: JsonObject }) {
  const content = asString(at(json, "options", "content")) ?? asString(json.content) ?? "";
  const mode = asString(at(json, "options", "mode")) ?? asString(json.mode) ?? "markdown";
  const html = useMemo(
    () => (mode === "html" ? renderHtml(content) : mode === "markdown" ? renderMarkdown(content) : null),
    [content, mode],
  );
  if (content.trim() === "") return <Message icon={<TextIcon size={14} />} headline="No text yet." />;
  if (html === null) return <div className={`${styles.text} ${styles.plain}`}>{content}</div>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by DOMPurify in markdown.ts
  return <div className={styles.text} dangerouslySetInnerHTML={{ __html: html }} />;
}
