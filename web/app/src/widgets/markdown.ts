/** Markdown and HTML of text widgets to safe HTML. Fetched with the first text widget. */
import DOMPurify from "dompurify";
import { marked } from "marked";

const ALLOWED_FORBIDDEN = { FORBID_TAGS: ["style", "form", "iframe"], FORBID_ATTR: ["style"] };

/** Pictures of other sites are not fetched on a reader's behalf: they become links. */
DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node instanceof HTMLAnchorElement) {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
  if (node instanceof HTMLImageElement && !isLocal(node.getAttribute("src") ?? "")) {
    const link = document.createElement("a");
    link.href = node.src;
    link.textContent = node.alt || node.src;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    node.replaceWith(link);
  }
});

function isLocal(source: string): boolean {
  return source.startsWith("data:image/") || (source.startsWith("/") && !source.startsWith("//"));
}

export function renderMarkdown(text: string): string {
  return renderHtml(marked.parse(text, { async: false, gfm: true, breaks: false }));
}

export function renderHtml(html: string): string {
  return DOMPurify.sanitize(html, ALLOWED_FORBIDDEN);
}
