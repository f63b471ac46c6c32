/** Sets the colour scheme before the first paint, so that no page flashes in the wrong one. */
(() => {
  let scheme = "auto";
  try {
    scheme = localStorage.getItem("coboard-color-scheme") || "auto";
  } catch {
    // Storage is refused in some private windows; the system's scheme is right then.
  }
  const dark = scheme === "dark" || (scheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
