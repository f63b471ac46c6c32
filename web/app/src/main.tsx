/** Entry point: styles, client, routes. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./theme/mantineStyles";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/mantine.css";
import { App } from "./App";
import { recoverIdentity } from "./identity/identity";
import { keepApplication } from "./worker/register";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has an element #root");
await recoverIdentity();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
keepApplication();
