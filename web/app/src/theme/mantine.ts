/** Mantine dressed in our tokens: its own palette is never seen. */
import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from "@mantine/core";

/** Ten times the same variable: the scheme decides the colour, not the shade. */
const accent = Array.from({ length: 10 }, () => "var(--accent)") as unknown as MantineColorsTuple;

export const theme = createTheme({
  fontFamily: "var(--font-text)",
  fontFamilyMonospace: "var(--font-code)",
  primaryColor: "accent",
  colors: { accent },
  defaultRadius: "6px",
  cursorType: "pointer",
  respectReducedMotion: true,
  // An element of a menu that can have the focus and is no item of it is nothing that can be read.
  components: { Menu: { defaultProps: { withInitialFocusPlaceholder: false } } },
  fontSizes: { xs: "11px", sm: "13px", md: "13px", lg: "15px", xl: "20px" },
  headings: { fontFamily: "var(--font-text)", fontWeight: "600" },
});

export const cssVariablesResolver: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--page)",
    "--mantine-color-text": "var(--text)",
    "--mantine-color-dimmed": "var(--muted)",
    "--mantine-color-placeholder": "var(--faint)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-error": "var(--problem)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-primary-color-filled": "var(--accent)",
    "--mantine-primary-color-filled-hover": "var(--accent-hover)",
    "--mantine-primary-color-contrast": "var(--accent-text)",
    "--mantine-line-height": "20px",
  };
  return { variables: {}, light: shared, dark: shared };
};

/** The key is read by `public/theme.js` before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "coboard-color-scheme" });
