/** The one client of this tab. */
import { createClient } from "@coboard/client";
import { openToken } from "./identity/identity";

export const client = createClient({ url: location.origin, token: openToken, sharedConnection: true });
