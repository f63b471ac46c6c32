/** Has the browser keep the application, where it can. Nobody waits for it, and nothing fails without it. */
export function keepApplication(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = () =>
    void navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  // What the first page needs comes first.
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
